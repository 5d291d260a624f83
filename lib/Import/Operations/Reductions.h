//===- Reductions.h - one number of many -----------------------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

enum class Reduction { Sum, Mean, Max, Min, Product, LogSumExp, L1, L2, Any, All };

/// A reduction that starts as `start`; the result has the dimensions that are left. Of the
/// operands, which have the first one's rank, those dimensions that have a size of 1 stand for all
/// of its. The body has an element of each, and the number so far.
Value fold(TensorBuilder &b, ArrayRef<Value> operands, ArrayRef<int64_t> dims, Type element,
           double start, llvm::function_ref<Value(OpBuilder &, Location, ValueRange)> body);
/// Over these dimensions, sorted, which keep the size 1 or go.
Value reduce(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, bool keepDims, Reduction kind);
/// Where the greatest or the least element along a dimension is, as elements of type `index`: the
/// first one of several, or the last.
Value extremumIndex(TensorBuilder &b, Value value, int64_t dim, bool keepDims, bool isMax,
                    bool isLast, Type index);
/// The mean of the squared distances from the mean.
Value variance(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, bool keepDims);

/// exp(x) over the sum of all of them along these dimensions, sorted.
Value softmax(TensorBuilder &b, Value value, ArrayRef<int64_t> dims);
Value logSoftmax(TensorBuilder &b, Value value, ArrayRef<int64_t> dims);

/// The norm of order `order`, of at least 1, along these dimensions, which keep the size 1.
Value norm(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, double order);

/// The sum of products over the dimensions that `result` does not name: one letter for each
/// dimension, as in einsum("bqd,bkd->bqk").
Value contract(TensorBuilder &b, Value left, StringRef leftNames, Value right, StringRef rightNames,
               StringRef resultNames);
/// The matrix product of NumPy: of the last two dimensions, broadcast over those before them.
Value matmul(TensorBuilder &b, Value left, Value right);
/// alpha * left * right + beta * addend; a null addend is none.
Value affine(TensorBuilder &b, Value left, Value right, Value addend, double alpha, double beta);
/// Einstein's notation for one or two operands, with ellipses; `argument` has the equation.
Value einsum(TensorBuilder &b, ArrayRef<Value> operands, StringRef equation, StringRef argument);

} // namespace mlir::sepconv::ops
