//===- Ordering.h - what all elements along a dimension decide -------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// The sum or the product of each element and those before it along a dimension, or after it if
/// `isReverse`; without itself if `isExclusive`.
Value cumulative(TensorBuilder &b, Value value, int64_t dim, bool isProduct, bool isExclusive,
                 bool isReverse);

/// The places, 32-bit integers, of the first `count` elements along a dimension in ascending or
/// descending order; of equal elements the one in front comes first.
Value sortedPlaces(TensorBuilder &b, Value value, int64_t dim, int64_t count, bool isDescending);
Value sort(TensorBuilder &b, Value value, int64_t dim, bool isDescending);
/// What stands at the fraction `fraction` of the way through the sorted elements of a dimension,
/// which goes: between two elements the mean that `method` of NumPy says. Null after reporting
/// another method.
Value quantile(TensorBuilder &b, Value value, int64_t dim, double fraction, StringRef method);
/// The same of those that are numbers; NaN if none is.
Value nanQuantile(TensorBuilder &b, Value value, int64_t dim, double fraction, StringRef method);
/// How many elements of a sorted vector are less than each value, or not greater.
Value searchSorted(TensorBuilder &b, Value sorted, Value values, bool countsEqual);

/// What becomes of an element that others are scattered to.
enum class Scatter { Replace, Add, Multiply, Max, Min };
/// A copy of `data` in which each element of `updates` goes to the place along `dim` that `places`
/// says; a negative one counts from the end, and one outside goes nowhere. Of several that replace
/// one element it is the last.
Value scatterAlong(TensorBuilder &b, Value data, Value places, Value updates, int64_t dim,
                   Scatter kind);
/// The same with parts of `data` at places that the last dimension of `places` says, one for each
/// of the first dimensions of `data`.
Value scatterParts(TensorBuilder &b, Value data, Value places, Value updates, Scatter kind);

/// What the rows with each of `count` numbers are joined to; `numbers` has one for each row. A
/// segment without a row has `empty`.
Value joinSegments(TensorBuilder &b, Value rows, Value numbers, int64_t count, Scatter kind,
                   double empty);

} // namespace mlir::sepconv::ops
