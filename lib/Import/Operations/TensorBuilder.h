//===- TensorBuilder.h - where an importer puts operations -----------------------===//
//
// What an operation means is said once, by the functions of this folder: they build `linalg`,
// `tensor` and `sepconv` operations on tensors, and know nothing of the format that a model comes
// from. A format reads its files, and calls them. They return null after reporting what is wrong,
// and for a null value, so that calls can be nested.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

#include <optional>

namespace mlir::sepconv::ops {

/// Where operations go, and how a format reports a problem of the one that it reads.
class TensorBuilder {
public:
  TensorBuilder(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}
  virtual ~TensorBuilder() = default;

  virtual InFlightDiagnostic error() = 0;
  /// A problem of the argument or attribute that the format calls so.
  virtual InFlightDiagnostic error(StringRef argument) = 0;

  /// Whether the function is for one image of a batch, whose images must not mix.
  bool isBatchDynamic() const;
  /// False after reporting if a tensor of this shape would be too large or empty. What is dynamic
  /// is neither.
  bool fits(ArrayRef<int64_t> shape);
  /// Whether dimensions of two tensors have the same size; of dynamic ones, for all that they can
  /// be.
  bool isSameSize(Value left, int64_t leftDim, Value right, int64_t rightDim);
  /// The dimension of `value` that a possibly negative axis stands for.
  std::optional<int64_t> dimension(Value value, StringRef argument, int64_t axis);
  /// Those that a list of axes stands for, sorted; all of them if there is no list.
  std::optional<SmallVector<int64_t>> dimensions(Value value, StringRef argument,
                                                 std::optional<ArrayRef<int64_t>> axes);

  /// A constant of float32, or of the nearest numbers of another type.
  Value constant(ArrayRef<int64_t> shape, ArrayRef<float> values, Type element = {});
  /// Null where there is no type, that of a null value.
  Value splat(ArrayRef<int64_t> shape, Type element, double value);

  OpBuilder &builder;
  Location loc;
};

inline RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }
inline ArrayRef<int64_t> shapeOf(Value value) { return typeOf(value).getShape(); }
/// Null for a null value.
inline Type elementOf(Value value) { return value ? typeOf(value).getElementType() : Type(); }
inline bool isDynamic(Value value) { return !typeOf(value).hasStaticShape(); }
inline int64_t rankOf(Value value) { return typeOf(value).getRank(); }

/// The nearest number of a float or integer type: of infinity the greatest integer.
Value number(OpBuilder &builder, Location loc, Type type, double value);

/// False after reporting integers, and of a null value, of which it is reported already.
bool areFloats(TensorBuilder &b, ArrayRef<Value> values);

/// Zero, minus infinity and the like as the beginning of a reduction.
Value filled(TensorBuilder &b, ArrayRef<int64_t> shape, Type element, double value);

} // namespace mlir::sepconv::ops
