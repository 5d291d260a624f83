//===- Lookup.cpp - elements at places that are computed -------------------------===//

#include "Lookup.h"
#include "../Problems.h"
#include "Elementwise.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// A place as an index within `size`.
static Value within(OpBuilder &b, Location loc, Value place, int64_t size) {
  Type index = b.getIndexType();
  auto constant = [&](int64_t number) { return arith::ConstantIndexOp::create(b, loc, number); };
  Value at = arith::IndexCastOp::create(b, loc, index, place);
  Value zero = constant(0), last = constant(size - 1);
  Value isNegative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, at, zero);
  Value fromEnd = arith::AddIOp::create(b, loc, at, constant(size));
  at = arith::SelectOp::create(b, loc, isNegative, fromEnd, at);
  return arith::MaxSIOp::create(b, loc, arith::MinSIOp::create(b, loc, at, last), zero);
}

/// Integers of 32 bits are what addresses are computed in.
static Value asPlaces(TensorBuilder &b, Value places) {
  Type i32 = b.builder.getI32Type();
  return places ? convertTo(b, places, i32) : Value();
}

/// Elements of the table; the result's dimensions from `first` on, as many as `places` has, are
/// those of the places.
static Value lookUp(TensorBuilder &b, Value table, Value places, int64_t dim,
                    ArrayRef<int64_t> shape, int64_t first, bool isAlong) {
  SmallVector<AffineExpr> source;
  for (int64_t i = 0, e = rankOf(places); i < e; ++i)
    source.push_back(b.builder.getAffineDimExpr(first + i));
  AffineMap map = AffineMap::get(shape.size(), 0, source, b.builder.getContext());
  int64_t size = shapeOf(table)[dim], more = isAlong ? 0 : rankOf(places) - 1;
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    SmallVector<Value> at;
    for (int64_t i = 0, e = rankOf(table); i < e; ++i)
      at.push_back(i == dim ? within(builder, loc, x[0], size)
                            : linalg::IndexOp::create(builder, loc, i < dim ? i : i + more));
    return tensor::ExtractOp::create(builder, loc, table, at);
  };
  return elementwise(b, shape, places, map, body, elementOf(table));
}

Value ops::take(TensorBuilder &b, Value table, Value places, int64_t dim) {
  places = asPlaces(b, places);
  if (!table || !places)
    return {};
  SmallVector<int64_t> shape(shapeOf(table).take_front(dim));
  llvm::append_range(shape, shapeOf(places));
  llvm::append_range(shape, shapeOf(table).drop_front(dim + 1));
  return b.fits(shape) ? lookUp(b, table, places, dim, shape, dim, /*isAlong=*/false) : Value();
}

Value ops::takeAlong(TensorBuilder &b, Value table, Value places, int64_t dim) {
  places = asPlaces(b, places);
  if (!table || !places)
    return {};
  SmallVector<int64_t> shape(shapeOf(table));
  if (rankOf(places) == rankOf(table))
    shape[dim] = shapeOf(places)[dim];
  if (ArrayRef(shape) != shapeOf(places)) {
    b.error() << "expected places of the shape " << shown(shapeOf(table))
              << " but along the dimension " << dim << ", found shape " << shown(shapeOf(places));
    return {};
  }
  return lookUp(b, table, places, dim, shape, 0, /*isAlong=*/true);
}

Value ops::oneHot(TensorBuilder &b, Value places, int64_t dim, int64_t size, Type element) {
  places = asPlaces(b, places);
  if (!places)
    return {};
  SmallVector<int64_t> shape(shapeOf(places));
  shape.insert(shape.begin() + dim, size);
  if (!b.fits(shape))
    return {};
  SmallVector<AffineExpr> source;
  for (int64_t i = 0, e = shape.size(); i < e; ++i)
    if (i != dim)
      source.push_back(b.builder.getAffineDimExpr(i));
  AffineMap map = AffineMap::get(shape.size(), 0, source, b.builder.getContext());
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Value at = arith::IndexCastOp::create(builder, loc, builder.getI32Type(),
                                          linalg::IndexOp::create(builder, loc, dim));
    Value is = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, at, x[0]);
    return convert(builder, loc, is, element);
  };
  return elementwise(b, shape, places, map, body, element);
}
