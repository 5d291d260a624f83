//===- Ranges.cpp - bounds of slices, ranges of numbers --------------------------===//

#include "../Problems.h"
#include "Elementwise.h"
#include "Shaping.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

std::tuple<int64_t, int64_t, int64_t> ops::sliceBounds(int64_t size, int64_t start, int64_t end,
                                                       int64_t step) {
  step = std::clamp<int64_t>(step, -size - 1, size + 1);
  auto bounded = [&](int64_t at) {
    at = at < 0 ? std::max(at, -size - 1) + size : at;
    return std::clamp<int64_t>(at, step < 0 ? -1 : 0, step < 0 ? size - 1 : size);
  };
  int64_t first = bounded(start), last = bounded(end);
  int64_t distance = step < 0 ? first - last : last - first, stride = std::abs(step);
  return {first, std::max<int64_t>((distance + stride - 1) / stride, 0), step};
}

Value ops::padOrCrop(TensorBuilder &b, Value value, ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                     PadMode mode, double number) {
  SmallVector<int64_t> offsets, sizes, before, after;
  for (auto [size, l, h] : llvm::zip_equal(shapeOf(value), low, high)) {
    int64_t least = -size - 1; // more than everything is as wrong
    offsets.push_back(std::max<int64_t>(-std::max(l, least), 0));
    sizes.push_back(size + std::min<int64_t>(std::max(l, least), 0) +
                    std::min<int64_t>(std::max(h, least), 0));
    before.push_back(std::max<int64_t>(l, 0));
    after.push_back(std::max<int64_t>(h, 0));
  }
  SmallVector<int64_t> steps(sizes.size(), 1);
  Value part = slice(b, value, offsets, sizes, steps);
  bool isPadded = before != after || llvm::any_of(before, [](int64_t n) { return n > 0; });
  return part && isPadded ? pad(b, part, before, after, mode, number) : part;
}

Value ops::broadcastBoth(TensorBuilder &b, Value value, ArrayRef<int64_t> shape) {
  // A size of 1 of either is the other's.
  ArrayRef<int64_t> from = shapeOf(value);
  SmallVector<int64_t> both(shape);
  if (from.size() > both.size())
    both.insert(both.begin(), from.size() - both.size(), 1);
  for (size_t i = 0; i < from.size(); ++i)
    if (int64_t &size = both[both.size() - from.size() + i]; size == 1)
      size = from[i];
  return broadcastTo(b, value, both);
}

Value ops::range(TensorBuilder &b, double start, double limit, double delta, Type element) {
  double count = delta == 0 ? 0 : std::ceil((limit - start) / delta);
  constexpr double most = 1 << 24;
  if (!(count >= 1 && count <= most)) {
    b.error() << "expected a range of 1 to " << int64_t(most) << " numbers, found " << start
              << " to " << limit << " in steps of " << delta;
    return {};
  }
  SmallVector<Attribute> numbers;
  for (int64_t i = 0; i < int64_t(count); ++i) {
    double number = start + i * delta;
    numbers.push_back(isa<FloatType>(element) ? Attribute(b.builder.getFloatAttr(element, number))
                                              : b.builder.getIntegerAttr(element, int64_t(number)));
  }
  auto type = RankedTensorType::get(int64_t(count), element);
  return arith::ConstantOp::create(b.builder, b.loc, DenseElementsAttr::get(type, numbers));
}

Value ops::eye(TensorBuilder &b, int64_t rows, int64_t columns, int64_t diagonal) {
  if (!b.fits({rows, columns}))
    return {};
  Type element = b.builder.getF32Type();
  AffineMap map = AffineMap::get(2, 0, b.builder.getContext());
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Value row = linalg::IndexOp::create(builder, loc, 0);
    Value column = linalg::IndexOp::create(builder, loc, 1);
    Value moved = arith::AddIOp::create(builder, loc, row,
                                        arith::ConstantIndexOp::create(builder, loc, diagonal));
    Value isOn = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, moved, column);
    return arith::SelectOp::create(builder, loc, isOn, x[0], number(builder, loc, element, 0));
  };
  return elementwise(b, {rows, columns}, b.splat({}, element, 1), map, body);
}
