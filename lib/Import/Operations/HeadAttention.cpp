//===- HeadAttention.cpp - attention with windows, caches and shared heads -------===//

#include "Attention.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Shaping.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// Truth values: whether a key is near enough to a query. `lengths` is null, or [batch, 1, 1, 1].
static Value nearKeys(TensorBuilder &b, ArrayRef<int64_t> shape, const AttentionMask &mask,
                      Value lengths) {
  Type i1 = b.builder.getI1Type(), i32 = b.builder.getI32Type();
  Value length = lengths ? lengths : b.splat({1, 1, 1, 1}, i32, double(shape[1] + mask.before));
  SmallVector<int64_t> all{shapeOf(length)[0], 1, shape[0], shape[1]};
  AffineMap map = AffineMap::get(
      4, 0,
      {lengths && all[0] > 1 ? b.builder.getAffineDimExpr(0) : b.builder.getAffineConstantExpr(0),
       b.builder.getAffineConstantExpr(0), b.builder.getAffineConstantExpr(0),
       b.builder.getAffineConstantExpr(0)},
      b.builder.getContext());
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    using P = arith::CmpIPredicate;
    auto of = [&](int64_t n) { return number(builder, loc, i32, double(n)); };
    auto loop = [&](int64_t dim) -> Value {
      return arith::IndexCastOp::create(builder, loc, i32,
                                        linalg::IndexOp::create(builder, loc, dim));
    };
    // The last query has the last key that counts.
    Value first =
        lengths ? Value(arith::SubIOp::create(builder, loc, x[0], of(shape[0]))) : of(mask.before);
    Value key = loop(3), place = arith::AddIOp::create(builder, loc, loop(2), first);
    Value distance = arith::SubIOp::create(builder, loc, place, key);
    Value result = arith::CmpIOp::create(builder, loc, P::slt, key, x[0]);
    auto limit = [&](P predicate, int64_t n) {
      Value is = arith::CmpIOp::create(builder, loc, predicate, distance, of(n));
      result = arith::AndIOp::create(builder, loc, result, is);
    };
    if (mask.isCausal)
      limit(P::sge, 0);
    if (mask.left >= 0)
      limit(P::sle, mask.left);
    if (mask.right >= 0)
      limit(P::sge, -mask.right);
    return result;
  };
  return elementwise(b, all, length, map, body, i1);
}

/// The bias of the products, minus infinity for keys that are masked; null if there is none.
static Value bias(TensorBuilder &b, ArrayRef<int64_t> shape, const AttentionMask &mask,
                  Type element) {
  auto excluding = [&](Value allowed) {
    double infinity = std::numeric_limits<double>::infinity();
    return select(b, allowed, b.splat({}, element, 0), b.splat({}, element, -infinity));
  };
  SmallVector<Value> parts;
  if (mask.added)
    parts.push_back(mask.added);
  if (mask.allowed)
    parts.push_back(excluding(mask.allowed));
  if (mask.isCausal || mask.left >= 0 || mask.right >= 0 || mask.lengths) {
    Value lengths = mask.lengths;
    if (lengths)
      lengths = reshape(b, convertTo(b, lengths, b.builder.getI32Type()),
                        {ShapedType::getNumElements(shapeOf(lengths)), 1, 1, 1});
    parts.push_back(excluding(nearKeys(b, shape, mask, lengths)));
  }
  return parts.empty() ? Value() : foldAll(b, "add", parts, false);
}

HeadAttention ops::attendHeads(TensorBuilder &b, Value query, Value key, Value value,
                               const AttentionMask &mask, double scale, double cap,
                               Type precision) {
  if (!areFloats(b, {query, key, value}))
    return {};
  HeadAttention result;
  Type element = elementOf(query);
  int64_t shared = shapeOf(query)[1] / shapeOf(key)[1];
  if (shared > 1) {
    key = repeat(b, key, 1, shared);
    value = repeat(b, value, 1, shared);
  }
  auto of = [&](double number) { return b.splat({}, element, number); };
  Value factor = of(std::sqrt(scale));
  result.products = contract(b, apply(b, "multiply", {query, factor}), "bhqd",
                             apply(b, "multiply", {key, factor}), "bhkd", "bhqk");
  result.capped = result.products;
  if (cap > 0) {
    Value bounded = apply(b, "tanh", apply(b, "divide", {result.products, of(cap)}));
    result.capped = apply(b, "multiply", {bounded, of(cap)});
  }
  int64_t sizes[] = {shapeOf(query)[2], shapeOf(key)[2]};
  Value added = bias(b, sizes, mask, element);
  result.masked = added ? apply(b, "add", {result.capped, added}) : result.capped;
  if (!result.masked)
    return {};
  if (added) {
    // Of a query without a key the softmax is of the products, and then nothing.
    double infinity = std::numeric_limits<double>::infinity();
    Value most = reduce(b, added, rankOf(added) - 1, true, Reduction::Max);
    Value isNone = apply(b, "equal", {most, of(-infinity)});
    Value logits = convertTo(b, select(b, isNone, of(0), result.masked), precision);
    Value weights = convertTo(b, softmax(b, logits, 3), element);
    result.weights = select(b, isNone, of(0), weights);
  } else {
    result.weights = convertTo(b, softmax(b, convertTo(b, result.masked, precision), 3), element);
  }
  result.value = contract(b, result.weights, "bhqk", value, "bhkv", "bhqv");
  return result;
}

Value ops::rotate(TensorBuilder &b, Value heads, Value cosines, Value sines, int64_t turned,
                  bool isInterleaved) {
  if (!areFloats(b, {heads, cosines, sines}))
    return {};
  SmallVector<int64_t> shape(shapeOf(heads)), pairs(shape);
  int64_t half = turned / 2, rest = shape[3] - turned;
  Value first = slice(b, heads, 3, 0, turned);
  pairs.back() = half;
  pairs.insert(isInterleaved ? pairs.end() : pairs.end() - 1, 2);
  int64_t dim = isInterleaved ? 4 : 3;
  Value split = reshape(b, first, pairs);
  auto part = [&](int64_t i) { return squeeze(b, slice(b, split, dim, i, 1), dim); };
  auto product = [&](Value x, Value y) { return apply(b, "multiply", {x, y}); };
  Value x = part(0), y = part(1);
  Value real = apply(b, "subtract", {product(cosines, x), product(sines, y)});
  Value imaginary = apply(b, "add", {product(sines, x), product(cosines, y)});
  if (!real || !imaginary)
    return {};
  Value both = concatenate(b, {expandDims(b, real, dim), expandDims(b, imaginary, dim)}, dim);
  shape.back() = turned;
  both = both ? reshape(b, both, shape) : Value();
  return rest && both ? concatenate(b, {both, slice(b, heads, 3, turned, rest)}, 3) : both;
}
