//===- Convolution.cpp - convolutions and Dense ----------------------------------===//

#include "../Operations/Activations.h"
#include "Windows.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using Numbers2 = SmallVector<int64_t, 2>;

ops::Window sepconv::keras::readWindow(LayerContext &layer, size_t count, StringRef sizeName,
                                       ArrayRef<StringRef> paddings) {
  ops::Window window;
  bool isPool = sizeName == "pool_size";
  std::optional<Numbers2> size = isPool ? std::optional(Numbers2(count, 2)) : std::nullopt;
  window.size = sizeName.empty() ? Numbers2(count, 1) : layer.spatial(sizeName, count, 1, size);
  window.strides = layer.spatial("strides", count, 1, isPool ? window.size : Numbers2(count, 1));
  window.dilations = Numbers2(count, 1);
  if (!isPool)
    window.dilations = layer.spatial("dilation_rate", count, 1, window.dilations);
  StringRef padding = layer.choice("padding", paddings, "valid");
  window.padding = padding == "same"     ? ops::Window::Same
                   : padding == "causal" ? ops::Window::Causal
                                         : ops::Window::Valid;
  window.format = layer.dataFormat();
  return window;
}

namespace {

/// What all convolutions have in common.
struct ConvArguments {
  ConvArguments(LayerContext &layer, size_t count, ArrayRef<StringRef> paddings)
      : window(readWindow(layer, count, "kernel_size", paddings)),
        useBias(layer.boolean("use_bias", true)), activation(layer.activation("activation")),
        biasArguments(layer.variable("bias", "zeros")) {}

  int64_t channels(LayerContext &layer) const { return layer.shape()[window.channelDim()]; }
  /// The shape of a filter whose last dimensions are these.
  SmallVector<int64_t> filter(int64_t channels, int64_t filters) const {
    SmallVector<int64_t> shape(window.size.begin(), window.size.end());
    shape.append({channels, filters});
    return shape;
  }
  Value bias(LayerContext &layer, int64_t filters) const {
    return useBias ? layer.weight("bias", {filters}, biasArguments) : Value();
  }

  ops::Window window;
  bool useBias;
  Activation activation;
  VariableArguments biasArguments;
};

} // namespace

/// Keras 2 gives these layers the argument of Conv2D, but ignores it.
static void checkUngrouped(LayerContext &layer) {
  if (layer.integer("groups", 1, 1) != 1)
    layer.unsupported("groups", "1");
}

template <size_t count> static ArrayRef<StringRef> paddings() {
  static const StringRef names[] = {"valid", "same", "causal"};
  return ArrayRef(names).take_front(count == 1 ? 3 : 2);
}

template <size_t count> static Value importConv(LayerContext &layer) {
  ConvArguments arguments(layer, count, paddings<count>());
  VariableArguments kernel = layer.variable("kernel", "glorot_uniform");
  int64_t filters = layer.integer("filters", 1), groups = layer.integer("groups", 1, 1);
  if (!layer.ready() || !layer.hasRank(count + 2))
    return {};
  int64_t channels = arguments.channels(layer);
  if (channels % groups || filters % groups) {
    layer.error("groups") << "expected a divisor of " << channels << " input channels and "
                          << filters << " filters, found " << groups;
    return {};
  }
  auto window =
      count < 3 ? ops::place(layer, layer.shape(), arguments.window, filters) : std::nullopt;
  if (!window && count < 3)
    return {};
  Value filter = layer.weight("kernel", arguments.filter(channels / groups, filters), kernel);
  Value bias = arguments.bias(layer, filters);
  if (!layer.ready())
    return {};
  if (!window) {
    Value volume =
        ops::convolutionOfAnyRank(layer, arguments.window, layer.input(), filter, bias, groups);
    return layer.activate(volume ? ops::activate(layer, volume, arguments.activation.fused())
                                 : Value(),
                          arguments.activation);
  }
  return layer.activate(ops::convolution(layer, *window, layer.input(), filter, bias, groups,
                                         arguments.activation.fused()),
                        arguments.activation);
}

template <size_t count> static Value importDepthwiseConv(LayerContext &layer) {
  ConvArguments arguments(layer, count, paddings<2>());
  VariableArguments kernel = layer.variable("depthwise", "glorot_uniform");
  int64_t multiplier = layer.integer("depth_multiplier", 1, 1);
  checkUngrouped(layer);
  if (!layer.ready() || !layer.hasRank(count + 2))
    return {};
  int64_t channels = arguments.channels(layer), filters = channels * multiplier;
  auto window = ops::place(layer, layer.shape(), arguments.window, filters);
  if (!window)
    return {};
  Value filter = layer.weight("kernel", arguments.filter(channels, multiplier), kernel);
  Value bias = arguments.bias(layer, filters);
  if (!layer.ready())
    return {};
  return layer.activate(ops::depthwiseConvolution(layer, *window, layer.input(), filter, bias,
                                                  arguments.activation.fused()),
                        arguments.activation);
}

template <size_t count> static Value importSeparableConv(LayerContext &layer) {
  ConvArguments arguments(layer, count, paddings<count>());
  VariableArguments depthwiseKernel = layer.variable("depthwise", "glorot_uniform");
  VariableArguments pointwiseKernel = layer.variable("pointwise", "glorot_uniform");
  int64_t filters = layer.integer("filters", 1);
  int64_t multiplier = layer.integer("depth_multiplier", 1, 1);
  checkUngrouped(layer);
  if (!layer.ready() || !layer.hasRank(count + 2))
    return {};
  int64_t channels = arguments.channels(layer);
  auto window = ops::place(layer, layer.shape(), arguments.window, filters);
  if (!window)
    return {};
  Value depthwise =
      layer.weight("depthwise_kernel", arguments.filter(channels, multiplier), depthwiseKernel);
  SmallVector<int64_t> pointwiseShape(count, 1);
  pointwiseShape.append({channels * multiplier, filters});
  Value pointwise = layer.weight("pointwise_kernel", pointwiseShape, pointwiseKernel);
  Value bias = arguments.bias(layer, filters);
  if (!layer.ready())
    return {};
  return layer.activate(ops::separableConvolution(layer, *window, layer.input(), depthwise,
                                                  pointwise, bias, arguments.activation.fused()),
                        arguments.activation);
}

static Value importDense(LayerContext &layer) {
  int64_t units = layer.integer("units", 1);
  bool useBias = layer.boolean("use_bias", true);
  Activation activation = layer.activation("activation");
  VariableArguments kernel = layer.variable("kernel", "glorot_uniform");
  VariableArguments biasArguments = layer.variable("bias", "zeros");
  if (layer.argument("quantization_config"))
    layer.unsupported("quantization_config", "null (quantized layers are not supported)");
  if (!layer.ready())
    return {};
  SmallVector<int64_t> output(layer.shape());
  output.back() = units;
  if (output.size() < 2) {
    layer.error() << "expected an input of rank 2 or more, found shape " << shown(layer.shape());
    return {};
  }
  if (!layer.fits(output))
    return {};
  Value filter = layer.weight("kernel", {layer.shape().back(), units}, kernel);
  Value bias = useBias ? layer.weight("bias", {units}, biasArguments) : Value();
  if (!layer.ready())
    return {};
  return layer.activate(ops::dense(layer, layer.input(), filter, bias, activation.fused()),
                        activation);
}

ArrayRef<LayerClass> sepconv::keras::convolutionLayers() {
  using Names = std::vector<StringRef>;
  static const Names conv{"filters",       "kernel_size", "strides",    "padding", "data_format",
                          "dilation_rate", "groups",      "activation", "use_bias"};
  static const Names depthwise{"kernel_size", "strides",       "padding",
                               "data_format", "dilation_rate", "activation",
                               "use_bias",    "groups",        "depth_multiplier"};
  static const Names separable{"filters",     "kernel_size",     "strides",    "padding",
                               "data_format", "dilation_rate",   "activation", "use_bias",
                               "groups",      "depth_multiplier"};
  static const LayerClass table[] = {
      {"Conv1D", importConv<1>, conv},
      {"Conv2D", importConv<2>, conv},
      {"Conv3D", importConv<3>, conv},
      {"DepthwiseConv1D", importDepthwiseConv<1>, depthwise},
      {"DepthwiseConv2D", importDepthwiseConv<2>, depthwise},
      {"SeparableConv1D", importSeparableConv<1>, separable},
      {"SeparableConv2D", importSeparableConv<2>, separable},
      {"Dense", importDense, {"units", "activation", "use_bias", "quantization_config"}},
  };
  return table;
}
