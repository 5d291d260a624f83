//===- Scatter.cpp - elements that go to places that are computed ----------------===//

#include "../Problems.h"
#include "Elementwise.h"
#include "FoldAlong.h"
#include "Ordering.h"
#include "Shaping.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// Integers of 32 bits, from the beginning of a dimension of `size`.
static Value fromBeginning(TensorBuilder &b, Value places, int64_t size) {
  Type i32 = b.builder.getI32Type();
  places = convertTo(b, places, i32);
  Value wrapped = apply(b, "add", {places, b.splat({}, i32, size)});
  return select(b, apply(b, "less", {places, b.splat({}, i32, 0)}), wrapped, places);
}

static StringRef functionOf(Scatter kind) {
  switch (kind) {
  case Scatter::Add:
    return "add";
  case Scatter::Multiply:
    return "multiply";
  case Scatter::Max:
    return "maximum";
  default:
    return "minimum";
  }
}

static double neutralOf(Scatter kind) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return kind == Scatter::Multiply ? 1
         : kind == Scatter::Max    ? -infinity
         : kind == Scatter::Min    ? infinity
                                   : 0;
}

/// What comes to each place of `shape`, folded; `places` count from the beginning.
static Value arrivals(TensorBuilder &b, ArrayRef<int64_t> shape, ArrayRef<Value> operands,
                      int64_t dim, Type element, Scatter kind, double start) {
  auto body = [&](OpBuilder &builder, Location loc, Value here, Value, ValueRange x,
                  Value folded) -> Value {
    Value place = arith::IndexCastOp::create(builder, loc, x[0].getType(), here);
    Value comes = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, x[0], place);
    Value term = x.size() > 1 ? x[1] : number(builder, loc, element, 1);
    Value joined = kind == Scatter::Replace
                       ? term
                       : findFunction(functionOf(kind))->body(builder, loc, {folded, term});
    return arith::SelectOp::create(builder, loc, comes, joined, folded);
  };
  return foldAlong(b, shape, {}, operands, dim, element, start, body);
}

Value ops::scatterAlong(TensorBuilder &b, Value data, Value places, Value updates, int64_t dim,
                        Scatter kind) {
  if (!data || !places || !updates)
    return {};
  ArrayRef<int64_t> shape = shapeOf(data);
  bool fits = shapeOf(places) == shapeOf(updates) && rankOf(places) == rankOf(data) &&
              elementOf(updates) == elementOf(data);
  SmallVector<int64_t> low(shape.size(), 0), high(shape.size(), 0);
  for (int64_t i = 0; fits && i < rankOf(data); ++i) {
    high[i] = i == dim ? 0 : shape[i] - shapeOf(places)[i];
    fits = high[i] >= 0;
  }
  if (!fits) {
    b.error() << "expected places and updates of one shape within " << shown(shape)
              << " and of its elements, found shapes " << shown(shapeOf(places)) << " and "
              << shown(shapeOf(updates));
    return {};
  }
  places = fromBeginning(b, places, shape[dim]);
  if (llvm::any_of(high, [](int64_t size) { return size > 0; })) {
    places = pad(b, places, low, high, PadMode::Constant, -1);
    updates = pad(b, updates, low, high);
  }
  Type element = elementOf(data);
  bool isTruth = element.isInteger(1);
  Type wide = isTruth ? b.builder.getI32Type() : element;
  Value come =
      arrivals(b, shape, {places, convertTo(b, updates, wide)}, dim, wide, kind, neutralOf(kind));
  if (!come)
    return {};
  if (kind != Scatter::Replace)
    return convertTo(b, apply(b, functionOf(kind), {convertTo(b, data, wide), come}), element);
  Value isNew = arrivals(b, shape, places, dim, b.builder.getI32Type(), Scatter::Replace, 0);
  return select(b, isNew, convertTo(b, come, element), data);
}

Value ops::scatterParts(TensorBuilder &b, Value data, Value places, Value updates, Scatter kind) {
  if (!data || !places || !updates)
    return {};
  int64_t depth = rankOf(places) ? shapeOf(places).back() : 0, rank = rankOf(data);
  SmallVector<int64_t> expected(rankOf(places) ? shapeOf(places).drop_back() : ArrayRef<int64_t>());
  if (depth >= 1 && depth <= rank)
    llvm::append_range(expected, shapeOf(data).drop_front(depth));
  if (depth < 1 || depth > rank || shapeOf(updates) != ArrayRef(expected)) {
    b.error() << "expected places in shape " << shown(shapeOf(data))
              << " and updates of the parts there, found shapes " << shown(shapeOf(places))
              << " and " << shown(shapeOf(updates));
    return {};
  }
  // The places as those of the rows of a matrix, whose columns are what the parts hold.
  int64_t count = ShapedType::getNumElements(shapeOf(places).drop_back());
  int64_t rows = ShapedType::getNumElements(shapeOf(data).take_front(depth));
  int64_t columns = ShapedType::getNumElements(shapeOf(data).drop_front(depth));
  Value lists = reshape(b, places, {count, depth}), row;
  for (int64_t i = 0; i < depth; ++i) {
    int64_t size = shapeOf(data)[i];
    Value place = fromBeginning(b, slice(b, lists, 1, i, 1), size);
    Value stride = b.splat({}, elementOf(place), size);
    row = row ? apply(b, "add", {apply(b, "multiply", {row, stride}), place}) : place;
  }
  Value result =
      scatterAlong(b, reshape(b, data, {rows, columns}), broadcastTo(b, row, {count, columns}),
                   reshape(b, updates, {count, columns}), 0, kind);
  return result ? reshape(b, result, shapeOf(data)) : Value();
}

Value ops::joinSegments(TensorBuilder &b, Value rows, Value numbers, int64_t count, Scatter kind,
                        double empty) {
  if (!rows || !numbers)
    return {};
  SmallVector<int64_t> shape(shapeOf(rows)), column(shape.size(), 1);
  if (shape.empty() || shapeOf(numbers) != ArrayRef(shape.front())) {
    b.error() << "expected a segment for each row of " << shown(shape) << ", found shape "
              << shown(shapeOf(numbers));
    return {};
  }
  column.front() = std::exchange(shape.front(), count);
  if (!b.fits(shape))
    return {};
  Value places = broadcastTo(b, reshape(b, numbers, column), shapeOf(rows));
  return scatterAlong(b, b.splat(shape, elementOf(rows), empty), places, rows, 0, kind);
}
