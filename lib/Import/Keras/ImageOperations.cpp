//===- ImageOperations.cpp - convolutions, pools, sizes and colours in keras.ops -===//

#include "../Operations/Colors.h"
#include "../Operations/Resizing.h"
#include "../Operations/Shaping.h"
#include "Numbers.h"
#include "Windows.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

/// The window of a kernel that is an operand.
static std::optional<ops::Window> windowOf(LayerContext &layer) {
  if (!layer.ready())
    return std::nullopt;
  ArrayRef<int64_t> kernel = layer.shape(1);
  size_t count = layer.shape().size() - 2;
  if (kernel.size() != layer.shape().size() || (count != 1 && count != 2)) {
    layer.error() << "expected an input and a kernel of rank 3 or 4, found shapes "
                  << shown(layer.shape()) << " and " << shown(kernel);
    return std::nullopt;
  }
  ops::Window window = readWindow(layer, count, "");
  window.size.assign(kernel.begin(), kernel.begin() + count);
  return layer.ready() ? std::optional(window) : std::nullopt;
}

static Value importConv(LayerContext &layer) {
  auto window = windowOf(layer);
  if (!window)
    return {};
  int64_t channels = layer.shape()[window->channelDim()], filters = layer.shape(1).back();
  int64_t depth = layer.shape(1)[layer.shape(1).size() - 2], groups = channels / depth;
  if (channels % depth || filters % groups) {
    layer.error() << "a kernel of shape " << shown(layer.shape(1)) << " does not fit the "
                  << channels << " channels";
    return {};
  }
  auto placed = ops::place(layer, layer.shape(), *window, filters);
  return placed ? ops::convolution(layer, *placed, layer.input(0), layer.input(1), {}, groups, {})
                : Value();
}

static Value importDepthwiseConv(LayerContext &layer) {
  auto window = windowOf(layer);
  if (!window)
    return {};
  ArrayRef<int64_t> kernel = layer.shape(1).take_back(2);
  if (kernel[0] != layer.shape()[window->channelDim()]) {
    layer.error() << "a kernel of shape " << shown(layer.shape(1)) << " does not fit the input of "
                  << "shape " << shown(layer.shape());
    return {};
  }
  auto placed = ops::place(layer, layer.shape(), *window, kernel[0] * kernel[1]);
  return placed ? ops::depthwiseConvolution(layer, *placed, layer.input(0), layer.input(1), {}, {})
                : Value();
}

/// The depthwise kernel, then the pointwise one.
static Value importSeparableConv(LayerContext &layer) {
  auto window = windowOf(layer);
  if (!window)
    return {};
  ArrayRef<int64_t> kernel = layer.shape(1).take_back(2), pointwise = layer.shape(2);
  bool fits = kernel[0] == layer.shape()[window->channelDim()] &&
              pointwise.size() == layer.shape(1).size() &&
              llvm::all_of(pointwise.drop_back(2), [](int64_t size) { return size == 1; }) &&
              pointwise.take_back(2).front() == kernel[0] * kernel[1];
  if (!fits) {
    layer.error() << "kernels of shapes " << shown(layer.shape(1)) << " and " << shown(pointwise)
                  << " do not fit the input of shape " << shown(layer.shape());
    return {};
  }
  auto placed = ops::place(layer, layer.shape(), *window, pointwise.back());
  return placed ? ops::separableConvolution(layer, *placed, layer.input(0), layer.input(1),
                                            layer.input(2), {}, {})
                : Value();
}

template <PoolKind kind> static Value importPool(LayerContext &layer) {
  if (!layer.ready())
    return {};
  size_t count = layer.shape().size() - 2;
  ops::Window window = readWindow(layer, count == 1 ? 1 : 2, "pool_size");
  if (!layer.ready() || !layer.hasRank(window.rank()))
    return {};
  auto placed = ops::place(layer, layer.shape(), window, layer.shape()[window.channelDim()]);
  return placed ? ops::pool(layer, *placed, layer.input(), kind) : Value();
}

template <Value (*move)(ops::TensorBuilder &, Value, int64_t, DataFormat)>
static Value importBlocks(LayerContext &layer) {
  int64_t block = layer.integer("block_size", 1);
  DataFormat format = layer.dataFormat();
  return layer.ready() && layer.hasRank(4) ? move(layer, layer.input(), block, format) : Value();
}

//===----------------------------------------------------------------------===//
// Colours and blurred images
//===----------------------------------------------------------------------===//

/// The dimension of the channels; nothing after reporting what is no image of floats.
static std::optional<int64_t> channelDim(LayerContext &layer) {
  bool isLast = layer.dataFormat() == DataFormat::NHWC;
  if (!layer.ready() || !layer.hasRank(4))
    return std::nullopt;
  if (isa<FloatType>(ops::elementOf(layer.input())))
    return isLast ? 3 : 1;
  layer.error() << "expected an image of floats, found elements of type "
                << ops::elementOf(layer.input());
  return std::nullopt;
}

template <Value (*convert)(ops::TensorBuilder &, Value, int64_t)>
static Value importColors(LayerContext &layer) {
  auto dim = channelDim(layer);
  if (!dim)
    return {};
  if (layer.shape()[*dim] == 3)
    return convert(layer, layer.input(), *dim);
  layer.error() << "expected 3 channels, found an input of shape " << shown(layer.shape());
  return {};
}

/// The bell of one dimension, whose sum is 1.
static SmallVector<double> bell(int64_t size, double sigma) {
  SmallVector<double> numbers;
  double sum = 0;
  for (int64_t i = 0; i < size; ++i) {
    double x = (i - (size - 1) / 2.0) / sigma;
    numbers.push_back(std::exp(-0.5 * x * x));
    sum += numbers.back();
  }
  for (double &number : numbers)
    number /= sum;
  return numbers;
}

/// A depthwise convolution. Keras makes the product of the bells with the width's in rows, and
/// reads it in the kernel's shape, which differs where that is no square.
static Value importGaussianBlur(LayerContext &layer) {
  SmallVector<int64_t, 2> size = layer.spatial("kernel_size", 2, 1, SmallVector<int64_t, 2>{3, 3});
  const json::Value *given = layer.argument("sigma");
  auto sigma = given ? readNumbers(*given) : Numbers{{2}, {1, 1}};
  bool arePositive = sigma && llvm::all_of(sigma->values, [](float s) { return s > 0; });
  if (!arePositive || sigma->values.size() != 2)
    layer.unsupported("sigma", "two positive numbers");
  if (size[0] > 255 || size[1] > 255)
    layer.unsupported("kernel_size", "at most 255");
  auto dim = channelDim(layer);
  if (!dim)
    return {};
  ops::Window window;
  window.size = size;
  window.strides = window.dilations = {1, 1};
  window.padding = ops::Window::Same;
  window.format = layer.dataFormat();
  int64_t channels = layer.shape()[*dim];
  SmallVector<float> filter;
  for (double y : bell(size[1], sigma->values[1]))
    for (double x : bell(size[0], sigma->values[0]))
      filter.append(channels, float(x * y));
  auto placed = ops::place(layer, layer.shape(), window, channels);
  if (!placed)
    return {};
  Value kernel =
      layer.constant({size[0], size[1], channels, 1}, filter, ops::elementOf(layer.input()));
  return ops::depthwiseConvolution(layer, *placed, layer.input(), kernel, {}, {});
}

ArrayRef<LayerClass> sepconv::keras::imageOperations() {
  static const std::vector<StringRef> conv{"strides", "padding", "data_format", "dilation_rate"};
  static const std::vector<StringRef> pool{"pool_size", "strides", "padding", "data_format"};
  static const std::vector<StringRef> block{"block_size", "data_format"};
  static const LayerClass table[] = {
      {"AveragePool", importPool<PoolKind::Average>, pool},
      {"Conv", importConv, conv, 2, 2},
      {"DepthToSpace", importBlocks<ops::depthToSpace>, block},
      {"DepthwiseConv", importDepthwiseConv, conv, 2, 2},
      {"GaussianBlur", importGaussianBlur, {"kernel_size", "sigma", "data_format"}},
      {"HSVToRGB", importColors<ops::hsvToRgb>, {"data_format"}},
      {"MaxPool", importPool<PoolKind::Max>, pool},
      {"RGBToHSV", importColors<ops::rgbToHsv>, {"data_format"}},
      {"Resize", importResize, resizeArguments()},
      {"SeparableConv", importSeparableConv, conv, 3, 3},
      {"SpaceToDepth", importBlocks<ops::spaceToDepth>, block},
  };
  return table;
}
