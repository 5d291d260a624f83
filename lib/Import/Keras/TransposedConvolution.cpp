//===- TransposedConvolution.cpp - Conv1DTranspose and Conv2DTranspose -----------===//

#include "Windows.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

template <size_t count> static Value importConvTranspose(LayerContext &layer) {
  ops::Window window = readWindow(layer, count, "kernel_size");
  int64_t filters = layer.integer("filters", 1);
  SmallVector<int64_t, 2> more;
  bool hasMore = layer.argument("output_padding");
  if (hasMore)
    more = layer.spatial("output_padding", count, 0);
  bool useBias = layer.boolean("use_bias", true);
  Activation activation = layer.activation("activation");
  VariableArguments kernel = layer.variable("kernel", "glorot_uniform");
  VariableArguments biasArguments = layer.variable("bias", "zeros");
  for (auto [padding, stride] : llvm::zip(more, window.strides))
    if (padding >= stride) {
      layer.unsupported("output_padding", "less than the strides");
      break;
    }
  if (!layer.ready() || !layer.hasRank(count + 2))
    return {};
  SmallVector<int64_t> shape(window.size.begin(), window.size.end());
  shape.append({filters, layer.shape()[window.channelDim()]});
  Value filter = layer.weight("kernel", shape, kernel);
  Value bias = useBias ? layer.weight("bias", {filters}, biasArguments) : Value();
  if (!layer.ready())
    return {};
  std::optional<ArrayRef<int64_t>> outputPadding;
  if (hasMore)
    outputPadding = more;
  Value result = ops::transposedConvolution(layer, window, outputPadding, layer.input(), filter,
                                            bias, activation.fused());
  return layer.activate(result, activation);
}

ArrayRef<LayerClass> sepconv::keras::transposedLayers() {
  static const std::vector<StringRef> arguments{
      "filters",       "kernel_size",    "strides",    "padding",  "data_format",
      "dilation_rate", "output_padding", "activation", "use_bias", "groups"};
  static const LayerClass table[] = {
      {"Conv1DTranspose", importConvTranspose<1>, arguments},
      {"Conv2DTranspose", importConvTranspose<2>, arguments},
      {"Conv3DTranspose", importConvTranspose<3>, arguments},
  };
  return table;
}
