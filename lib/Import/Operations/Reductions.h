//===- Reductions.h - one number of many -----------------------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

enum class Reduction { Sum, Mean, Max, Min, Product, LogSumExp, L1, L2, Any, All };

/// Over these dimensions, sorted, which keep the size 1 or go.
Value reduce(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, bool keepDims, Reduction kind);
/// The mean of the squared distances from the mean.
Value variance(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, bool keepDims);

/// exp(x) over the sum of all of them along these dimensions, sorted.
Value softmax(TensorBuilder &b, Value value, ArrayRef<int64_t> dims);
Value logSoftmax(TensorBuilder &b, Value value, ArrayRef<int64_t> dims);

/// The sum of products over the dimensions that `result` does not name: one letter for each
/// dimension, as in einsum("bqd,bkd->bqk").
Value contract(TensorBuilder &b, Value left, StringRef leftNames, Value right, StringRef rightNames,
               StringRef resultNames);
/// The matrix product of NumPy: of the last two dimensions, broadcast over those before them.
Value matmul(TensorBuilder &b, Value left, Value right);

} // namespace mlir::sepconv::ops
