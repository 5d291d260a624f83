//===- VariableKinds.cpp - initializers, regularizers, constraints --------------===//

#include "sepconv/IR/Variable.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

using Parameter = VariableParameter;

ArrayRef<VariableKind> InitializerAttr::kinds() {
  static constexpr StringRef modes[] = {"fan_in", "fan_out", "fan_avg"};
  static constexpr StringRef distributions[] = {"truncated_normal", "untruncated_normal",
                                                "uniform"};
  static const Parameter seed{"seed", Parameter::OptionalInteger};
  static const Parameter mean{"mean"}, stddev{"stddev", Parameter::NonNegative, 0.05};
  static const VariableKind kinds[] = {
      {"constant", {{"value"}}},
      {"random_uniform",
       {{"minval", Parameter::Number, -0.05}, {"maxval", Parameter::Number, 0.05}, seed}},
      {"random_normal", {mean, stddev, seed}},
      {"truncated_normal", {mean, stddev, seed}},
      {"variance_scaling",
       {{"scale", Parameter::Positive, 1},
        {"mode", Parameter::Choice, 0, modes},
        {"distribution", Parameter::Choice, 0, distributions},
        {"input_axes", Parameter::OptionalAxes},
        {"output_axes", Parameter::OptionalAxes},
        seed}},
      {"orthogonal", {{"gain", Parameter::Number, 1}, seed}},
      {"identity", {{"gain", Parameter::Number, 1}}},
  };
  return kinds;
}

ArrayRef<VariableKind> RegularizerAttr::kinds() {
  static constexpr StringRef modes[] = {"rows", "columns"};
  static const VariableKind kinds[] = {
      {"l1_l2", {{"l1", Parameter::NonNegative}, {"l2", Parameter::NonNegative}}},
      {"orthogonal",
       {{"factor", Parameter::NonNegative, 0.01}, {"mode", Parameter::Choice, 0, modes}}},
  };
  return kinds;
}

ArrayRef<VariableKind> ConstraintAttr::kinds() {
  static const Parameter axis{"axis", Parameter::Axes};
  static const VariableKind kinds[] = {
      {"max_norm", {{"max_value", Parameter::NonNegative, 2}, axis}},
      {"non_neg", {}},
      {"unit_norm", {axis}},
      {"min_max_norm",
       {{"min_value", Parameter::NonNegative, 0},
        {"max_value", Parameter::NonNegative, 1},
        {"rate", Parameter::Number, 1},
        axis}},
  };
  return kinds;
}

Attribute sepconv::defaultOf(const Parameter &parameter, MLIRContext *context) {
  Builder b(context);
  switch (parameter.type) {
  case Parameter::Choice:
    return b.getStringAttr(parameter.choices.front());
  case Parameter::Axes:
    return b.getDenseI64ArrayAttr({0});
  case Parameter::OptionalAxes:
  case Parameter::OptionalInteger:
    return {};
  default:
    return b.getF64FloatAttr(parameter.otherwise);
  }
}

const VariableKind *VariableKind::find(ArrayRef<VariableKind> kinds, StringRef name) {
  const VariableKind *kind = llvm::find_if(kinds, [&](auto &k) { return k.name == name; });
  return kind == kinds.end() ? nullptr : kind;
}

std::string VariableKind::namesOf(ArrayRef<VariableKind> kinds) {
  return llvm::join(llvm::map_range(kinds, [](auto &kind) { return kind.name; }), ", ");
}

/// What is asked of the value of a parameter beyond its type; empty if it is that.
static std::string expectedValue(const Parameter &parameter, Attribute value) {
  auto number = dyn_cast_or_null<FloatAttr>(value);
  if (number && !number.getValue().isFinite())
    return "a finite number";
  if (parameter.type == Parameter::NonNegative && number.getValueAsDouble() < 0)
    return "a number of at least 0";
  if (parameter.type == Parameter::Positive && number.getValueAsDouble() <= 0)
    return "a number above 0";
  if (parameter.type == Parameter::Choice &&
      !llvm::is_contained(parameter.choices, cast<StringAttr>(value).getValue()))
    return llvm::join(parameter.choices, " or ");
  return "";
}

LogicalResult VariableKind::verify(ReportError error, ArrayRef<VariableKind> kinds, StringAttr name,
                                   DictionaryAttr parameters) {
  for (const Parameter &parameter : find(kinds, name)->parameters) {
    std::string expected = expectedValue(parameter, parameters.get(parameter.name));
    if (!expected.empty())
      return error() << "parameter '" << parameter.name << "': expected " << expected;
  }
  return success();
}
