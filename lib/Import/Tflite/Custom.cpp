//===- Custom.cpp - MediaPipe's operators ----------------------------------------===//
//
// Their meaning is that of mediapipe/util/tflite/operations; the options are structures of 32-bit
// integers of TFLite's interface for C.
//
//===----------------------------------------------------------------------===//

#include "../Operations/Blocks.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Shaping.h"
#include "Windows.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// TfLitePadding; nothing after reporting another.
static std::optional<bool> isSame(OperatorContext &op, int64_t padding) {
  if (padding == 1 || padding == 2)
    return padding == 1;
  op.error("custom_options") << "expected the padding 1 (SAME) or 2 (VALID), found " << padding;
  return std::nullopt;
}

/// A transposed convolution whose filter is [filters, height, width, channels]. SAME takes away
/// what a window reaches over the last stride.
static Results importTransposedBias(OperatorContext &op) {
  auto options = op.customIntegers(3); // padding, stride_width, stride_height
  std::optional<bool> same = options ? isSame(op, (*options)[0]) : std::nullopt;
  if (!same || !op.hasFloats(0, {-1, -1, -1, -1}) ||
      !op.hasFloats(1, {-1, -1, -1, op.shape()[3]}) || !checkBias(op, 2, op.shape(1)[0]))
    return Value();
  auto window = checkedWindow(op, {op.shape(1)[1], op.shape(1)[2]}, {(*options)[2], (*options)[1]},
                              {1, 1}, *same);
  if (!window)
    return Value();
  for (size_t i : {0, 1}) {
    int64_t rest = (op.shape()[i + 1] - 1) % window->strides[i] + 1;
    int64_t total = *same ? std::max<int64_t>(0, window->size[i] - rest) : 0;
    window->margins.push_back({total / 2, total - total / 2});
  }
  window->padding = ops::Window::Explicit;
  Value filter = ops::transpose(op, op.input(1), {1, 2, 0, 3});
  return ops::transposedConvolution(op, *window, std::nullopt, op.input(), filter, op.input(2), {});
}

/// What TfLitePoolParams begins with.
static std::optional<ops::Window> readPool(OperatorContext &op) {
  // padding, stride_width, stride_height, filter_width, filter_height, activation
  auto options = op.customIntegers(6);
  std::optional<bool> same = options ? isSame(op, (*options)[0]) : std::nullopt;
  if (!same || !op.hasFloats(0, {-1, -1, -1, -1}))
    return std::nullopt;
  if ((*options)[5] != 0) {
    op.error("custom_options") << "expected the activation 0 (NONE), found " << (*options)[5];
    return std::nullopt;
  }
  return checkedWindow(op, {(*options)[4], (*options)[3]}, {(*options)[2], (*options)[1]}, {1, 1},
                       *same);
}

/// The second output says where the greatest element is; 0.1 is added so that it can be truncated.
static Results importMaxPool(OperatorContext &op) {
  auto window = readPool(op);
  auto placed = window ? ops::place(op, op.shape(), *window, op.shape()[3]) : std::nullopt;
  if (!placed)
    return Value();
  auto [greatest, places] = ops::maxPoolWithPlaces(op, op.input(), placed->size, placed->strides,
                                                   placed->padding, placed->output);
  if (!places)
    return Value();
  Value tenth = op.splat({}, ops::elementOf(places), 0.1);
  return ArrayRef<Value>{greatest, ops::apply(op, "add", {places, tenth})};
}

static Results importUnpool(OperatorContext &op) {
  auto window = readPool(op);
  if (!window || !op.hasFloats(1, op.shape()))
    return Value();
  if (window->size != window->strides) {
    op.error("custom_options") << "expected strides of the filter's size " << shown(window->size)
                               << ", found " << shown(window->strides);
    return Value();
  }
  return ops::unpool(op, op.input(), op.input(1), window->size);
}

ArrayRef<OperatorKind> tflite::customOperators() {
  static const OperatorKind table[] = {
      {BuiltinOperator::CUSTOM, 1, 1, importTransposedBias, 3, 3, BuiltinOptions::NONE,
       "Convolution2DTransposeBias"},
      {BuiltinOperator::CUSTOM, 1, 1, importMaxPool, 1, 1, BuiltinOptions::NONE,
       "MaxPoolingWithArgmax2D"},
      {BuiltinOperator::CUSTOM, 1, 1, importUnpool, 2, 2, BuiltinOptions::NONE, "MaxUnpooling2D"},
  };
  return table;
}
