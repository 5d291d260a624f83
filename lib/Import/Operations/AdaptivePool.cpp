//===- AdaptivePool.cpp - pools of as many windows as are wanted -----------------===//
//
// Window i of n over a dimension of size s has the elements from floor(i * s / n) to
// ceil((i + 1) * s / n).
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "Reductions.h"
#include "Shaping.h"
#include "Windows.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

static std::pair<int64_t, int64_t> windowOf(int64_t i, int64_t size, int64_t windows) {
  return {i * size / windows, llvm::divideCeil((i + 1) * size, windows)};
}

/// The product with a matrix of the parts that elements have in windows.
static Value averageAlong(TensorBuilder &b, Value value, int64_t dim, int64_t windows) {
  int64_t size = shapeOf(value)[dim];
  SmallVector<float> parts(windows * size, 0);
  for (int64_t i = 0; i < windows; ++i) {
    auto [begin, end] = windowOf(i, size, windows);
    for (int64_t at = begin; at < end; ++at)
      parts[i * size + at] = 1.0f / (end - begin);
  }
  std::string names = StringRef("abcdefgh").take_front(rankOf(value)).str(), result = names;
  result[dim] = 'z';
  std::string matrixNames{'z', names[dim]};
  Value matrix = b.constant({windows, size}, parts, elementOf(value));
  return contract(b, value, names, matrix, matrixNames, result);
}

static Value greatestAlong(TensorBuilder &b, Value value, int64_t dim, int64_t windows) {
  SmallVector<Value> all;
  for (int64_t i = 0; i < windows; ++i) {
    auto [begin, end] = windowOf(i, shapeOf(value)[dim], windows);
    all.push_back(reduce(b, slice(b, value, dim, begin, end - begin), dim, true, Reduction::Max));
  }
  return concatenate(b, all, dim);
}

Value ops::adaptivePool(TensorBuilder &b, Value value, PoolKind kind, ArrayRef<int64_t> windows,
                        DataFormat format) {
  Window window;
  window.format = format;
  bool isEven = true;
  for (auto [i, count] : llvm::enumerate(windows)) {
    int64_t size = shapeOf(value)[window.format == DataFormat::NHWC ? i + 1 : i + 2];
    isEven &= size % count == 0;
    window.size.push_back(std::max<int64_t>(size / count, 1));
    window.dilations.push_back(1);
  }
  window.strides = window.size;
  if (isEven && windows.size() > 2)
    return kind == PoolKind::Max ? maxPool(b, window, value)
                                 : averagePool(b, window, value, /*countsPadding=*/false);
  if (isEven) {
    auto placed = place(b, shapeOf(value), window, shapeOf(value)[window.channelDim()]);
    return placed ? pool(b, *placed, value, kind) : Value();
  }
  SmallVector<int64_t> output(shapeOf(value));
  for (auto [i, count] : llvm::enumerate(windows))
    output[window.firstDim() + i] = count;
  if (!b.fits(output))
    return {};
  for (auto [i, count] : llvm::enumerate(windows))
    value = kind == PoolKind::Average ? averageAlong(b, value, window.firstDim() + i, count)
                                      : greatestAlong(b, value, window.firstDim() + i, count);
  return value;
}
