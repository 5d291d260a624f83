//===- Sampling.cpp - an image read at places that are counted in pixels ----------===//

#include "Sampling.h"
#include "../Problems.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::sumOver(Numbers n, Value image, ArrayRef<SmallVector<Tap>> taps,
                   const GridSampling &sampling, SmallVector<Value> &at, Value weight,
                   Value isInside) {
  if (taps.empty()) {
    Value pixel = tensor::ExtractOp::create(n.b, n.loc, image, at);
    pixel = convert(n.b, n.loc, pixel, n.type);
    if (isInside)
      pixel = n.select(isInside, pixel, n.of(sampling.number));
    return weight ? n.mul(pixel, weight) : pixel;
  }
  Value sum;
  for (const Tap &tap : taps.front()) {
    Value inside = tap.isInside && isInside
                       ? Value(arith::AndIOp::create(n.b, n.loc, isInside, tap.isInside))
                   : tap.isInside ? tap.isInside
                                  : isInside;
    at.push_back(tap.place);
    Value part = sumOver(n, image, taps.drop_front(), sampling, at,
                         weight ? n.mul(weight, tap.weight) : tap.weight, inside);
    at.pop_back();
    sum = sum ? n.add(sum, part) : part;
  }
  return sum;
}

SmallVector<Tap> ops::tapsAround(Numbers n, Value x, int64_t size, const GridSampling &sampling) {
  auto tap = [&](Value pixel, Value weight) -> Tap {
    Value moved = pixel;
    if (sampling.outside == GridSampling::Wrap)
      moved = n.sub(pixel, n.mul(n.of(size), n.floor(n.div(pixel, size))));
    Value isInside = n.isWithin(pixel, 0, size - 1);
    return {n.placeOf(moved, size), weight,
            sampling.outside == GridSampling::Constant ? isInside : Value()};
  };
  if (sampling.mode == GridSampling::Nearest)
    return {tap(x, n.of(1))};
  Value first = n.floor(x), part = n.sub(x, first), one = n.of(1);
  return {tap(first, n.sub(one, part)), tap(n.add(first, one), part)};
}

Value ops::sampleAt(TensorBuilder &b, Value image, Value places, const GridSampling &sampling) {
  if (!image || !places)
    return {};
  int64_t rank = rankOf(image), count = rankOf(places) - 1;
  if (rank < 1 || count < 1 || shapeOf(places).front() != rank) {
    b.error() << "expected a place of " << rank << " numbers in shape " << shown(shapeOf(image))
              << ", found shape " << shown(shapeOf(places));
    return {};
  }
  SmallVector<int64_t> shape(shapeOf(places).drop_front());
  if (!b.fits(shape))
    return {};
  SmallVector<AffineMap> maps;
  for (int64_t i = 0; i < rank; ++i) {
    SmallVector<AffineExpr> from{b.builder.getAffineConstantExpr(i)};
    for (int64_t dim = 0; dim < count; ++dim)
      from.push_back(b.builder.getAffineDimExpr(dim));
    maps.push_back(AffineMap::get(count, 0, from, b.builder.getContext()));
  }
  Type element = elementOf(image);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange at) -> Value {
    Numbers n{builder, loc, isa<FloatType>(element) ? computedIn(element) : builder.getF32Type()};
    std::vector<SmallVector<Tap>> taps;
    for (int64_t i = 0; i < rank; ++i) {
      Value x = convert(builder, loc, at[i], n.type);
      if (sampling.mode == GridSampling::Nearest)
        x = math::RoundEvenOp::create(builder, loc, x);
      taps.push_back(tapsAround(n, x, shapeOf(image)[i], sampling));
    }
    SmallVector<Value> none;
    Value sum = sumOver(n, image, taps, sampling, none);
    if (!isa<FloatType>(element))
      sum = math::RoundEvenOp::create(builder, loc, sum);
    return convert(builder, loc, sum, element);
  };
  return elementwise(b, shape, SmallVector<Value>(rank, places), maps, body, element);
}

//===----------------------------------------------------------------------===//
// Projections
//===----------------------------------------------------------------------===//

/// Where TensorFlow's kernel reads what is outside (core/kernels/image/image_ops.h).
static Value movedInside(Numbers n, Value x, int64_t size, GridSampling::Outside outside) {
  Value zero = n.of(0), whole = n.of(size), twice = n.of(2 * size), one = n.of(1);
  Value low, high;
  if (outside == GridSampling::Constant)
    return x;
  if (outside == GridSampling::Reflection) {
    low = n.add(x, n.mul(twice, n.floor(n.div(x, -2 * size))));
    low = n.select(n.isLess(low, n.of(-size)), n.add(low, twice), n.sub(n.of(-1), low));
    high = n.sub(x, n.mul(twice, n.floor(n.div(x, 2 * size))));
    high = n.select(n.isLess(high, whole), high, n.sub(n.sub(twice, high), one));
  } else if (outside == GridSampling::Wrap && size > 1) {
    low = n.add(x, n.mul(whole, n.add(n.floor(n.div(x, 1 - size)), one)));
    high = n.sub(x, n.mul(whole, n.floor(n.div(x, size - 1))));
  }
  if (low)
    x = n.select(n.isLess(x, zero), low, n.select(n.isLess(n.of(size - 1), x), high, x));
  return n.bounded(x, 0, size - 1);
}

/// The nearest whole number, of two the one that is farther from 0.
static Value roundedAway(Numbers n, Value x) {
  Value half = n.of(0.5), zero = n.of(0);
  Value negative = n.sub(zero, n.floor(n.sub(half, x)));
  return n.select(n.isLess(x, zero), negative, n.floor(n.add(x, half)));
}

Value ops::projectImage(TensorBuilder &b, Value image, Value transforms,
                        const GridSampling &sampling) {
  if (!image || !transforms)
    return {};
  ArrayRef<int64_t> shape = shapeOf(image), given = shapeOf(transforms);
  if (shape.size() != 4 || given.size() != 2 || given[1] != 8 ||
      (given[0] != 1 && given[0] != shape[0])) {
    b.error() << "expected images and 8 numbers for each or for all, found shapes " << shown(shape)
              << " and " << shown(given);
    return {};
  }
  SmallVector<AffineMap> maps;
  for (int64_t i = 0; i < 8; ++i) {
    AffineExpr from[] = {given[0] == 1 ? b.builder.getAffineConstantExpr(0)
                                       : b.builder.getAffineDimExpr(0),
                         b.builder.getAffineConstantExpr(i)};
    maps.push_back(AffineMap::get(4, 0, from, b.builder.getContext()));
  }
  Type element = elementOf(image);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange t) -> Value {
    Numbers n{builder, loc, isa<FloatType>(element) ? computedIn(element) : builder.getF32Type()};
    auto index = [&](int64_t dim) -> Value { return linalg::IndexOp::create(builder, loc, dim); };
    auto pixel = [&](int64_t dim) {
      Value whole =
          arith::IndexCastOp::create(builder, loc, builder.getI32Type(), index(dim)).getResult();
      return convert(builder, loc, whole, n.type);
    };
    Value y = pixel(1), x = pixel(2), zero = n.of(0);
    auto line = [&](int64_t at, Value constant) {
      auto factor = [&](int64_t i) { return convert(builder, loc, t[at + i], n.type); };
      return n.add(n.add(n.mul(factor(0), x), n.mul(factor(1), y)),
                   constant ? constant : factor(2));
    };
    Value depth = line(6, n.of(1));
    Value isSeen = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::UNE, depth, zero);
    depth = n.select(isSeen, depth, n.of(1));
    std::vector<SmallVector<Tap>> taps;
    for (int64_t dim : {1, 2}) {
      Value place = arith::DivFOp::create(builder, loc, line(dim == 1 ? 3 : 0, {}), depth);
      place = movedInside(n, place, shape[dim], sampling.outside);
      if (sampling.mode == GridSampling::Nearest)
        place = roundedAway(n, place);
      // What was moved inside still has a neighbour outside, which then is the number.
      GridSampling outside = sampling;
      outside.outside = GridSampling::Constant;
      taps.push_back(tapsAround(n, place, shape[dim], outside));
    }
    taps.push_back({{index(3), n.of(1), {}}});
    SmallVector<Value> at{index(0)};
    Value sum = sumOver(n, image, taps, sampling, at);
    return convert(builder, loc, n.select(isSeen, sum, n.of(sampling.number)), element);
  };
  return elementwise(b, shape, SmallVector<Value>(8, transforms), maps, body, element);
}
