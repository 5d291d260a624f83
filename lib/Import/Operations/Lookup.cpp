//===- Lookup.cpp - elements at places that are computed -------------------------===//

#include "Lookup.h"
#include "../Problems.h"
#include "Elementwise.h"

#include "sepconv/IR/Window.h"

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

Value ops::takeParts(TensorBuilder &b, Value table, Value places, int64_t batches) {
  places = asPlaces(b, places);
  if (!table || !places)
    return {};
  int64_t depth = rankOf(places) == 0 ? 0 : shapeOf(places).back(), rank = rankOf(table);
  if (batches < 0 || batches >= rankOf(places) || depth < 1 || batches + depth > rank ||
      shapeOf(table).take_front(batches) != shapeOf(places).take_front(batches)) {
    b.error() << "expected places in the last " << rank - batches << " dimensions of shape "
              << shown(shapeOf(table)) << ", found shape " << shown(shapeOf(places));
    return {};
  }
  SmallVector<int64_t> shape(shapeOf(places).drop_back());
  int64_t first = shape.size();
  llvm::append_range(shape, shapeOf(table).drop_front(batches + depth));
  if (!b.fits(shape))
    return {};
  SmallVector<Value> operands(depth, places);
  SmallVector<AffineMap> maps;
  for (int64_t i = 0; i < depth; ++i) {
    SmallVector<AffineExpr> source;
    for (int64_t dim = 0; dim < first; ++dim)
      source.push_back(b.builder.getAffineDimExpr(dim));
    source.push_back(b.builder.getAffineConstantExpr(i));
    maps.push_back(AffineMap::get(shape.size(), 0, source, b.builder.getContext()));
  }
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    SmallVector<Value> at;
    for (int64_t dim = 0; dim < rank; ++dim) {
      bool isPlace = dim >= batches && dim < batches + depth;
      at.push_back(isPlace ? within(builder, loc, x[dim - batches], shapeOf(table)[dim])
                   : dim < batches
                       ? linalg::IndexOp::create(builder, loc, dim)
                       : linalg::IndexOp::create(builder, loc, first + dim - batches - depth));
    }
    return tensor::ExtractOp::create(builder, loc, table, at);
  };
  return elementwise(b, shape, operands, maps, body, elementOf(table));
}

Value ops::reverseSequences(TensorBuilder &b, Value value, Value lengths, int64_t time,
                            int64_t batch) {
  lengths = asPlaces(b, lengths);
  if (!value || !lengths)
    return {};
  ArrayRef<int64_t> shape = shapeOf(value);
  if (shapeOf(lengths) != ArrayRef<int64_t>(shape[batch])) {
    b.error() << "expected a length for each of " << shape[batch] << " sequences, found shape "
              << shown(shapeOf(lengths));
    return {};
  }
  AffineMap map = AffineMap::get(shape.size(), 0, b.builder.getAffineDimExpr(batch));
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    SmallVector<Value> at;
    for (int64_t dim = 0, e = shape.size(); dim < e; ++dim)
      at.push_back(linalg::IndexOp::create(builder, loc, dim));
    Value here = arith::IndexCastOp::create(builder, loc, x[0].getType(), at[time]);
    Value one = number(builder, loc, x[0].getType(), 1);
    Value last = arith::SubIOp::create(builder, loc, x[0], one);
    Value mirrored = arith::SubIOp::create(builder, loc, last, here);
    Value isInside = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, here, x[0]);
    Value place = arith::SelectOp::create(builder, loc, isInside, mirrored, here);
    at[time] = within(builder, loc, place, shape[time]);
    return tensor::ExtractOp::create(builder, loc, value, at);
  };
  return elementwise(b, shape, lengths, map, body, elementOf(value));
}

Value ops::update(TensorBuilder &b, Value value, Value part, ArrayRef<Value> starts,
                  bool isCircular) {
  if (!value || !part)
    return {};
  ArrayRef<int64_t> shape = shapeOf(value), sizes = shapeOf(part);
  int64_t rank = shape.size();
  if (elementOf(part) != elementOf(value) || sizes.size() != shape.size() ||
      llvm::any_of(llvm::zip(sizes, shape),
                   [](auto s) { return std::get<0>(s) > std::get<1>(s); })) {
    b.error() << "expected an update of the elements of " << value.getType() << ", found "
              << part.getType();
    return {};
  }
  SmallVector<Value> operands{value};
  SmallVector<AffineMap> maps{b.builder.getMultiDimIdentityMap(rank)};
  SmallVector<std::optional<size_t>> operandOf(rank);
  for (auto [dim, start] : llvm::enumerate(starts)) {
    if (!start)
      continue;
    SmallVector<AffineExpr> source;
    for (auto [i, size] : llvm::enumerate(shapeOf(start)))
      source.push_back(size == 1 ? b.builder.getAffineConstantExpr(0)
                                 : b.builder.getAffineDimExpr(i));
    operandOf[dim] = operands.size();
    operands.push_back(asPlaces(b, start));
    maps.push_back(AffineMap::get(rank, 0, source, b.builder.getContext()));
  }
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    using P = arith::CmpIPredicate;
    Type i32 = builder.getI32Type();
    auto of = [&](int64_t n) { return number(builder, loc, i32, n); };
    auto is = [&](P p, Value l, int64_t r) {
      return arith::CmpIOp::create(builder, loc, p, l, of(r)).getResult();
    };
    Value isNew = number(builder, loc, builder.getI1Type(), 1);
    SmallVector<Value> places;
    for (int64_t dim = 0; dim < rank; ++dim) {
      Value index = linalg::IndexOp::create(builder, loc, dim);
      Value at = arith::IndexCastOp::create(builder, loc, i32, index);
      if (operandOf[dim])
        at = arith::SubIOp::create(builder, loc, at, x[*operandOf[dim]]);
      if (isCircular && operandOf[dim]) {
        Value around = arith::AddIOp::create(builder, loc, at, of(shape[dim]));
        at = arith::SelectOp::create(builder, loc, is(P::slt, at, 0), around, at);
      }
      for (Value isIn : {is(P::sge, at, 0), is(P::slt, at, sizes[dim])})
        isNew = arith::AndIOp::create(builder, loc, isNew, isIn);
      places.push_back(within(builder, loc, at, sizes[dim]));
    }
    Value fresh = tensor::ExtractOp::create(builder, loc, part, places);
    // As what elements are computed in, which the other one is.
    return arith::SelectOp::create(builder, loc, isNew,
                                   convert(builder, loc, fresh, x[0].getType()), x[0]);
  };
  return elementwise(b, shape, operands, maps, body);
}

Value ops::triangle(TensorBuilder &b, Value value, int64_t diagonal, bool isUpper) {
  int64_t rank = rankOf(value);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Value row = linalg::IndexOp::create(builder, loc, rank - 2);
    Value column = linalg::IndexOp::create(builder, loc, rank - 1);
    int64_t most = kMaxSize; // the same for what is far outside
    Value moved = arith::AddIOp::create(
        builder, loc, row,
        arith::ConstantIndexOp::create(builder, loc, std::clamp<int64_t>(diagonal, -most, most)));
    auto predicate = isUpper ? arith::CmpIPredicate::sge : arith::CmpIPredicate::sle;
    Value isIn = arith::CmpIOp::create(builder, loc, predicate, column, moved);
    Type type = x[0].getType();
    return arith::SelectOp::create(builder, loc, isIn, x[0], number(builder, loc, type, 0));
  };
  return elementwise(b, shapeOf(value), value, b.builder.getMultiDimIdentityMap(rank), body);
}
