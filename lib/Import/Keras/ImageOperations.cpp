//===- ImageOperations.cpp - convolutions, pools and sizes in keras.ops ----------===//

#include "../Operations/Resizing.h"
#include "../Operations/Shaping.h"
#include "Windows.h"

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

ArrayRef<LayerClass> sepconv::keras::imageOperations() {
  static const std::vector<StringRef> conv{"strides", "padding", "data_format", "dilation_rate"};
  static const std::vector<StringRef> pool{"pool_size", "strides", "padding", "data_format"};
  static const std::vector<StringRef> block{"block_size", "data_format"};
  static const LayerClass table[] = {
      {"AveragePool", importPool<PoolKind::Average>, pool},
      {"Conv", importConv, conv, 2, 2},
      {"DepthToSpace", importBlocks<ops::depthToSpace>, block},
      {"DepthwiseConv", importDepthwiseConv, conv, 2, 2},
      {"MaxPool", importPool<PoolKind::Max>, pool},
      {"Resize", importResize, resizeArguments()},
      {"SeparableConv", importSeparableConv, conv, 3, 3},
      {"SpaceToDepth", importBlocks<ops::spaceToDepth>, block},
  };
  return table;
}
