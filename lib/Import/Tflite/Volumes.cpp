//===- Volumes.cpp - convolutions of three dimensions ----------------------------===//

#include "Windows.h"

#include "sepconv/IR/Window.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

bool tflite::placeTransposed(OperatorContext &op, ops::Window &window, ArrayRef<int64_t> input,
                             ArrayRef<int64_t> output) {
  for (size_t i = 0; i < window.size.size(); ++i) {
    int64_t size = output[i + 1], stride = window.strides[i], dilation = window.dilations[i];
    if (!op.isPositive("output_shape", size) || !op.fits({size}))
      return false;
    int64_t before = window.padding == ops::Window::Same
                         ? samePadding(size, window.size[i], stride, dilation).first
                         : 0;
    int64_t reach = dilatedSize(window.size[i], dilation);
    window.margins.push_back({before, (input[i + 1] - 1) * stride + reach - before - size});
  }
  window.padding = ops::Window::Explicit;
  return true;
}

static std::optional<ops::Window> readWindow(OperatorContext &op,
                                             const schema::Conv3DOptions &options) {
  ops::Window window;
  window.size.assign(op.shape(1).begin(), op.shape(1).begin() + 3);
  window.strides = {options.stride_d(), options.stride_h(), options.stride_w()};
  window.dilations = {options.dilation_d_factor(), options.dilation_h_factor(),
                      options.dilation_w_factor()};
  static constexpr StringLiteral strides[] = {"stride_d", "stride_h", "stride_w"};
  static constexpr StringLiteral dilations[] = {"dilation_d_factor", "dilation_h_factor",
                                                "dilation_w_factor"};
  for (size_t i : {0, 1, 2})
    if (!op.isPositive("filter", window.size[i]) || !op.isPositive(strides[i], window.strides[i]) ||
        !op.isPositive(dilations[i], window.dilations[i]))
      return std::nullopt;
  bool isSame = options.padding() == schema::Padding::SAME;
  window.padding = isSame ? ops::Window::Same : ops::Window::Valid;
  return window;
}

/// The filter is [depth, height, width, channels, filters].
static Results importVolume(OperatorContext &op) {
  const auto &options = op.options<schema::Conv3DOptions>();
  if (!op.hasFloats(0, {-1, -1, -1, -1, -1}) || !op.hasFloats(1, {-1, -1, -1, op.shape()[4], -1}) ||
      !checkBias(op, 2, op.shape(1)[4]))
    return Value();
  auto window = readWindow(op, options);
  if (!window)
    return Value();
  Value result = ops::convolutionOfAnyRank(op, *window, op.input(), op.input(1), op.input(2), 1);
  return op.activate(result, options.fused_activation_function());
}

/// The filter is [depth, height, width, filters, channels], the first input the output's shape.
static Results importTransposedVolume(OperatorContext &op) {
  const auto &options = op.options<schema::Conv3DOptions>();
  auto output = op.integers(0, "output_shape");
  if (!output || !op.hasFloats(1, {-1, -1, -1, -1, -1}) ||
      !op.hasFloats(2, {-1, -1, -1, -1, op.shape(1)[4]}) || !checkBias(op, 3, op.shape(1)[3]))
    return Value();
  if (output->size() != 5 || output->back() != op.shape(1)[3]) {
    op.error("output_shape") << "expected a shape of " << op.shape(1)[3] << " channels, found "
                             << shown(*output);
    return Value();
  }
  auto window = readWindow(op, options);
  if (!window || !placeTransposed(op, *window, op.shape(2), *output))
    return Value();
  Value result = ops::transposedConvolution(op, *window, std::nullopt, op.input(2), op.input(1),
                                            op.input(3), {});
  return op.activate(result, options.fused_activation_function());
}

ArrayRef<OperatorKind> tflite::volumeOperators() {
  using O = BuiltinOperator;
  static const OperatorKind table[] = {
      {O::CONV_3D, 1, 1, importVolume, 2, 3, BuiltinOptions::Conv3DOptions},
      {O::CONV_3D_TRANSPOSE, 1, 1, importTransposedVolume, 3, 4, BuiltinOptions::Conv3DOptions},
  };
  return table;
}
