//===- Attention.cpp - attention, and what stands before it ----------------------===//

#include "../Operations/Attention.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Lookup.h"
#include "../Operations/Shaping.h"
#include "Node.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

/// [batch, places, heads * size] as [batch, heads, places, size]; nothing after reporting.
static Value asHeads(NodeContext &node, Value value, StringRef attribute) {
  ArrayRef<int64_t> shape = ops::shapeOf(value);
  if (shape.size() == 4)
    return value;
  int64_t heads = node.integer(attribute);
  if (shape.size() != 3 || heads < 1 || shape[2] % heads) {
    node.unsupported(attribute, "a divisor of the last of 3 dimensions");
    return {};
  }
  Value split = ops::reshape(node, value, {shape[0], shape[1], heads, shape[2] / heads});
  return ops::transpose(node, split, {0, 2, 1, 3});
}

/// The opposite.
static Value joinHeads(NodeContext &node, Value value) {
  if (!value)
    return {};
  ArrayRef<int64_t> shape = ops::shapeOf(value);
  SmallVector<int64_t> joined{shape[0], shape[2], shape[1] * shape[3]};
  return ops::reshape(node, ops::transpose(node, value, {0, 2, 1, 3}), joined);
}

/// What comes before in the cache, if there is one.
static Value withPast(NodeContext &node, Value value, size_t past) {
  return node.input(past) ? ops::concatenate(node, {node.input(past), value}, 2) : value;
}

/// Reports heads, all of rank 4, whose shapes do not fit each other.
static bool checkHeads(NodeContext &node, Value query, Value key, Value value) {
  if (!query || !key || !value)
    return false;
  ArrayRef<int64_t> q = ops::shapeOf(query), k = ops::shapeOf(key), v = ops::shapeOf(value);
  if (k[1] > 0 && q[0] == k[0] && q[3] == k[3] && k.drop_back() == v.drop_back() &&
      q[1] % k[1] == 0)
    return true;
  node.error() << "expected heads of one size at the same places, found shapes " << shown(q) << ", "
               << shown(k) << " and " << shown(v);
  return false;
}

/// What a float mask adds; nothing is added where there is none.
static bool readMask(NodeContext &node, ops::AttentionMask &mask, int64_t keys) {
  Value given = node.input(3);
  if (!given)
    return true;
  int64_t rank = node.rank(3);
  if (rank < 1 || rank > 4 || node.shape(3).back() > keys) {
    node.error("attn_mask") << "expected at most " << keys << " keys, found shape "
                            << shown(node.shape(3));
    return false;
  }
  bool isTruth = node.dataType(given) == Bool;
  if (isTruth)
    given = ops::convertTo(node, given, node.builder.getI32Type());
  SmallVector<int64_t> low(rank, 0), high(low);
  high.back() = keys - node.shape(3).back();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  given = ops::pad(node, given, low, high, ops::PadMode::Constant, isTruth ? 0 : -infinity);
  (isTruth ? mask.allowed : mask.added) = given;
  return bool(given);
}

static Results importAttention(NodeContext &node) {
  bool isFlat = node.rank() == 3;
  Value query = asHeads(node, node.input(0), "q_num_heads");
  Value key = asHeads(node, node.input(1), "kv_num_heads");
  Value value = asHeads(node, node.input(2), "kv_num_heads");
  ops::AttentionMask mask;
  mask.isCausal = node.integer("is_causal", 0);
  mask.left = node.integer("left_window_size", -1);
  mask.right = node.integer("right_window_size", -1);
  int64_t shown = node.integer("qk_matmul_output_mode", 0);
  double cap = node.number("softcap", 0);
  if (shown < 0 || shown > 3)
    node.unsupported("qk_matmul_output_mode", "an integer from 0 to 3");
  Type precision = elementType(node.builder.getContext(),
                               node.integer("softmax_precision", node.dataType(node.input())));
  if (!isa_and_nonnull<FloatType>(precision))
    node.unsupported("softmax_precision", "a type of floats");
  if (bool(node.input(4)) != bool(node.input(5)) || (node.input(4) && node.input(6)))
    node.error("past_key") << "expected both keys and values of the past, and no nonpad_kv_seqlen";
  if (node.failed() || !query || !key || !value)
    return {};
  Value presentKey = withPast(node, key, 4), presentValue = withPast(node, value, 5);
  if (!checkHeads(node, query, presentKey, presentValue) ||
      !readMask(node, mask, ops::shapeOf(presentKey)[2]))
    return {};
  mask.before = node.input(4) ? node.shape(4)[2] : 0;
  mask.lengths = node.input(6);
  double scale = node.number("scale", 1 / std::sqrt(double(ops::shapeOf(query)[3])));
  ops::HeadAttention result =
      ops::attendHeads(node, query, presentKey, presentValue, mask, scale, cap, precision);
  Value logits[] = {result.products, result.capped, result.masked, result.weights};
  return ArrayRef<Value>{isFlat ? joinHeads(node, result.value) : result.value, presentKey,
                         presentValue, logits[shown]};
}

/// Pairs of numbers of a head are turned by an angle of their place.
static Results importRotaryEmbedding(NodeContext &node) {
  bool isFlat = node.rank() == 3, isInterleaved = node.integer("interleaved", 0);
  Value heads =
      node.rank() == 3 || node.rank() == 4 ? asHeads(node, node.input(), "num_heads") : Value();
  int64_t turned = node.integer("rotary_embedding_dim", 0);
  if (!heads || node.failed()) {
    if (!node.failed())
      node.error() << "expected an input of rank 3 or 4, found shape " << shown(node.shape());
    return {};
  }
  int64_t size = ops::shapeOf(heads)[3];
  turned = turned ? turned : size;
  if (turned < 2 || turned > size || turned % 2) {
    node.unsupported("rotary_embedding_dim", "an even number up to " + Twine(size));
    return {};
  }
  auto cache = [&](size_t index) -> Value {
    Value table = node.input(index);
    table = node.input(3) ? ops::take(node, table, node.input(3), 0) : table;
    SmallVector<int64_t> expected{ops::shapeOf(heads)[0], ops::shapeOf(heads)[2], turned / 2};
    if (table && ops::shapeOf(table) == ArrayRef(expected))
      return ops::expandDims(node, table, 1);
    if (table)
      node.error(index == 1 ? "cos_cache" : "sin_cache")
          << "expected shape " << shown(expected) << ", found " << shown(ops::shapeOf(table));
    return {};
  };
  Value cosines = cache(1), sines = cache(2);
  Value result = ops::rotate(node, heads, cosines, sines, turned, isInterleaved);
  return isFlat ? joinHeads(node, result) : result;
}

ArrayRef<Operator> sepconv::onnx::attentionOperators() {
  static const Operator table[] = {
      {"Attention",
       23,
       newest,
       importAttention,
       {"is_causal", "kv_num_heads", "left_window_size", "q_num_heads", "qk_matmul_output_mode",
        "right_window_size", "scale", "softcap", "softmax_precision"},
       3,
       7},
      {"RotaryEmbedding",
       23,
       newest,
       importRotaryEmbedding,
       {"interleaved", "num_heads", "rotary_embedding_dim"},
       3,
       4},
  };
  return table;
}
