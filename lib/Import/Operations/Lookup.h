//===- Lookup.h - elements at places that are computed ---------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// The parts of a table along a dimension, at places that are integers: the result has the
/// dimensions of `places` where the table has that one. A negative place counts from the end, and
/// what is outside of the table stands for its first or last part.
Value take(TensorBuilder &b, Value table, Value places, int64_t dim);
/// The same where each place is one of the result, which has the shape of `places`: that of the
/// table but along the dimension.
Value takeAlong(TensorBuilder &b, Value table, Value places, int64_t dim);
/// 1 at the places that are integers, along a new dimension of `size`; 0 elsewhere.
Value oneHot(TensorBuilder &b, Value places, int64_t dim, int64_t size, Type element);

/// The parts of a table at places that the last dimension of `places` says: one for each of the
/// table's dimensions behind the first `batches`, which both have.
Value takeParts(TensorBuilder &b, Value table, Value places, int64_t batches);
/// The first elements along `time`, as many as `lengths` says of each along `batch`, in reverse.
Value reverseSequences(TensorBuilder &b, Value value, Value lengths, int64_t time, int64_t batch);
/// `value` with `part` in place of what begins at `starts`: for each dimension integers that have
/// the rank of `value` and broadcast to it, or null for 0. What reaches over the end comes back at
/// the beginning if it is `isCircular`, and is left out otherwise.
Value update(TensorBuilder &b, Value value, Value part, ArrayRef<Value> starts,
             bool isCircular = false);
/// Of the last two dimensions what is on and above a diagonal, or on and below it; 0 elsewhere.
Value triangle(TensorBuilder &b, Value value, int64_t diagonal, bool isUpper);

} // namespace mlir::sepconv::ops
