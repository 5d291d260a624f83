//===- Variable.cpp - the rules of variables -------------------------------------===//
//
// The rules V1, V2, ... are those of dialect/README.md.
//
//===----------------------------------------------------------------------===//

#include "sepconv/IR/Variable.h"

using namespace mlir;
using namespace mlir::sepconv;

std::optional<SmallVector<int64_t>> sepconv::dimensionsOf(ArrayRef<int64_t> axes, int64_t rank) {
  SmallVector<int64_t> dimensions;
  for (int64_t axis : axes) {
    int64_t dimension = axis < 0 ? axis + rank : axis;
    if (dimension < 0 || dimension >= rank || llvm::is_contained(dimensions, dimension))
      return std::nullopt;
    dimensions.push_back(dimension);
  }
  return dimensions;
}

static InFlightDiagnostic &operator<<(InFlightDiagnostic &diag, ArrayRef<int64_t> numbers) {
  diag << "[";
  llvm::interleaveComma(numbers, diag);
  return diag << "]";
}

static LogicalResult checkRank(ReportError error, StringRef rule, StringRef kind, bool fits,
                               StringRef expected, ArrayRef<int64_t> shape) {
  if (fits)
    return success();
  InFlightDiagnostic diag = error();
  diag << rule << ": " << kind << " requires a variable of " << expected << ", got shape ";
  return diag << shape;
}

static LogicalResult checkAxes(ReportError error, StringRef rule, StringRef name,
                               ArrayRef<int64_t> axes, ArrayRef<int64_t> shape) {
  if (dimensionsOf(axes, shape.size()))
    return success();
  InFlightDiagnostic diag = error();
  diag << rule << ": " << name << " must be dimensions of the shape ";
  return diag << shape << ", each once, got " << axes;
}

LogicalResult sepconv::checkInitializer(ReportError error, InitializerAttr initializer,
                                        ArrayRef<int64_t> shape) {
  if (initializer.is("orthogonal"))
    return checkRank(error, "V2", "orthogonal", shape.size() >= 2, "rank 2 or more", shape);
  if (initializer.is("identity"))
    return checkRank(error, "V2", "identity", shape.size() == 2, "rank 2", shape);
  for (StringRef name : {"input_axes", "output_axes"})
    if (DenseI64ArrayAttr axes = initializer.axes(name))
      if (failed(checkAxes(error, "V2", name, axes, shape)))
        return failure();
  return success();
}

LogicalResult sepconv::checkRegularizer(ReportError error, RegularizerAttr regularizer,
                                        ArrayRef<int64_t> shape) {
  if (!regularizer.is("orthogonal"))
    return success();
  return checkRank(error, "V3", "orthogonal", shape.size() == 2, "rank 2", shape);
}

LogicalResult sepconv::checkConstraint(ReportError error, ConstraintAttr constraint,
                                       ArrayRef<int64_t> shape) {
  DenseI64ArrayAttr axes = constraint.axes("axis");
  return axes ? checkAxes(error, "V4", "axis", axes, shape) : success();
}

LogicalResult VariableOp::verify() {
  auto type = cast<RankedTensorType>(getValue().getType());
  auto error = [&] { return emitOpError(); };
  if (getName().empty() || !type.hasStaticShape() || llvm::is_contained(type.getShape(), 0))
    return error() << "V1: a variable must have a name and a static shape without zeros, got '"
                   << getName() << "' and " << type;
  ArrayRef<int64_t> shape = type.getShape();
  if (getInitializerAttr() && failed(checkInitializer(error, getInitializerAttr(), shape)))
    return failure();
  if (getRegularizerAttr() && failed(checkRegularizer(error, getRegularizerAttr(), shape)))
    return failure();
  return getConstraintAttr() ? checkConstraint(error, getConstraintAttr(), shape) : success();
}
