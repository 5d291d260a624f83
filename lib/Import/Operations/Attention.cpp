//===- Attention.cpp - weighted means of values ----------------------------------===//

#include "Attention.h"
#include "Elementwise.h"
#include "Reductions.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// As Keras has it, a finite number.
Value ops::masked(TensorBuilder &b, Value logits, Value mask) {
  if (!logits || !mask)
    return {};
  Type element = elementOf(logits);
  const llvm::fltSemantics &semantics = cast<FloatType>(element).getFloatSemantics();
  double least = -0.7 * APFloat::getLargest(semantics).convertToDouble();
  return select(b, mask, logits, b.splat({}, element, least));
}

Value ops::attention(TensorBuilder &b, Value query, Value key, Value value, Value mask,
                     double scale, Value *scores) {
  if (!query || !key || !value)
    return {};
  Type element = elementOf(query);
  Value scaled = apply(b, "multiply", {query, b.splat({}, element, scale)});
  Value logits = contract(b, scaled, "bqhd", key, "bkhd", "bhqk");
  if (!logits)
    return {};
  if (mask)
    logits = masked(b, logits, mask);
  Value weights = softmax(b, logits, 3);
  if (scores)
    *scores = weights;
  return contract(b, weights, "bhqk", value, "bkhv", "bqhv");
}

Value ops::causalMask(TensorBuilder &b, int64_t queries, int64_t keys, int64_t rank) {
  Type i1 = b.builder.getI1Type();
  Value any = b.splat({}, i1, 1);
  AffineMap map = AffineMap::get(rank, 0, {}, b.builder.getContext());
  SmallVector<int64_t> shape(rank - 2, 1);
  shape.append({queries, keys});
  auto body = [&](OpBuilder &builder, Location loc, ValueRange) -> Value {
    Value query = linalg::IndexOp::create(builder, loc, rank - 2);
    Value key = linalg::IndexOp::create(builder, loc, rank - 1);
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, query, key);
  };
  return elementwise(b, shape, any, map, body, i1);
}
