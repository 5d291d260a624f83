//===- Attention.h - weighted means of values ------------------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// softmax(query * key^T * scale) * value for each head: [batch, places, heads, size] tensors,
/// whose places may differ in number between the query and the other two. `scores`, if it is not
/// null, receives the weights, [batch, heads, places of the query, places of the key]. `mask`,
/// which may be null, has this shape or broadcasts to it: where it is 0 there is no weight.
Value attention(TensorBuilder &b, Value query, Value key, Value value, Value mask, double scale,
                Value *scores = nullptr);

/// What is far below all of them where the mask, which broadcasts, is 0.
Value masked(TensorBuilder &b, Value logits, Value mask);
/// 1 where a place of the query is not before one of the key, the last two dimensions of `rank`.
Value causalMask(TensorBuilder &b, int64_t queries, int64_t keys, int64_t rank);

} // namespace mlir::sepconv::ops
