//===- VariableArguments.cpp - initializers, regularizers and constraints --------===//

#include "../VariableClasses.h"
#include "Layers.h"

#include "sepconv/IR/Variable.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using json::Object;

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
static Attr read(LayerContext &layer, StringRef argument, const json::Value *value) {
  if (!value)
    return {};
  const Object *object = value->getAsObject();
  StringRef name =
      object ? object->getString("class_name").value_or("") : value->getAsString().value_or("");
  MLIRContext *context = layer.builder.getContext();
  auto defaults = attributeNamed<Attr>(context, name);
  if (!defaults) {
    layer.unsupported(argument, "one of " + join(classNames<Attr>(), ", "));
    return {};
  }
  const Object none, *config = object ? object->getObject("config") : &none;
  Layer inner;
  inner.path = layer.layer.path;
  inner.className = name.str();
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
  result.initializer = read<InitializerAttr>(*this, name, value ? value : &otherwise);
  name = (prefix + "_regularizer").str();
  result.regularizer = read<RegularizerAttr>(*this, name, argument(name));
  name = (prefix + "_constraint").str();
  result.constraint = read<ConstraintAttr>(*this, name, argument(name));
  return result;
}

RegularizerAttr LayerContext::activityRegularizer(RankedTensorType output) {
  StringRef name = "activity_regularizer";
  // A layer that does nothing else: its arguments are those of the regularizer.
  bool isAll = layer.className == "ActivityRegularization";
  json::Value own(Object{{"class_name", "L1L2"}, {"config", Object(*layer.config)}});
  auto regularizer = read<RegularizerAttr>(*this, name, isAll ? &own : argument(name));
  if (!regularizer || regularizer.is("l1_l2"))
    return regularizer;
  // Orthogonal: pairs of samples, or of units.
  unsigned dim = regularizer.choice("mode") == "rows" ? 0 : 1;
  if (output.getRank() != 2)
    error(name) << "an orthogonal regularizer is for an output of rank 2, found shape "
                << shown(output.getShape());
  else if (isBatchDynamic())
    error(name) << "an orthogonal regularizer compares the samples of a batch, which must not be "
                   "dynamic";
  else if (output.getDimSize(dim) < 2)
    error(name) << "an orthogonal regularizer is for two " << regularizer.choice("mode")
                << " or more, found shape " << shown(output.getShape());
  else
    return regularizer;
  return {};
}
