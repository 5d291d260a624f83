//===- MaxPoolIndices.cpp - pools that know their places, and back ---------------===//

#include "../Problems.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Windows.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

namespace {

/// Integers of one type, in the body of an operation.
struct Integers {
  OpBuilder &b;
  Location loc;
  Type type;

  Value of(int64_t n) { return number(b, loc, type, double(n)); }
  Value loop(int64_t dim) {
    return arith::IndexCastOp::create(b, loc, type, linalg::IndexOp::create(b, loc, dim));
  }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, loc, x, y); }
  Value mul(Value x, int64_t y) { return arith::MulIOp::create(b, loc, x, of(y)); }
  Value div(Value x, int64_t y) { return arith::DivSIOp::create(b, loc, x, of(y)); }
  Value rem(Value x, int64_t y) { return arith::RemSIOp::create(b, loc, x, of(y)); }
  Value both(Value x, Value y) { return arith::AndIOp::create(b, loc, x, y); }
  Value is(arith::CmpIPredicate predicate, Value x, int64_t y) {
    return arith::CmpIOp::create(b, loc, predicate, x, of(y));
  }
};

} // namespace

/// The number of an element of [images, channels, spatial...].
static Value flatIndex(Integers n, ArrayRef<int64_t> shape, ArrayRef<Value> places,
                       bool columnsFirst) {
  Value index = n.add(n.mul(n.loop(0), shape[1]), n.loop(1));
  for (size_t i = 0; i < places.size(); ++i) {
    size_t at = columnsFirst ? places.size() - 1 - i : i;
    index = n.add(n.mul(index, shape[2 + at]), places[at]);
  }
  return index;
}

Value ops::maxPoolIndices(TensorBuilder &b, const Window &window, Value input, bool columnsFirst) {
  if (!input)
    return {};
  int64_t rank = rankOf(input), count = window.size.size();
  Type i32 = b.builder.getI32Type(); // which loops have
  Value elements = windowsOf(b, window, input, -std::numeric_limits<double>::infinity());
  Value inWindow = extremumIndex(b, elements, rank, false, /*isMax=*/true, /*isLast=*/false, i32);
  if (!inWindow)
    return {};
  SmallVector<int64_t> before;
  for (int64_t i = 0; i < count; ++i)
    before.push_back(place(b, window, i, shapeOf(input)[2 + i])->before);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Integers n{builder, loc, i32};
    SmallVector<Value> places(count);
    Value rest = x[0];
    for (int64_t i = count; i-- > 0; rest = n.div(rest, window.size[i])) {
      Value begin = n.add(n.mul(n.loop(2 + i), window.strides[i]), n.of(-before[i]));
      places[i] = n.add(begin, n.mul(n.rem(rest, window.size[i]), window.dilations[i]));
    }
    return flatIndex(n, shapeOf(input), places, columnsFirst);
  };
  return elementwise(b, shapeOf(inWindow), inWindow, b.builder.getMultiDimIdentityMap(rank), body,
                     b.builder.getI64Type());
}

/// An element looks for itself in the windows that reach it.
Value ops::maxUnpool(TensorBuilder &b, const Window &window, Value value, Value indices) {
  constexpr int64_t maxWindows = 64; // each is read in the body
  if (!value || !indices)
    return {};
  ArrayRef<int64_t> from = shapeOf(value);
  SmallVector<int64_t> shape(from);
  int64_t count = window.size.size(), windows = 1;
  SmallVector<int64_t> reaching;
  for (int64_t i = 0; i < count; ++i) {
    auto [before, after] = window.margins[i];
    shape[2 + i] = (from[2 + i] - 1) * window.strides[i] + window.size[i] - before - after;
    reaching.push_back((window.size[i] - 1) / window.strides[i] + 1);
    windows = std::min(windows * reaching.back(), maxWindows + 1);
  }
  if (!b.fits(shape))
    return {};
  if (shapeOf(indices) != from || windows > maxWindows) {
    b.error() << "expected an index for each element of " << shown(from) << " and at most "
              << maxWindows << " windows over an element, found shape " << shown(shapeOf(indices))
              << " and " << windows;
    return {};
  }
  Type element = elementOf(value);
  indices = convertTo(b, indices, b.builder.getI32Type());
  auto body = [&](OpBuilder &builder, Location loc, ValueRange) -> Value {
    using P = arith::CmpIPredicate;
    Integers n{builder, loc, builder.getI32Type()};
    SmallVector<Value> places, last;
    for (int64_t i = 0; i < count; ++i) {
      places.push_back(n.loop(2 + i));
      last.push_back(n.div(n.add(places[i], n.of(window.margins[i].first)), window.strides[i]));
    }
    Value index = flatIndex(n, shape, places, /*columnsFirst=*/false);
    Value result = number(builder, loc, element, 0);
    for (int64_t at = 0; at < windows; ++at) {
      SmallVector<Value> source{linalg::IndexOp::create(builder, loc, 0),
                                linalg::IndexOp::create(builder, loc, 1)};
      Value isHere = number(builder, loc, builder.getI1Type(), 1);
      int64_t rest = at;
      for (int64_t i = 0; i < count; rest /= reaching[i++]) {
        Value of = n.add(last[i], n.of(-(rest % reaching[i])));
        isHere = n.both(isHere, n.both(n.is(P::sge, of, 0), n.is(P::slt, of, from[2 + i])));
        Value bounded = arith::MinSIOp::create(builder, loc, of, n.of(from[2 + i] - 1));
        bounded = arith::MaxSIOp::create(builder, loc, bounded, n.of(0));
        source.push_back(arith::IndexCastOp::create(builder, loc, builder.getIndexType(), bounded));
      }
      Value found = tensor::ExtractOp::create(builder, loc, indices, source);
      isHere = n.both(isHere, arith::CmpIOp::create(builder, loc, P::eq, found, index));
      Value kept = tensor::ExtractOp::create(builder, loc, value, source);
      result = arith::SelectOp::create(builder, loc, isHere, kept, result);
    }
    return result;
  };
  return elementwise(b, shape, {}, {}, body, element);
}
