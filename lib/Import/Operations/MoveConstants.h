//===- MoveConstants.h - moves the elements of constants -------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// Says which element of a constant stands at a place of the result; false where a zero does.
using Source = llvm::function_ref<bool(ArrayRef<int64_t> at, MutableArrayRef<int64_t> from)>;

/// A constant of this shape made of the elements of `value`; null if that is no constant.
Value moveConstant(TensorBuilder &b, Value value, ArrayRef<int64_t> shape, Source source);

} // namespace mlir::sepconv::ops
