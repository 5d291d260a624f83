//===- Variable.h - what variables are made of and by which rules ----------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

namespace mlir::sepconv {

/// A parameter of an initializer, a regularizer or a constraint. Names and defaults are Keras's.
struct VariableParameter {
  enum Type { Number, NonNegative, Positive, Choice, Axes, OptionalAxes, OptionalInteger };
  StringRef name;
  Type type = Number;
  double otherwise = 0;             // of a number
  ArrayRef<StringRef> choices = {}; // the first is the default
};

using ReportError = llvm::function_ref<InFlightDiagnostic()>;

/// A kind of initializer, regularizer or constraint.
struct VariableKind {
  StringRef name;
  std::vector<VariableParameter> parameters;

  /// Null if there is none of that name.
  static const VariableKind *find(ArrayRef<VariableKind> kinds, StringRef name);
  static std::string namesOf(ArrayRef<VariableKind> kinds);
  static LogicalResult verify(ReportError error, ArrayRef<VariableKind> kinds, StringAttr name,
                              DictionaryAttr parameters);
};

/// The value that a parameter has if nothing is said of it; null if it is then absent.
Attribute defaultOf(const VariableParameter &parameter, MLIRContext *context);

/// The dimensions that axes stand for, which count from the end if they are negative; nothing if
/// one is none of the tensor's, or one is there twice.
std::optional<SmallVector<int64_t>> dimensionsOf(ArrayRef<int64_t> axes, int64_t rank);

// Rules V2 to V4: whether they fit a variable of this shape.
LogicalResult checkInitializer(ReportError error, InitializerAttr attr, ArrayRef<int64_t> shape);
LogicalResult checkRegularizer(ReportError error, RegularizerAttr attr, ArrayRef<int64_t> shape);
LogicalResult checkConstraint(ReportError error, ConstraintAttr attr, ArrayRef<int64_t> shape);

} // namespace mlir::sepconv
