//===- Normalization.h - means and deviations taken out --------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// gamma * (value - mean) / sqrt(variance + epsilon) + beta with vectors along `dim`.
Value batchNorm(TensorBuilder &b, Value value, Value gamma, Value beta, Value mean, Value variance,
                int64_t dim, double epsilon);

/// (value - mean) / sqrt(variance + epsilon) of the elements along `dims`, sorted.
Value standardize(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, double epsilon);
/// The same of each of `groups` equal parts of dimension `dim`, over it and all others but the
/// batch.
Value standardizeGroups(TensorBuilder &b, Value value, int64_t dim, int64_t groups, double epsilon);
/// value / sqrt(mean(value^2) + epsilon)
Value rmsNorm(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, double epsilon);
/// value / max(norm, epsilon) with the norm of order 1 or 2.
Value unitNorm(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, unsigned order,
               double epsilon);
/// value / (bias + alpha / size * sum of squares)^beta, the sum over `size` neighbours along `dim`.
Value localResponseNorm(TensorBuilder &b, Value value, int64_t dim, int64_t size, double alpha,
                        double beta, double bias);

/// value * gamma + beta, whose dimensions are `dims` of the value, sorted; null ones are 1 and 0.
Value scaleAlong(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, Value gamma, Value beta);

/// max(sqrt(variance), least), a constant if the variance is one.
Value deviation(TensorBuilder &b, Value variance, float least);
/// (value - mean) / deviation, or back; both have the dimensions `dims` of the value, where a size
/// of 1 stands for all.
Value centered(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, Value mean, Value deviation,
               bool invert);

} // namespace mlir::sepconv::ops
