//===- Ordering.cpp - what all elements along a dimension decide -----------------===//

#include "Ordering.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "FoldAlong.h"
#include "Lookup.h"
#include "Reductions.h"
#include "Shaping.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::foldAlong(TensorBuilder &b, ArrayRef<int64_t> shape, ArrayRef<Value> fixed,
                     ArrayRef<Value> folded, int64_t dim, Type element, double start,
                     FoldBody body) {
  int64_t rank = shape.size();
  SmallVector<int64_t> whole(shape);
  whole.insert(whole.begin() + dim + 1, shapeOf(folded.front())[dim]);
  if (!b.fits(whole))
    return {};
  auto mapWithout = [&](int64_t without) {
    SmallVector<AffineExpr> dims;
    for (int64_t i = 0; i <= rank; ++i)
      if (i != without)
        dims.push_back(b.builder.getAffineDimExpr(i));
    return AffineMap::get(rank + 1, 0, dims, b.builder.getContext());
  };
  SmallVector<AffineMap> maps(fixed.size(), mapWithout(dim + 1));
  maps.append(folded.size(), mapWithout(dim));
  maps.push_back(mapWithout(dim + 1));
  SmallVector<Value> operands(fixed);
  llvm::append_range(operands, folded);
  SmallVector<utils::IteratorType> iterators(rank + 1, utils::IteratorType::parallel);
  iterators[dim + 1] = utils::IteratorType::reduction;
  Value init = filled(b, shape, element, start);
  auto build = [&](OpBuilder &builder, Location loc, ValueRange x) {
    Value here = linalg::IndexOp::create(builder, loc, dim);
    Value there = linalg::IndexOp::create(builder, loc, dim + 1);
    linalg::YieldOp::create(builder, loc, body(builder, loc, here, there, x.drop_back(), x.back()));
  };
  return linalg::GenericOp::create(b.builder, b.loc, init.getType(), operands, init, maps,
                                   iterators, build)
      ->getResult(0);
}

Value ops::cumulative(TensorBuilder &b, Value value, int64_t dim, bool isProduct, bool isExclusive,
                      bool isReverse) {
  if (!value)
    return {};
  if (elementOf(value).isInteger(1))
    value = convertTo(b, value, b.builder.getI32Type());
  Type element = elementOf(value), wide = computedIn(element);
  auto predicate = isReverse
                       ? (isExclusive ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::sge)
                       : (isExclusive ? arith::CmpIPredicate::slt : arith::CmpIPredicate::sle);
  const Function &join = *findFunction(isProduct ? "multiply" : "add");
  auto body = [&](OpBuilder &builder, Location loc, Value here, Value there, ValueRange x,
                  Value folded) {
    Value counts = arith::CmpIOp::create(builder, loc, predicate, there, here);
    Value neutral = number(builder, loc, wide, isProduct);
    Value term = arith::SelectOp::create(builder, loc, counts, x[0], neutral);
    return join.body(builder, loc, {folded, term});
  };
  Value result =
      foldAlong(b, shapeOf(value), {}, convertTo(b, value, wide), dim, wide, isProduct, body);
  return result ? convertTo(b, result, element) : Value();
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

Value ops::sortedPlaces(TensorBuilder &b, Value value, int64_t dim, int64_t count,
                        bool isDescending) {
  if (!value)
    return {};
  Type i32 = b.builder.getI32Type();
  if (elementOf(value).isInteger(1))
    value = convertTo(b, value, i32);
  const Function &comes = *findFunction(isDescending ? "greater" : "less");
  const Function &equal = *findFunction("equal");
  auto asPlace = [&](OpBuilder &builder, Location loc, Value index) {
    return arith::IndexCastOp::create(builder, loc, i32, index);
  };
  // How many elements come before each one is its place in the order.
  Value rank = foldAlong(
      b, shapeOf(value), value, value, dim, i32, 0,
      [&](OpBuilder &builder, Location loc, Value here, Value there, ValueRange x, Value folded) {
        Value isBefore = comes.body(builder, loc, {x[1], x[0]});
        Value isSame = equal.body(builder, loc, {x[1], x[0]});
        Value isInFront =
            arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, there, here);
        Value counts = arith::OrIOp::create(builder, loc, isBefore,
                                            arith::AndIOp::create(builder, loc, isSame, isInFront));
        Value one = arith::ExtUIOp::create(builder, loc, i32, counts);
        return arith::AddIOp::create(builder, loc, folded, one).getResult();
      });
  if (!rank)
    return {};
  SmallVector<int64_t> shape(shapeOf(value));
  shape[dim] = count;
  return foldAlong(
      b, shape, {}, rank, dim, i32, 0,
      [&](OpBuilder &builder, Location loc, Value here, Value there, ValueRange x, Value folded) {
        Value isHere = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, x[0],
                                             asPlace(builder, loc, here));
        return arith::SelectOp::create(builder, loc, isHere, asPlace(builder, loc, there), folded)
            .getResult();
      });
}

Value ops::sort(TensorBuilder &b, Value value, int64_t dim, bool isDescending) {
  return value ? takeAlong(b, value, sortedPlaces(b, value, dim, shapeOf(value)[dim], isDescending),
                           dim)
               : Value();
}

/// False after reporting another method of NumPy.
static bool checkQuantile(TensorBuilder &b, double fraction, StringRef method) {
  static constexpr StringLiteral methods[] = {"linear", "lower", "higher", "midpoint", "nearest"};
  if (llvm::is_contained(methods, method) && fraction >= 0 && fraction <= 1)
    return true;
  b.error() << "expected fractions from 0 to 1 and one of the methods linear, lower, higher, "
               "midpoint and nearest, found "
            << quoted(method);
  return false;
}

Value ops::quantile(TensorBuilder &b, Value value, int64_t dim, double fraction, StringRef method) {
  if (!checkQuantile(b, fraction, method))
    return {};
  if (value && !isa<FloatType>(elementOf(value)))
    value = convertTo(b, value, b.builder.getF32Type());
  Value sorted = sort(b, value, dim, /*isDescending=*/false);
  if (!sorted)
    return {};
  double place = fraction * double(shapeOf(value)[dim] - 1);
  int64_t below = std::floor(place), above = std::ceil(place);
  if (method == "nearest")
    below = above = std::nearbyint(place); // half to even, as NumPy rounds
  auto at = [&](int64_t i) { return squeeze(b, slice(b, sorted, dim, i, 1), dim); };
  if (method == "lower" || below == above)
    return at(below);
  if (method == "higher")
    return at(above);
  double weight = method == "midpoint" ? 0.5 : place - double(below);
  Value distance = apply(b, "subtract", {at(above), at(below)});
  Value part = apply(b, "multiply", {distance, b.splat({}, elementOf(sorted), weight)});
  return apply(b, "add", {at(below), part});
}

/// NaN is sorted behind all numbers, whose count says where the quantile is.
Value ops::nanQuantile(TensorBuilder &b, Value value, int64_t dim, double fraction,
                       StringRef method) {
  if (!checkQuantile(b, fraction, method) || !value)
    return {};
  if (!isa<FloatType>(elementOf(value)))
    value = convertTo(b, value, b.builder.getF32Type());
  Type element = elementOf(value);
  auto of = [&](double number) { return b.splat({}, element, number); };
  Value isNan = apply(b, "isnan", value);
  Value sorted = sort(b, select(b, isNan, of(std::numeric_limits<double>::infinity()), value), dim,
                      /*isDescending=*/false);
  Value isNumber = convertTo(b, apply(b, "logical_not", isNan), b.builder.getI32Type());
  Value count = convertTo(b, reduce(b, isNumber, dim, true, Reduction::Sum), element);
  Value last = apply(b, "maximum", {apply(b, "subtract", {count, of(1)}), of(0)});
  Value place = apply(b, "multiply", {last, of(fraction)});
  if (method == "nearest")
    place = apply(b, "round", place);
  Value below = apply(b, method == "higher" ? "ceil" : "floor", place);
  auto at = [&](Value i) { return takeAlong(b, sorted, i, dim); };
  Value result = at(below);
  if (method == "linear" || method == "midpoint") {
    Value distance = apply(b, "subtract", {at(apply(b, "ceil", place)), result});
    Value weight = method == "midpoint" ? of(0.5) : apply(b, "subtract", {place, below});
    result = apply(b, "add", {result, apply(b, "multiply", {distance, weight})});
  }
  Value isNone = apply(b, "equal", {count, of(0)});
  result = select(b, isNone, of(std::numeric_limits<double>::quiet_NaN()), result);
  return result ? squeeze(b, result, dim) : Value();
}

Value ops::searchSorted(TensorBuilder &b, Value sorted, Value values, bool countsEqual) {
  if (!sorted || !values)
    return {};
  int64_t rank = rankOf(values);
  Value isBefore =
      apply(b, countsEqual ? "less_equal" : "less", {sorted, expandDims(b, values, rank)});
  return reduce(b, convertTo(b, isBefore, b.builder.getI32Type()), rank, false, Reduction::Sum);
}
