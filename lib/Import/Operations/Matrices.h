//===- Matrices.h - equations of matrices -----------------------------------------===//
//
// The matrices are the last two dimensions of a tensor, for all elements of the others. Each step
// of an elimination is operations of its own, so that a matrix has at most 32 rows.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// The triangular matrix whose product with its transpose is a positive definite one, below the
/// diagonal or above it.
Value cholesky(TensorBuilder &b, Value matrix, bool isUpper);
/// The inverse of the matrix of which this is such a factor.
Value choleskyInverse(TensorBuilder &b, Value factor, bool isUpper);

/// x of matrix * x = right, by elimination of rows in the order of the greatest pivots.
Value solve(TensorBuilder &b, Value matrix, Value right);
/// The same of what is on and below the diagonal, or on and above it.
Value solveTriangular(TensorBuilder &b, Value matrix, Value right, bool isLower);
Value inverse(TensorBuilder &b, Value matrix);

/// A determinant as its sign and the logarithm of its magnitude, or as one number.
std::pair<Value, Value> logDeterminant(TensorBuilder &b, Value matrix);
Value determinant(TensorBuilder &b, Value matrix);

/// The 8 numbers of `projectImage` that take the corners `ends`, [images, 4, 2], to `starts`.
Value homography(TensorBuilder &b, Value starts, Value ends);

} // namespace mlir::sepconv::ops
