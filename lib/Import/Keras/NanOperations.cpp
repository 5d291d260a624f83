//===- NanOperations.cpp - keras.ops that leave out what is no number -------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Ordering.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static Value replaceNan(LayerContext &layer, Value value, double number) {
  if (!isa<FloatType>(ops::elementOf(value)))
    return value;
  Value other = layer.splat({}, ops::elementOf(value), number);
  return ops::select(layer, ops::apply(layer, "isnan", value), other, value);
}

/// Infinity becomes the greatest number unless there is another one for it.
static Value nanToNumber(LayerContext &layer, Value input, double nan, std::optional<double> least,
                         std::optional<double> most) {
  Value value = replaceNan(layer, input, nan);
  auto type = dyn_cast<FloatType>(ops::elementOf(value));
  if (!type)
    return value;
  double greatest = APFloat::getLargest(type.getFloatSemantics()).convertToDouble();
  for (auto [function, end] : {std::pair(StringRef("isneginf"), least.value_or(-greatest)),
                               {"isposinf", most.value_or(greatest)}})
    value =
        ops::select(layer, ops::apply(layer, function, input), layer.splat({}, type, end), value);
  return value;
}

static Value importNanToNumber(LayerContext &layer) {
  double nan = layer.number("nan", 0.0);
  auto end = [&](StringRef name) -> std::optional<double> {
    return layer.argument(name) ? std::optional(layer.number(name, 0.0)) : std::nullopt;
  };
  std::optional<double> least = end("neginf"), most = end("posinf");
  return layer.ready() ? nanToNumber(layer, layer.input(), nan, least, most) : Value();
}

/// Whether all elements along these dimensions are NaN; null of integers, which never are.
static Value allNan(LayerContext &layer, ArrayRef<int64_t> dims, bool keepDims) {
  if (!isa<FloatType>(ops::elementOf(layer.input())))
    return {};
  Value isNan = ops::apply(layer, "isnan", layer.input());
  return ops::reduce(layer, isNan, dims, keepDims, ops::Reduction::All);
}

/// The number where the condition, if there is one, is true.
static Value nanWhere(LayerContext &layer, Value condition, Value value, double number) {
  if (!condition || !value)
    return value;
  return ops::select(layer, condition, layer.splat({}, ops::elementOf(value), number), value);
}

/// A reduction in which NaN stands for a number that changes nothing.
static ImportLayer withoutNan(ops::Reduction kind, double neutral) {
  return [kind, neutral](LayerContext &layer) -> Value {
    auto dims = layer.axes("axis");
    bool keepDims = layer.boolean("keepdims", false);
    if (!layer.ready())
      return {};
    Value result =
        ops::reduce(layer, replaceNan(layer, layer.input(), neutral), *dims, keepDims, kind);
    // Of nothing there is no greatest number.
    bool isExtremum = kind == ops::Reduction::Max || kind == ops::Reduction::Min;
    return isExtremum ? nanWhere(layer, allNan(layer, *dims, keepDims), result,
                                 std::numeric_limits<double>::quiet_NaN())
                      : result;
  };
}

/// The mean of those that are numbers, or their variance.
static Value meanWithoutNan(LayerContext &layer, bool isVariance) {
  auto dims = layer.axes("axis");
  bool keepDims = layer.boolean("keepdims", false);
  if (!layer.ready())
    return {};
  Type element = layer.computeType();
  Value value = ops::convertTo(layer, layer.input(), element);
  Value isNumber = ops::apply(layer, "logical_not", ops::apply(layer, "isnan", value));
  Value count = ops::convertTo(
      layer, ops::reduce(layer, isNumber, *dims, true, ops::Reduction::Sum), element);
  auto mean = [&](Value of, bool keep) -> Value {
    Value sum = ops::reduce(layer, replaceNan(layer, of, 0), *dims, true, ops::Reduction::Sum);
    Value result = ops::apply(layer, "divide", {sum, count});
    return keep ? result : ops::squeeze(layer, result, *dims);
  };
  if (!isVariance)
    return mean(value, keepDims);
  return mean(ops::apply(layer, "squared_difference", {value, mean(value, true)}), keepDims);
}

template <bool isVariance, bool isRoot> static Value importMeanWithoutNan(LayerContext &layer) {
  Value result = meanWithoutNan(layer, isVariance);
  return result && isRoot ? ops::apply(layer, "sqrt", result) : result;
}

/// Where the greatest or least number is, -1 where there is none.
template <bool isMax> static Value importExtremum(LayerContext &layer) {
  auto dims = layer.axes("axis");
  bool keepDims = layer.boolean("keepdims", false), isAll = !layer.argument("axis");
  if (!layer.ready() || (isAll && !layer.keepsBatch(false)))
    return {};
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Value value = replaceNan(layer, layer.input(), isMax ? -infinity : infinity);
  int64_t dim = isAll ? 0 : dims->front();
  if (isAll)
    value = ops::reshape(layer, value, ShapedType::getNumElements(layer.shape()));
  Value index = ops::extremumIndex(layer, value, dim, keepDims && !isAll, isMax, /*isLast=*/false,
                                   layer.builder.getI32Type());
  if (isAll && keepDims)
    index = ops::reshape(layer, index, SmallVector<int64_t>(layer.shape().size(), 1));
  return nanWhere(layer, allNan(layer, *dims, keepDims), index, -1);
}

template <bool isProduct> static Value importCumulative(LayerContext &layer) {
  if (layer.argument("dtype"))
    layer.unsupported("dtype", "null");
  bool isAll = !layer.argument("axis");
  int64_t axis = isAll ? 0 : layer.integer("axis", anyInteger);
  if (!layer.ready() || (isAll && !layer.keepsBatch(false)))
    return {};
  Value value = nanToNumber(layer, layer.input(), isProduct, {}, {});
  if (isAll)
    value = ops::reshape(layer, value, ShapedType::getNumElements(layer.shape()));
  auto dim = static_cast<ops::TensorBuilder &>(layer).dimension(value, "axis", axis);
  return dim ? ops::cumulative(layer, value, *dim, isProduct, /*isExclusive=*/false,
                               /*isReverse=*/false)
             : Value();
}

ArrayRef<LayerClass> sepconv::keras::nanOperations() {
  using R = ops::Reduction;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  static const std::vector<StringRef> axes{"axis", "keepdims"}, cumulative{"axis", "dtype"};
  static const LayerClass table[] = {
      {"NanToNum", importNanToNumber, {"nan", "posinf", "neginf"}},
      {"Nanargmax", importExtremum<true>, axes},
      {"Nanargmin", importExtremum<false>, axes},
      {"Nancumprod", importCumulative<true>, cumulative},
      {"Nancumsum", importCumulative<false>, cumulative},
      {"Nanmax", withoutNan(R::Max, -infinity), axes},
      {"Nanmean", importMeanWithoutNan<false, false>, axes},
      {"Nanmin", withoutNan(R::Min, infinity), axes},
      {"Nanprod", withoutNan(R::Product, 1), axes},
      {"Nanstd", importMeanWithoutNan<true, true>, axes},
      {"Nansum", withoutNan(R::Sum, 0), axes},
      {"Nanvar", importMeanWithoutNan<true, false>, axes},
  };
  return table;
}
