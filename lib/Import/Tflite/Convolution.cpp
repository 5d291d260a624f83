//===- Convolution.cpp - convolutions, pools and fully connected layers ----------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Shaping.h"
#include "Quantized.h"
#include "Windows.h"

#include "sepconv/IR/Window.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

std::optional<ops::Window> tflite::checkedWindow(OperatorContext &op, ArrayRef<int64_t> size,
                                                 ArrayRef<int64_t> strides,
                                                 ArrayRef<int64_t> dilations, bool isSame) {
  for (size_t i : {0, 1})
    if (!op.isPositive(i ? "filter_width" : "filter_height", size[i]) ||
        !op.isPositive(i ? "stride_w" : "stride_h", strides[i]) ||
        !op.isPositive(i ? "dilation_w_factor" : "dilation_h_factor", dilations[i]))
      return std::nullopt;
  ops::Window window;
  window.size.assign(size.begin(), size.end());
  window.strides.assign(strides.begin(), strides.end());
  window.dilations.assign(dilations.begin(), dilations.end());
  window.padding = isSame ? ops::Window::Same : ops::Window::Valid;
  return window;
}

/// The window that options describe; some have no dilations.
template <typename Options>
static std::optional<ops::Window> readWindow(OperatorContext &op, const Options &options,
                                             int64_t height, int64_t width) {
  SmallVector<int64_t> dilations{1, 1};
  if constexpr (std::is_same_v<Options, schema::Conv2DOptions> ||
                std::is_same_v<Options, schema::DepthwiseConv2DOptions>)
    dilations = {options.dilation_h_factor(), options.dilation_w_factor()};
  return checkedWindow(op, {height, width}, {options.stride_h(), options.stride_w()}, dilations,
                       options.padding() == schema::Padding::SAME);
}

/// The kernels of bytes without a sign multiply two scales in float32.
static bool isUnsigned(OperatorContext &op) { return op.outputType() == schema::TensorType::UINT8; }

bool tflite::checkBias(OperatorContext &op, size_t index, int64_t filters) {
  return !op.input(index) || op.hasFloats(index, {filters});
}

/// The filter is [filters, height, width, channels of a group].
static Results importConv(OperatorContext &op) {
  const auto &options = op.options<schema::Conv2DOptions>();
  if (!op.hasFloats(0, {-1, -1, -1, -1}) || !op.hasFloats(1, {-1, -1, -1, -1}))
    return Value();
  int64_t filters = op.shape(1)[0], channels = op.shape()[3], each = op.shape(1)[3];
  if (each < 1 || channels < each || channels % each || filters % (channels / each)) {
    op.error() << "input 1 of shape " << shown(op.shape(1)) << " does not divide the " << channels
               << " channels of input 0";
    return Value();
  }
  auto window = readWindow(op, options, op.shape(1)[1], op.shape(1)[2]);
  auto placed = window ? ops::place(op, op.shape(), *window, filters) : std::nullopt;
  if (!placed || !checkBias(op, 2, filters))
    return Value();
  Value filter = ops::transpose(op, op.input(1), {1, 2, 3, 0});
  auto function = options.fused_activation_function();
  if (op.isQuantized())
    return importLayer(op, {0, 1, 2, 0, isUnsigned(op)}, filter, function,
                       [&](const ops::Quantized &x, const ops::Quantized &w, Value bias) {
                         return ops::sumConvolution(op, *placed, x, w, bias, channels / each);
                       });
  ActivationAttr activation = op.fused(function);
  return op.activateRest(
      ops::convolution(op, *placed, op.input(), filter, op.input(2), channels / each, activation),
      function);
}

/// The filter is [1, height, width, channels * multiplier].
static Results importDepthwise(OperatorContext &op) {
  const auto &options = op.options<schema::DepthwiseConv2DOptions>();
  if (!op.hasFloats(0, {-1, -1, -1, -1}) || !op.hasFloats(1, {1, -1, -1, -1}))
    return Value();
  int64_t channels = op.shape()[3], filters = op.shape(1)[3];
  if (channels < 1 || filters % channels) {
    op.error() << "input 1: expected a multiple of " << channels << " channels, found shape "
               << shown(op.shape(1));
    return Value();
  }
  int64_t height = op.shape(1)[1], width = op.shape(1)[2];
  auto window = readWindow(op, options, height, width);
  auto placed = window ? ops::place(op, op.shape(), *window, filters) : std::nullopt;
  if (!placed || !checkBias(op, 2, filters))
    return Value();
  Value filter = ops::reshape(op, op.input(1), {height, width, channels, filters / channels});
  auto function = options.fused_activation_function();
  if (op.isQuantized())
    return importLayer(op, {0, 1, 2, 3, isUnsigned(op)}, filter, function,
                       [&](const ops::Quantized &x, const ops::Quantized &w, Value bias) {
                         return ops::sumDepthwise(op, *placed, x, w, bias);
                       });
  ActivationAttr activation = op.fused(function);
  return op.activateRest(
      ops::depthwiseConvolution(op, *placed, op.input(), filter, op.input(2), activation),
      function);
}

/// The filter is [filters, height, width, channels]; the padding is that of the convolution from
/// the output, whose shape is an input, to the input.
static Value transposed(OperatorContext &op, size_t image, ops::Window window,
                        ArrayRef<int64_t> output, Value bias, ActivationFunctionType function) {
  if (!placeTransposed(op, window, op.shape(image), output))
    return {};
  Value filter = ops::transpose(op, op.input(1), {1, 2, 0, 3});
  if (op.isQuantized())
    return importLayer(op, {image, 1, 3, 0, isUnsigned(op)}, filter, function,
                       [&](const ops::Quantized &x, const ops::Quantized &w, Value bias) {
                         return ops::sumTransposed(op, window, x, w, bias);
                       });
  Value result = ops::transposedConvolution(op, window, std::nullopt, op.input(image), filter, bias,
                                            op.fused(function));
  return op.activateRest(result, function);
}

static Results importTransposed(OperatorContext &op) {
  const auto &options = op.options<schema::TransposeConvOptions>();
  auto output = op.integers(0, "output_shape");
  if (!output || !op.hasFloats(1, {-1, -1, -1, -1}) ||
      !op.hasFloats(2, {-1, -1, -1, op.shape(1)[3]}))
    return Value();
  if (output->size() != 4 || (*output)[3] != op.shape(1)[0]) {
    op.error("output_shape") << "expected a shape of " << op.shape(1)[0] << " channels, found "
                             << shown(*output);
    return Value();
  }
  auto window = readWindow(op, options, op.shape(1)[1], op.shape(1)[2]);
  if (!window || !checkBias(op, 3, op.shape(1)[0]))
    return Value();
  return transposed(op, 2, *window, *output, op.input(3), options.fused_activation_function());
}

/// The filter is [units, channels]. All dimensions but the last become one, unless they are kept.
static Results importFullyConnected(OperatorContext &op) {
  const auto &options = op.options<schema::FullyConnectedOptions>();
  if (options.weights_format() != schema::FullyConnectedOptionsWeightsFormat::DEFAULT) {
    op.error("weights_format") << "expected DEFAULT, found SHUFFLED4x16INT8";
    return Value();
  }
  if (!op.hasFloats(1, {-1, -1}))
    return Value();
  int64_t units = op.shape(1)[0], channels = op.shape(1)[1];
  SmallVector<int64_t> input(op.shape()), output;
  int64_t elements = ShapedType::getNumElements(input);
  bool keepsDims = options.keep_num_dims() && !input.empty();
  if (channels < 1 || elements % channels || (keepsDims && input.back() != channels)) {
    op.error() << "an input of shape " << shown(input) << " does not consist of rows of "
               << channels;
    return Value();
  }
  if (keepsDims)
    output.assign(input.begin(), input.end() - 1);
  else
    output.push_back(elements / channels);
  output.push_back(units);
  if (!op.fits(output) || !checkBias(op, 2, units) ||
      !op.keepsBatch(keepsDims || (!input.empty() && elements / channels == input.front())))
    return Value();
  SmallVector<int64_t> rows(output);
  rows.back() = channels;
  if (rows.size() == 1)
    rows.insert(rows.begin(), 1);
  Value filter = ops::transpose(op, op.input(1), {1, 0});
  if (op.isQuantized()) {
    auto sum = [&](ops::Quantized x, const ops::Quantized &w, Value bias) {
      x.value = ops::reshape(op, x.value, rows);
      return ops::sumDense(op, x, w, bias);
    };
    Value result = importLayer(op, {0, 1, 2, 0, isUnsigned(op), !isUnsigned(op)}, filter,
                               options.fused_activation_function(), sum);
    return result ? ops::reshape(op, result, output) : Value();
  }
  Value result = ops::dense(op, ops::reshape(op, op.input(), rows), filter, op.input(2),
                            op.fused(options.fused_activation_function()));
  return op.activateRest(ops::reshape(op, result, output), options.fused_activation_function());
}

/// Of the squares and its root, if it is an L2 pool.
template <PoolKind kind, bool isL2 = false> static Results importPool(OperatorContext &op) {
  const auto &options = op.options<schema::Pool2DOptions>();
  if (!op.hasFloats(0, {-1, -1, -1, -1}))
    return Value();
  auto window = readWindow(op, options, options.filter_height(), options.filter_width());
  if (op.isQuantized() && window && !isL2)
    return importQuantizedPool(op, *window, kind, options.fused_activation_function());
  auto placed = window ? ops::place(op, op.shape(), *window, op.shape()[3]) : std::nullopt;
  if (!placed)
    return Value();
  Value input = isL2 ? ops::apply(op, "square", op.input()) : op.input();
  Value result = ops::pool(op, *placed, input, kind);
  return op.activate(isL2 ? ops::apply(op, "sqrt", result) : result,
                     options.fused_activation_function());
}

ArrayRef<OperatorKind> tflite::convolutionOperators() {
  using O = BuiltinOperator;
  static const OperatorKind table[] = {
      {O::AVERAGE_POOL_2D, 1, 3, importPool<PoolKind::Average>, 1, 1,
       BuiltinOptions::Pool2DOptions},
      {O::CONV_2D, 1, 8, importConv, 2, 3, BuiltinOptions::Conv2DOptions},
      {O::DEPTHWISE_CONV_2D, 1, 7, importDepthwise, 2, 3, BuiltinOptions::DepthwiseConv2DOptions},
      {O::FULLY_CONNECTED, 1, 14, importFullyConnected, 2, 3,
       BuiltinOptions::FullyConnectedOptions},
      {O::L2_POOL_2D, 1, 1, importPool<PoolKind::Average, true>, 1, 1,
       BuiltinOptions::Pool2DOptions},
      {O::MAX_POOL_2D, 1, 3, importPool<PoolKind::Max>, 1, 1, BuiltinOptions::Pool2DOptions},
      {O::TRANSPOSE_CONV, 1, 5, importTransposed, 3, 4, BuiltinOptions::TransposeConvOptions},
  };
  return table;
}
