//===- Patches.cpp - images of patches, and edges ---------------------------------===//

#include "../Problems.h"
#include "Shaping.h"
#include "Windows.h"

#include "sepconv/IR/Window.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// The filter has a number for each pair of a window's elements.
static constexpr int64_t maxTaps = 1 << 10;

/// A transposed convolution of each channel by itself: an element of a column is one of its input's
/// channels, and has its place in the window as its filter.
Value ops::addPatches(TensorBuilder &b, const Window &window, Value columns,
                      ArrayRef<int64_t> sizes) {
  if (!columns)
    return {};
  ArrayRef<int64_t> shape = shapeOf(columns);
  size_t count = sizes.size();
  int64_t taps = 1;
  SmallVector<int64_t> counts(count), filterShape(ArrayRef(window.size)), result, order{0};
  Window spread = window;
  spread.format = DataFormat::NHWC;
  for (size_t i = 0; i < count; ++i) {
    auto &[before, after] = spread.margins[i];
    int64_t span = dilatedSize(window.size[i], window.dilations[i]);
    int64_t room = sizes[i] + before + after - span;
    counts[i] = room < 0 ? 0 : room / window.strides[i] + 1;
    // What the last window leaves over at the end is not cropped but added.
    after -= room < 0 ? 0 : room % window.strides[i];
    taps = std::min(taps * window.size[i], kMaxSize);
    order.push_back(2 + i);
  }
  order.push_back(1);
  bool fits = shape.size() == 3 && shape[1] % taps == 0 && taps <= maxTaps;
  if (!fits || shape[2] != ShapedType::getNumElements(counts)) {
    b.error() << "expected columns of a window of " << taps << " elements, at most " << maxTaps
              << ", at " << shown(counts) << " places, found shape " << shown(shape);
    return {};
  }
  int64_t images = shape[0], channels = shape[1] / taps;
  SmallVector<float> numbers(taps * taps, 0);
  for (int64_t i = 0; i < taps; ++i)
    numbers[i * taps + i] = 1;
  filterShape.append({1, taps});
  Value filter = b.constant(filterShape, numbers, elementOf(columns));
  SmallVector<int64_t> apart{images * channels, taps};
  apart.append(counts);
  Value each = transpose(b, reshape(b, columns, apart), order);
  Value sum = transposedConvolution(b, spread, std::nullopt, each, filter, {}, {});
  result = {images, channels};
  result.append(sizes.begin(), sizes.end());
  return sum ? reshape(b, sum, result) : Value();
}

Value ops::sobelEdges(TensorBuilder &b, Value image) {
  if (!image)
    return {};
  SmallVector<int64_t> shape(shapeOf(image));
  if (shape.size() != 4 || shape[1] < 2 || shape[2] < 2) {
    b.error() << "expected images of 2 rows and columns or more, found shape " << shown(shape);
    return {};
  }
  SmallVector<float> numbers;
  for (int64_t y : {-1, 0, 1})
    for (int64_t x : {-1, 0, 1})
      for (int64_t channel = 0; channel < shape[3]; ++channel)
        numbers.append({float(y * (2 - x * x)), float(x * (2 - y * y))});
  Value filter = b.constant({3, 3, shape[3], 2}, numbers, elementOf(image));
  Value padded = pad(b, image, {0, 1, 1, 0}, {0, 1, 1, 0}, PadMode::Reflect);
  Window window;
  window.size = {3, 3};
  window.strides = window.dilations = {1, 1};
  auto placed = padded ? place(b, shapeOf(padded), window, 2 * shape[3]) : std::nullopt;
  if (!placed)
    return {};
  Value edges = depthwiseConvolution(b, *placed, padded, filter, {}, {});
  shape.push_back(2);
  return edges ? reshape(b, edges, shape) : Value();
}
