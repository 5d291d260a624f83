//===- Convolution.cpp - convolutions and Dense ----------------------------------===//

#include "Layers.h"

#include "sepconv/IR/Window.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

namespace {

/// What all convolutions have in common.
struct ConvArguments {
  explicit ConvArguments(LayerContext &layer)
      : kernel(layer.pair("kernel_size", 1)),
        strides(layer.pair("strides", 1, std::array<int64_t, 2>{1, 1})),
        dilations(layer.pair("dilation_rate", 1, std::array<int64_t, 2>{1, 1})),
        same(layer.choice("padding", {"valid", "same"}, "valid") == "same"),
        format(layer.dataFormat()), useBias(layer.boolean("use_bias", true)),
        activation(layer.activation("activation")), bias(layer.variable("bias", "zeros")) {}

  std::array<int64_t, 2> kernel, strides, dilations;
  bool same;
  DataFormat format;
  bool useBias;
  Activation activation;
  VariableArguments bias;

  int64_t channelDim() const { return format == DataFormat::NHWC ? 3 : 1; }
  int64_t spatialDim() const { return format == DataFormat::NHWC ? 1 : 2; }
  int64_t channels(LayerContext &layer) const { return layer.shape()[channelDim()]; }
};

/// A convolution's padding and output.
struct Window {
  SmallVector<int64_t, 4> padding, output;
};

} // namespace

/// The window over the input; nothing after reporting if it does not fit.
static std::optional<Window> placeWindow(LayerContext &layer, const ConvArguments &arguments,
                                         int64_t filters) {
  Window window{{0, 0, 0, 0}, SmallVector<int64_t, 4>(layer.shape())};
  window.output[arguments.channelDim()] = filters;
  for (unsigned i : {0u, 1u}) {
    int64_t &extent = window.output[arguments.spatialDim() + i];
    int64_t size = arguments.kernel[i], stride = arguments.strides[i];
    int64_t dilation = arguments.dilations[i];
    int64_t &before = window.padding[2 * i], &after = window.padding[2 * i + 1];
    if (extent + dilatedSize(size, dilation) > kMaxSize) {
      layer.error() << "a window of " << dilatedSize(size, dilation) << " is too large";
      return std::nullopt;
    }
    if (arguments.same)
      std::tie(before, after) = samePadding(extent, size, stride, dilation);
    int64_t output = windowOutputSize(extent, size, stride, dilation, before, after);
    if (output <= 0) {
      layer.error() << "a window of " << dilatedSize(size, dilation)
                    << " does not fit into the input's " << (i ? "width" : "height") << " of "
                    << extent;
      return std::nullopt;
    }
    extent = output;
  }
  if (!layer.fits(window.output))
    return std::nullopt;
  return window;
}

/// Keras 2 gives these layers the argument of Conv2D, but ignores it.
static void checkUngrouped(LayerContext &layer) {
  if (layer.integer("groups", 1, 1) != 1)
    layer.unsupported("groups", "1");
}

/// Builds an operation of the family from its operands (a null bias is none).
template <typename Op>
static Value build(LayerContext &layer, const ConvArguments &arguments, const Window &window,
                   ArrayRef<Value> operands, int64_t groups = 1) {
  OperationState state(layer.loc, Op::getOperationName());
  for (Value operand : operands)
    if (operand)
      state.addOperands(operand);
  state.addTypes(layer.type(window.output));
  auto &properties = state.getOrAddProperties<typename Op::Properties>();
  OpBuilder &b = layer.builder;
  properties.setStrides(b.getDenseI64ArrayAttr(arguments.strides));
  properties.setDilations(b.getDenseI64ArrayAttr(arguments.dilations));
  properties.setPadding(b.getDenseI64ArrayAttr(window.padding));
  properties.setDataFormat(DataFormatAttr::get(b.getContext(), arguments.format));
  if (ActivationAttr fused = arguments.activation.fused())
    properties.setActivation(fused);
  if constexpr (std::is_same_v<Op, Conv2DOp>)
    properties.setGroups(b.getI64IntegerAttr(groups));
  Value output = b.create(state)->getResult(0);
  return layer.activate(output, arguments.activation);
}

static Value importConv2D(LayerContext &layer) {
  ConvArguments arguments(layer);
  VariableArguments kernel = layer.variable("kernel", "glorot_uniform");
  int64_t filters = layer.integer("filters", 1), groups = layer.integer("groups", 1, 1);
  if (!layer.ready() || !layer.isImage())
    return {};
  int64_t channels = arguments.channels(layer);
  if (channels % groups || filters % groups) {
    layer.error("groups") << "expected a divisor of " << channels << " input channels and "
                          << filters << " filters, found " << groups;
    return {};
  }
  std::optional<Window> window = placeWindow(layer, arguments, filters);
  if (!window)
    return {};
  Value filter = layer.weight(
      "kernel", {arguments.kernel[0], arguments.kernel[1], channels / groups, filters}, kernel);
  Value bias = arguments.useBias ? layer.weight("bias", {filters}, arguments.bias) : Value();
  if (!layer.ready())
    return {};
  return build<Conv2DOp>(layer, arguments, *window, {layer.input(), filter, bias}, groups);
}

static Value importDepthwiseConv2D(LayerContext &layer) {
  ConvArguments arguments(layer);
  VariableArguments kernel = layer.variable("depthwise", "glorot_uniform");
  int64_t multiplier = layer.integer("depth_multiplier", 1, 1);
  checkUngrouped(layer);
  if (!layer.ready() || !layer.isImage())
    return {};
  int64_t channels = arguments.channels(layer), filters = channels * multiplier;
  std::optional<Window> window = placeWindow(layer, arguments, filters);
  if (!window)
    return {};
  Value filter = layer.weight(
      "kernel", {arguments.kernel[0], arguments.kernel[1], channels, multiplier}, kernel);
  Value bias = arguments.useBias ? layer.weight("bias", {filters}, arguments.bias) : Value();
  if (!layer.ready())
    return {};
  return build<DepthwiseConv2DOp>(layer, arguments, *window, {layer.input(), filter, bias});
}

static Value importSeparableConv2D(LayerContext &layer) {
  ConvArguments arguments(layer);
  VariableArguments depthwiseKernel = layer.variable("depthwise", "glorot_uniform");
  VariableArguments pointwiseKernel = layer.variable("pointwise", "glorot_uniform");
  int64_t filters = layer.integer("filters", 1);
  int64_t multiplier = layer.integer("depth_multiplier", 1, 1);
  checkUngrouped(layer);
  if (!layer.ready() || !layer.isImage())
    return {};
  int64_t channels = arguments.channels(layer);
  std::optional<Window> window = placeWindow(layer, arguments, filters);
  if (!window)
    return {};
  Value depthwise = layer.weight("depthwise_kernel",
                                 {arguments.kernel[0], arguments.kernel[1], channels, multiplier},
                                 depthwiseKernel);
  Value pointwise =
      layer.weight("pointwise_kernel", {1, 1, channels * multiplier, filters}, pointwiseKernel);
  Value bias = arguments.useBias ? layer.weight("bias", {filters}, arguments.bias) : Value();
  if (!layer.ready())
    return {};
  return build<SeparableConv2DOp>(layer, arguments, *window,
                                  {layer.input(), depthwise, pointwise, bias});
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
  Value result = DenseOp::create(layer.builder, layer.loc, layer.type(output), layer.input(),
                                 filter, bias, activation.fused());
  return layer.activate(result, activation);
}

ArrayRef<LayerClass> sepconv::keras::convolutionLayers() {
  static const LayerClass table[] = {
      {"Conv2D",
       importConv2D,
       {"filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups",
        "activation", "use_bias"}},
      {"DepthwiseConv2D",
       importDepthwiseConv2D,
       {"kernel_size", "strides", "padding", "data_format", "dilation_rate", "depth_multiplier",
        "activation", "use_bias", "groups"}},
      {"SeparableConv2D",
       importSeparableConv2D,
       {"filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate",
        "depth_multiplier", "activation", "use_bias", "groups"}},
      {"Dense", importDense, {"units", "activation", "use_bias", "quantization_config"}},
  };
  return table;
}
