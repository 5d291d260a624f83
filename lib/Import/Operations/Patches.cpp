//===- Patches.cpp - images of patches, and edges ---------------------------------===//

#include "../Problems.h"
#include "Shaping.h"
#include "Windows.h"

#include "sepconv/IR/Window.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// A transposed convolution of each channel by itself: an element of a column is one of its input's
/// channels, and has its place in the window as its filter.
Value ops::addPatches(TensorBuilder &b, const Window &window, Value columns,
                      ArrayRef<int64_t> sizes) {
  if (!columns)
    return {};
  ArrayRef<int64_t> shape = shapeOf(columns);
  int64_t taps = window.size[0] * window.size[1], counts[2];
  bool fits = shape.size() == 3 && taps <= kMaxSize && shape[1] % taps == 0;
  Window spread = window;
  spread.format = DataFormat::NHWC;
  for (size_t i : {0, 1}) {
    auto &[before, after] = spread.margins[i];
    int64_t span = dilatedSize(window.size[i], window.dilations[i]);
    int64_t room = sizes[i] + before + after - span;
    counts[i] = room < 0 ? 0 : room / window.strides[i] + 1;
    // What the last window leaves over at the end is not cropped but added.
    after -= room < 0 ? 0 : room % window.strides[i];
  }
  if (!fits || shape[2] != counts[0] * counts[1]) {
    b.error() << "expected columns of a window of " << taps << " elements at " << counts[0] << " x "
              << counts[1] << " places, found shape " << shown(shape);
    return {};
  }
  int64_t images = shape[0], channels = shape[1] / taps;
  SmallVector<float> numbers(taps * taps, 0);
  for (int64_t i = 0; i < taps; ++i)
    numbers[i * taps + i] = 1;
  Value filter = b.constant({window.size[0], window.size[1], 1, taps}, numbers, elementOf(columns));
  Value each = reshape(b, columns, {images * channels, taps, counts[0], counts[1]});
  each = transpose(b, each, {0, 2, 3, 1});
  Value result = transposedConvolution(b, spread, std::nullopt, each, filter, {}, {});
  return result ? reshape(b, result, {images, channels, sizes[0], sizes[1]}) : Value();
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
