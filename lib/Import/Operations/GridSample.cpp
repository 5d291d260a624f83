//===- GridSample.cpp - an image read at places that are computed ----------------===//

#include "GridSample.h"
#include "../Problems.h"
#include "Sampling.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

namespace {

/// One dimension of `size` pixels.
class Axis {
public:
  Axis(Numbers n, const GridSampling &sampling, int64_t size)
      : n(n), sampling(sampling), size(size), least(sampling.alignsCorners ? 0 : -0.5),
        greatest(double(size - 1) - least) {}

  /// The pixels around a place from -1 to 1.
  SmallVector<Tap> taps(Value place);

private:
  Value reflected(Value x);
  Value outside(Value x, double first, double last);
  Tap tap(Value x, Value weight);

  Numbers n;
  const GridSampling &sampling;
  int64_t size;
  /// The image's edges.
  double least, greatest;
};

} // namespace

/// Back and forth between the edges.
Value Axis::reflected(Value x) {
  double range = greatest - least;
  if (range <= 0)
    return n.of(0);
  Value distance = math::AbsFOp::create(n.b, n.loc, n.sub(x, n.of(least)));
  Value rounds = math::FloorOp::create(n.b, n.loc, n.mul(distance, n.of(0.5 / range)));
  Value there = n.sub(distance, n.mul(rounds, n.of(2 * range)));
  Value back = n.sub(n.of(2 * range), there);
  return n.add(n.of(least), arith::MinimumFOp::create(n.b, n.loc, there, back));
}

Value Axis::outside(Value x, double first, double last) {
  if (sampling.outside == GridSampling::Constant)
    return x;
  Value moved = sampling.outside == GridSampling::Border ? n.bounded(x, 0, size - 1) : reflected(x);
  return arith::SelectOp::create(n.b, n.loc, n.isWithin(x, first, last), x, moved);
}

Tap Axis::tap(Value x, Value weight) {
  Value isInside = n.isWithin(x, 0, size - 1);
  Value place = n.placeOf(outside(x, 0, size - 1), size);
  return {place, weight, sampling.outside == GridSampling::Constant ? isInside : Value()};
}

SmallVector<Tap> Axis::taps(Value place) {
  // (place + 1) / 2 * (size - 1), or ((place + 1) * size - 1) / 2
  double scale = (sampling.alignsCorners ? size - 1 : size) / 2.0;
  Value x = n.add(n.mul(n.add(place, n.of(1)), n.of(scale)), n.of(least));
  if (sampling.mode == GridSampling::Nearest)
    x = math::RoundEvenOp::create(n.b, n.loc, x);
  x = outside(x, least, greatest);
  if (sampling.mode == GridSampling::Nearest)
    return {tap(math::RoundEvenOp::create(n.b, n.loc, x), n.of(1))};
  Value first = math::FloorOp::create(n.b, n.loc, x), part = n.sub(x, first), one = n.of(1);
  if (sampling.mode == GridSampling::Linear)
    return {tap(first, n.sub(one, part)), tap(n.add(first, one), part)};
  // Keys's cubic convolution, with -0.75.
  SmallVector<Tap> taps;
  for (int64_t i = -1; i <= 2; ++i) {
    Value d = math::AbsFOp::create(n.b, n.loc, n.sub(part, n.of(i)));
    auto polynomial = [&](double cubic, double square, double linear, double constant) {
      Value sum = n.add(n.mul(n.of(cubic), d), n.of(square));
      return n.add(n.mul(n.add(n.mul(sum, d), n.of(linear)), d), n.of(constant));
    };
    bool isNear = i == 0 || i == 1;
    Value weight = isNear ? polynomial(1.25, -2.25, 0, 1) : polynomial(-0.75, 3.75, -6, 3);
    taps.push_back(tap(n.add(first, n.of(i)), weight));
  }
  return taps;
}

Value ops::gridSample(TensorBuilder &b, Value image, Value grid, const GridSampling &sampling) {
  int64_t rank = rankOf(image), count = rank - 2;
  if (count < 1 || count > 3 || rankOf(grid) != rank || shapeOf(grid).back() != count ||
      shapeOf(grid)[0] != shapeOf(image)[0]) {
    b.error() << "expected an image of 1 to 3 spatial dimensions and a grid of places in it, found "
                 "shapes "
              << shown(shapeOf(image)) << " and " << shown(shapeOf(grid));
    return {};
  }
  SmallVector<int64_t> shape(shapeOf(image).take_front(2));
  llvm::append_range(shape, shapeOf(grid).drop_front().drop_back());
  if (!b.fits(shape))
    return {};
  SmallVector<AffineMap> maps;
  for (int64_t i = 0; i < count; ++i) {
    SmallVector<AffineExpr> from{b.builder.getAffineDimExpr(0)};
    for (int64_t dim = 2; dim < rank; ++dim)
      from.push_back(b.builder.getAffineDimExpr(dim));
    from.push_back(b.builder.getAffineConstantExpr(count - 1 - i));
    maps.push_back(AffineMap::get(rank, 0, from, b.builder.getContext()));
  }
  Type element = elementOf(image);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange places) -> Value {
    Numbers n{builder, loc, computedIn(element)};
    std::vector<SmallVector<Tap>> taps;
    for (int64_t i = 0; i < count; ++i)
      taps.push_back(
          Axis(n, sampling, shapeOf(image)[2 + i]).taps(convert(builder, loc, places[i], n.type)));
    SmallVector<Value> at{linalg::IndexOp::create(builder, loc, 0),
                          linalg::IndexOp::create(builder, loc, 1)};
    return convert(builder, loc, sumOver(n, image, taps, sampling, at), element);
  };
  return elementwise(b, shape, SmallVector<Value>(count, grid), maps, body, element);
}
