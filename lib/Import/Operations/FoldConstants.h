//===- FoldConstants.h - computes what is known ----------------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// A constant where `value` is computed of constants alone, by operations that MLIR can fold for
/// single elements; `value` itself otherwise, and where it would take too long.
Value foldConstants(TensorBuilder &b, Value value);

/// The elements of a tensor of integers that is a constant.
std::optional<SmallVector<int64_t>> constantIntegers(Value value);
/// Those of one of numbers.
std::optional<SmallVector<double>> constantNumbers(Value value);

} // namespace mlir::sepconv::ops
