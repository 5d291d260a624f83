//===- VariableArguments.cpp - initializers, regularizers and constraints --------===//

#include "Layers.h"

#include "sepconv/IR/Variable.h"

#include "mlir/AsmParser/AsmParser.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using json::Object;

namespace {

/// A class of Keras, and what it is in the dialect. Its config may say the kind's parameters.
struct KerasClass {
  StringRef name;
  StringRef attribute;
};

} // namespace

static constexpr KerasClass initializers[] = {
    {"Constant", "constant"},
    {"GlorotNormal", "variance_scaling, mode = fan_avg"},
    {"GlorotUniform", "variance_scaling, mode = fan_avg, distribution = uniform"},
    {"HeNormal", "variance_scaling, scale = 2.0"},
    {"HeUniform", "variance_scaling, scale = 2.0, distribution = uniform"},
    {"Identity", "identity"},
    {"IdentityInitializer", "identity"},
    {"LecunNormal", "variance_scaling"},
    {"LecunUniform", "variance_scaling, distribution = uniform"},
    {"Ones", "constant, value = 1.0"},
    {"Orthogonal", "orthogonal"},
    {"OrthogonalInitializer", "orthogonal"},
    {"RandomNormal", "random_normal"},
    {"RandomUniform", "random_uniform"},
    {"TruncatedNormal", "truncated_normal"},
    {"VarianceScaling", "variance_scaling"},
    {"Zeros", "constant"},
    {"normal", "random_normal"},
    {"one", "constant, value = 1.0"},
    {"uniform", "random_uniform"},
    {"zero", "constant"},
};

static constexpr KerasClass regularizers[] = {
    {"L1", "l1_l2, l1 = 0.01"}, {"L1L2", "l1_l2"},
    {"L2", "l1_l2, l2 = 0.01"}, {"OrthogonalRegularizer", "orthogonal"},
    {"l1_l2", "l1_l2"},
};

static constexpr KerasClass constraints[] = {
    {"MaxNorm", "max_norm"},
    {"MinMaxNorm", "min_max_norm"},
    {"NonNeg", "non_neg"},
    {"UnitNorm", "unit_norm"},
};

/// As keras.initializers.get and the like find it: by the class's name or that in snake case.
static const KerasClass *find(ArrayRef<KerasClass> classes, StringRef name) {
  const KerasClass *found = llvm::find_if(
      classes, [&](const KerasClass &c) { return c.name == name || toSnakeCase(c.name) == name; });
  return found == classes.end() ? nullptr : found;
}

/// The value of a parameter that the config has; null after reporting.
static Attribute readParameter(LayerContext &object, const VariableParameter &parameter) {
  Builder &b = object.builder;
  const json::Value *value = object.argument(parameter.name);
  switch (parameter.type) {
  case VariableParameter::Choice:
    return b.getStringAttr(
        object.choice(parameter.name, parameter.choices, parameter.choices.front()));
  case VariableParameter::Axes: // null is all of them
  case VariableParameter::OptionalAxes: {
    SmallVector<int64_t> axes;
    if (value)
      axes = object.integers(parameter.name, std::numeric_limits<int64_t>::min(), std::nullopt);
    return value || parameter.type == VariableParameter::Axes ? b.getDenseI64ArrayAttr(axes)
                                                              : Attribute();
  }
  case VariableParameter::OptionalInteger:
    if (!value)
      return {};
    if (std::optional<int64_t> integer = value->getAsInteger())
      return b.getI64IntegerAttr(*integer);
    object.unsupported(parameter.name, "an integer or null");
    return {};
  default:
    return b.getF64FloatAttr(object.number(parameter.name, parameter.otherwise));
  }
}

/// Reads a name or a serialized object; null after reporting, or if there is none.
template <typename Attr>
static Attr read(LayerContext &layer, StringRef argument, ArrayRef<KerasClass> classes,
                 const json::Value *value) {
  if (!value)
    return {};
  const Object *object = value->getAsObject();
  StringRef name =
      object ? object->getString("class_name").value_or("") : value->getAsString().value_or("");
  const KerasClass *known = find(classes, name);
  if (!known) {
    auto names = llvm::map_range(classes, [](const KerasClass &c) { return c.name; });
    layer.unsupported(argument, "one of " + join(names, ", "));
    return {};
  }
  MLIRContext *context = layer.builder.getContext();
  std::string text = ("#sepconv." + Attr::getMnemonic() + "<" + known->attribute + ">").str();
  auto defaults = cast<Attr>(parseAttribute(text, context));
  const Object none, *config = object ? object->getObject("config") : &none;
  Layer inner;
  inner.path = layer.layer.path;
  inner.className = known->name.str();
  inner.config = config ? config : &none;
  LayerContext reader(layer, inner);
  NamedAttrList parameters(defaults.getParameters());
  for (const VariableParameter &parameter :
       VariableKind::find(Attr::kinds(), defaults.getKind())->parameters)
    if (inner.config->get(parameter.name))
      if (Attribute read = readParameter(reader, parameter))
        parameters.set(parameter.name, read);
  if (reader.isWrong()) {
    layer.markWrong();
    return {};
  }
  return Attr::getChecked([&] { return layer.error(argument); }, context, defaults.getKind(),
                          parameters.getDictionary(context));
}

VariableArguments LayerContext::variable(StringRef prefix, StringRef initializer,
                                         bool isTrainable) {
  VariableArguments result{prefix, {}, {}, {}, isTrainable};
  if (weights.areKnown())
    return result;
  if (!trainable)
    trainable = boolean("trainable", true);
  result.trainable = isTrainable && *trainable;
  std::string name = (prefix + "_initializer").str();
  json::Value otherwise(initializer);
  const json::Value *value = argument(name);
  result.initializer = read<InitializerAttr>(*this, name, initializers, value ? value : &otherwise);
  name = (prefix + "_regularizer").str();
  result.regularizer = read<RegularizerAttr>(*this, name, regularizers, argument(name));
  name = (prefix + "_constraint").str();
  result.constraint = read<ConstraintAttr>(*this, name, constraints, argument(name));
  return result;
}
