//===- Arguments.cpp - typed access to a layer's arguments -----------------------===//

#include "Layers.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using json::Array;
using json::Object;

/// No layer has a larger size, stride or number of filters; keeps all arithmetic far from overflow.
static constexpr int64_t maxInteger = 1 << 24;

LayerContext::LayerContext(Problems &problems, Weights &weights, OpBuilder &builder,
                           const Layer &layer, ArrayRef<mlir::Value> inputs, bool keras2)
    : TensorBuilder(builder, NameLoc::get(builder.getStringAttr(layer.path))), problems(problems),
      layer(layer), keras2(keras2), weights(weights), inputs(inputs),
      inputsKnown(!llvm::is_contained(inputs, mlir::Value())) {}

InFlightDiagnostic LayerContext::error() {
  wrong = true;
  return problems.error(layer.path, layer.className);
}

InFlightDiagnostic LayerContext::error(StringRef argument) {
  return error() << "argument '" << argument << "': ";
}

void LayerContext::unsupported(StringRef name, const Twine &expected) {
  error(name) << "expected " << expected.str() << ", found " << shown(layer.config->get(name));
}

/// Null and absent mean the same: the default.
const json::Value *LayerContext::argument(StringRef name) const {
  const json::Value *value = layer.config->get(name);
  return value && !value->getAsNull() ? value : nullptr;
}

/// The items of a list or tuple; null if `value` is none.
static const Array *listOf(const json::Value &value) {
  if (const Object *object = value.getAsObject())
    if (object->getString("class_name") == "__tuple__")
      return object->getArray("items");
  return value.getAsArray();
}

static std::optional<int64_t> integerOf(const json::Value &value, int64_t least) {
  std::optional<int64_t> result = value.getAsInteger();
  return result && *result >= least && *result <= maxInteger ? result : std::nullopt;
}

/// Of a number that is none of those, or one that is too large.
static std::string range(int64_t least, const json::Value *value) {
  std::optional<int64_t> number = value ? value->getAsInteger() : std::nullopt;
  if (number && *number > maxInteger)
    return "at most " + std::to_string(maxInteger);
  if (least == anyInteger)
    return "an integer";
  if (least == 0 || least == 1)
    return least ? "a positive integer" : "an integer of at least 0";
  return "an integer of at least " + std::to_string(least);
}

bool LayerContext::boolean(StringRef name, bool otherwise) {
  const json::Value *value = argument(name);
  if (!value)
    return otherwise;
  if (std::optional<bool> result = value->getAsBoolean())
    return *result;
  unsupported(name, "true or false");
  return otherwise;
}

int64_t LayerContext::integer(StringRef name, int64_t least, std::optional<int64_t> otherwise) {
  const json::Value *value = argument(name);
  if (!value && otherwise)
    return *otherwise;
  if (std::optional<int64_t> result = value ? integerOf(*value, least) : std::nullopt)
    return *result;
  unsupported(name, range(least, value));
  return otherwise.value_or(least);
}

double LayerContext::number(StringRef name, std::optional<double> otherwise) {
  const json::Value *value = argument(name);
  if (!value && otherwise)
    return *otherwise;
  std::optional<double> result = value ? value->getAsNumber() : std::nullopt;
  if (result && std::isfinite(*result))
    return *result;
  unsupported(name, "a number");
  return otherwise.value_or(0);
}

SmallVector<int64_t> LayerContext::integers(StringRef name, int64_t least,
                                            std::optional<int64_t> otherwise) {
  const json::Value *value = argument(name);
  if (!value && otherwise)
    return {*otherwise};
  SmallVector<int64_t> result;
  const Array *list = value ? listOf(*value) : nullptr;
  if (list) {
    for (const json::Value &item : *list)
      if (std::optional<int64_t> number = integerOf(item, least))
        result.push_back(*number);
    if (result.size() == list->size())
      return result;
  } else if (std::optional<int64_t> number = value ? integerOf(*value, least) : std::nullopt) {
    return {*number};
  }
  unsupported(name, range(least, value) + " or a list of them");
  // As many as there are: their number is another question.
  return SmallVector<int64_t>(list ? list->size() : 1, otherwise.value_or(least));
}

SmallVector<int64_t, 2> LayerContext::spatial(StringRef name, size_t count, int64_t least,
                                              std::optional<SmallVector<int64_t, 2>> otherwise) {
  const json::Value *value = argument(name);
  if (!value && otherwise)
    return *otherwise;
  SmallVector<int64_t> values = integers(name, least, std::nullopt);
  if (values.size() == 1 && !(value && listOf(*value)))
    return SmallVector<int64_t, 2>(count, values[0]);
  if (values.size() == count)
    return SmallVector<int64_t, 2>(values.begin(), values.end());
  unsupported(name, count == 1 ? "one integer" : "one or two integers");
  return SmallVector<int64_t, 2>(count, least);
}

StringRef LayerContext::choice(StringRef name, ArrayRef<StringRef> allowed, StringRef otherwise) {
  const json::Value *value = argument(name);
  if (!value)
    return otherwise;
  // Keras takes "SAME" for "same".
  std::string text = value->getAsString().value_or("").lower();
  const StringRef *found = llvm::find(allowed, text);
  if (found != allowed.end())
    return *found;
  std::string names;
  for (StringRef item : allowed)
    names += (names.empty() ? "" : item == allowed.back() ? " or " : ", ") + quoted(item);
  unsupported(name, names);
  return otherwise;
}

DataFormat LayerContext::dataFormat() {
  StringRef format = choice("data_format", {"channels_last", "channels_first"}, "channels_last");
  return format == "channels_last" ? DataFormat::NHWC : DataFormat::NCHW;
}

Activation LayerContext::activation(StringRef name) {
  return readActivation(*this, name, argument(name));
}
