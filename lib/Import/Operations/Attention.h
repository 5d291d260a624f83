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

/// The keys that each query may attend to; a member that is null or -1 excludes none.
struct AttentionMask {
  /// Numbers that are added, and truth values; both broadcast to [batch, heads, queries, keys].
  Value added, allowed;
  /// None after its own place, and none more than so many places before and behind; -1 is any.
  bool isCausal = false;
  int64_t left = -1, right = -1;
  /// How many keys come before the first query's place.
  int64_t before = 0;
  /// How many of the keys count, for each of the batch, whose last ones are those of the queries.
  Value lengths;
};
/// The steps of attention as others ask for them: the products, what a bound of `tanh` makes of
/// them, those with the mask, the weights, and the means.
struct HeadAttention {
  Value products, capped, masked, weights, value;
};
/// Attention over tensors of [batch, heads, positions, size]. Several heads of the query may share
/// one of the key and the value. A query that may attend to no key gives 0. The softmax is computed
/// in `precision`.
HeadAttention attendHeads(TensorBuilder &b, Value query, Value key, Value value,
                          const AttentionMask &mask, double scale, double cap, Type precision);
/// Pairs of the first `turned` numbers of [batch, heads, places, size], side by side or half of
/// them apart, turned by angles whose cosines and sines are [batch, 1, places, turned / 2].
Value rotate(TensorBuilder &b, Value heads, Value cosines, Value sines, int64_t turned,
             bool isInterleaved);

} // namespace mlir::sepconv::ops
