//===- Blocks.cpp - blocks of pixels as images of their own ----------------------===//

#include "Blocks.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "Shaping.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <numeric>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::spaceToBatch(TensorBuilder &b, Value value, ArrayRef<int64_t> block,
                        ArrayRef<int64_t> low, ArrayRef<int64_t> high) {
  SmallVector<int64_t> before(rankOf(value), 0), after(before);
  llvm::copy(low, before.begin() + 1);
  llvm::copy(high, after.begin() + 1);
  Value whole = pad(b, value, before, after);
  if (!whole)
    return {};
  // [N, H / h, h, W / w, w, ...] as [h, w, N, H / h, W / w, ...]
  ArrayRef<int64_t> shape = shapeOf(whole);
  SmallVector<int64_t> split{shape[0]}, order, places{0}, result{shape[0]};
  for (auto [i, size] : llvm::enumerate(block)) {
    if (shape[i + 1] % size) {
      b.error() << "expected sizes that are multiples of the block " << shown(block)
                << ", found shape " << shown(shape) << " with its padding";
      return {};
    }
    split.append({shape[i + 1] / size, size});
    order.push_back(2 * i + 2);
    places.push_back(2 * i + 1);
    result.front() *= size;
    result.push_back(shape[i + 1] / size);
  }
  for (int64_t size : shape.drop_front(block.size() + 1)) {
    places.push_back(split.size());
    split.push_back(size);
    result.push_back(size);
  }
  llvm::append_range(order, places);
  return reshape(b, transpose(b, reshape(b, whole, split), order), result);
}

Value ops::batchToSpace(TensorBuilder &b, Value value, ArrayRef<int64_t> block,
                        ArrayRef<int64_t> low, ArrayRef<int64_t> high) {
  ArrayRef<int64_t> shape = shapeOf(value);
  int64_t count = 1;
  for (int64_t size : block) {
    count *= size;
    if (shape[0] % count) {
      b.error() << "expected a batch that is a multiple of the block " << shown(block)
                << ", found shape " << shown(shape);
      return {};
    }
  }
  // [h, w, N, H, W, ...] as [N, H, h, W, w, ...]
  int64_t blocks = block.size();
  SmallVector<int64_t> split(block), order{blocks}, whole{shape[0] / count};
  split.push_back(shape[0] / count);
  llvm::append_range(split, shape.drop_front());
  SmallVector<int64_t> offsets(rankOf(value), 0), sizes, steps(rankOf(value), 1);
  for (int64_t i = 0; i < blocks; ++i) {
    order.append({blocks + 1 + i, i});
    whole.push_back(shape[i + 1] * block[i]);
  }
  for (int64_t dim = blocks + 1; dim < rankOf(value); ++dim) {
    order.push_back(blocks + dim);
    whole.push_back(shape[dim]);
  }
  sizes = whole;
  for (int64_t i = 0; i < blocks; ++i) {
    offsets[i + 1] = low[i];
    sizes[i + 1] -= low[i] + high[i];
  }
  Value image = reshape(b, transpose(b, reshape(b, value, split), order), whole);
  return slice(b, image, offsets, sizes, steps);
}

//===----------------------------------------------------------------------===//
// Pools that know their places
//===----------------------------------------------------------------------===//

std::pair<Value, Value> ops::maxPoolWithPlaces(TensorBuilder &b, Value image,
                                               ArrayRef<int64_t> size, ArrayRef<int64_t> strides,
                                               ArrayRef<int64_t> padding,
                                               ArrayRef<int64_t> output) {
  // Each element of the window is an operand.
  constexpr int64_t maxElements = 64;
  if (size[0] > maxElements || size[1] > maxElements / size[0]) {
    b.error() << "expected a window of at most " << maxElements << " elements, found "
              << shown(size);
    return {};
  }
  double least = -std::numeric_limits<double>::infinity();
  Value whole = pad(b, image, {0, padding[0], padding[2], 0}, {0, padding[1], padding[3], 0},
                    PadMode::Constant, least);
  SmallVector<Value> elements;
  for (int64_t y = 0; whole && y < size[0]; ++y)
    for (int64_t x = 0; x < size[1]; ++x)
      elements.push_back(slice(b, whole, {0, y, x, 0}, output, {1, strides[0], strides[1], 1}));
  if (!whole)
    return {};
  auto place = [](OpBuilder &builder, Location loc, ValueRange x) {
    Value best = x.front(), where = number(builder, loc, best.getType(), 0);
    for (auto [i, element] : llvm::enumerate(x.drop_front())) {
      Value isMore = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, element, best);
      best = arith::SelectOp::create(builder, loc, isMore, element, best);
      where = arith::SelectOp::create(builder, loc, isMore,
                                      number(builder, loc, best.getType(), i + 1), where);
    }
    return where;
  };
  return {foldAll(b, "maximum", elements, false), broadcast(b, elements, false, place)};
}

Value ops::unpool(TensorBuilder &b, Value image, Value places, ArrayRef<int64_t> size) {
  ArrayRef<int64_t> shape = shapeOf(image);
  SmallVector<int64_t> output{shape[0], shape[1] * size[0], shape[2] * size[1], shape[3]};
  if (!b.fits(output))
    return {};
  SmallVector<float> numbers(size[0] * size[1]);
  std::iota(numbers.begin(), numbers.end(), 0.0f);
  Value each = b.constant({int64_t(numbers.size()), 1}, numbers);
  auto body = [](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Value whole = math::FloorOp::create(builder, loc, x[1]);
    Value isHere = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, whole, x[2]);
    return arith::SelectOp::create(builder, loc, isHere, x[0],
                                   number(builder, loc, x[0].getType(), 0));
  };
  Value blocks =
      broadcast(b, {expandDims(b, image, 3), expandDims(b, places, 3), each}, false, body);
  Value split = reshape(b, blocks, {shape[0], shape[1], shape[2], size[0], size[1], shape[3]});
  return reshape(b, transpose(b, split, {0, 1, 3, 2, 4, 5}), output);
}
