//===- MoveConstants.h - moves the elements of constants -------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// Says which element of a constant stands at a place of the result; false where a zero does.
using Source = llvm::function_ref<bool(ArrayRef<int64_t> at, MutableArrayRef<int64_t> from)>;

/// A constant of this shape made of the elements of `value`; null if that is no constant.
Value moveConstant(TensorBuilder &b, Value value, ArrayRef<int64_t> shape, Source source);

/// A constant of the nearest numbers of a float type, however large it is; null if `value` is no
/// constant of floats.
Value convertConstant(TensorBuilder &b, Value value, FloatType element);

} // namespace mlir::sepconv::ops
