//===- Windows.cpp - convolutions and pools --------------------------------------===//

#include "Windows.h"
#include "../Problems.h"
#include "Reductions.h"
#include "Shaping.h"

#include "sepconv/IR/Window.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

static StringRef nameOf(size_t dim, size_t count) {
  if (count == 1)
    return "length";
  return count - dim == 1 ? "width" : count - dim == 2 ? "height" : "depth";
}

/// What is to be added after the input so that the last window, which may reach over the end, fits.
/// One that would begin behind the input does not count.
static int64_t roundedMargin(int64_t input, int64_t span, int64_t stride, int64_t before,
                             int64_t after) {
  int64_t rest = input + before + after - span;
  if (rest < 0)
    return after;
  int64_t steps = llvm::divideCeil(rest, stride);
  if (steps * stride >= input + before)
    --steps;
  return std::max<int64_t>(steps * stride + span - input - before, 0);
}

/// Over any number of elements. With a stride of 1 SAME has the same padding for each.
static WindowExtent placeDynamic(const Window &window, size_t i) {
  int64_t span = dilatedSize(window.size[i], window.dilations[i]);
  WindowExtent extent{0, 0, ShapedType::kDynamic};
  if (window.padding == Window::Same)
    std::tie(extent.before, extent.after) =
        samePadding(span, window.size[i], 1, window.dilations[i]);
  else if (window.padding == Window::Causal)
    extent.before = span - 1;
  else if (window.padding == Window::Explicit)
    std::tie(extent.before, extent.after) = window.margins[i];
  return extent;
}

std::optional<WindowExtent> ops::place(TensorBuilder &b, const Window &window, size_t i,
                                       int64_t input) {
  int64_t size = window.size[i], stride = window.strides[i], dilation = window.dilations[i];
  int64_t span = dilatedSize(size, dilation);
  if (ShapedType::isDynamic(input) && !window.roundsUp && window.padding != Window::SameLower)
    return placeDynamic(window, i);
  if (ShapedType::isDynamic(input)) {
    b.error() << "a window that is rounded up, or padded as SAME_LOWER, needs a known "
              << nameOf(i, window.size.size());
    return std::nullopt;
  }
  if (input + span > kMaxSize) {
    b.error() << "a window of " << span << " is too large";
    return std::nullopt;
  }
  WindowExtent extent;
  if (window.padding == Window::Same)
    std::tie(extent.before, extent.after) = samePadding(input, size, stride, dilation);
  else if (window.padding == Window::SameLower)
    std::tie(extent.after, extent.before) = samePadding(input, size, stride, dilation);
  else if (window.padding == Window::Causal)
    extent.before = span - 1;
  else if (window.padding == Window::Explicit)
    std::tie(extent.before, extent.after) = window.margins[i];
  if (std::max(extent.before, extent.after) > kMaxSize || stride > kMaxSize) {
    b.error() << "a padding or a stride is larger than " << kMaxSize;
    return std::nullopt;
  }
  if (window.roundsUp)
    extent.after = roundedMargin(input, span, stride, extent.before, extent.after);
  extent.output = windowOutputSize(input, size, stride, dilation, extent.before, extent.after);
  if (extent.output > 0)
    return extent;
  b.error() << "a window of " << span << " does not fit into the input's "
            << nameOf(i, window.size.size()) << " of " << input;
  return std::nullopt;
}

std::optional<PlacedWindow> ops::place(TensorBuilder &b, ArrayRef<int64_t> input,
                                       const Window &window, int64_t channels) {
  if (int64_t(input.size()) != window.rank()) {
    b.error() << "expected an input of rank " << window.rank() << ", found shape " << shown(input);
    return std::nullopt;
  }
  size_t count = window.size.size();
  PlacedWindow placed;
  placed.size = window.size;
  placed.strides = window.strides;
  placed.dilations = window.dilations;
  placed.padding = {0, 0, 0, 0};
  placed.format = window.format;
  placed.isImage = count == 2;
  placed.output.assign(input.begin(), input.end());
  placed.output[window.channelDim()] = channels;
  if (!placed.isImage) {
    for (SmallVector<int64_t, 2> *numbers : {&placed.size, &placed.strides, &placed.dilations})
      numbers->insert(numbers->begin(), 1);
    placed.output.insert(placed.output.begin() + window.firstDim(), 1);
  }
  for (size_t i = 0; i < count; ++i) {
    size_t at = i + 2 - count;
    int64_t size = input[window.firstDim() + i];
    placed.same |=
        ShapedType::isDynamic(size) && window.padding == Window::Same && window.strides[i] > 1;
    std::optional<WindowExtent> extent = place(b, window, i, size);
    if (!extent)
      return std::nullopt;
    placed.padding[2 * at] = extent->before;
    placed.padding[2 * at + 1] = extent->after;
    placed.output[window.firstDim() + at] = extent->output;
  }
  if (!b.fits(placed.output))
    return std::nullopt;
  if (placed.same)
    placed.padding = {0, 0, 0, 0};
  return placed;
}

//===----------------------------------------------------------------------===//
// The operations
//===----------------------------------------------------------------------===//

/// A signal as an image, a filter as one of two dimensions.
static Value lift(TensorBuilder &b, const PlacedWindow &window, Value value, int64_t dim) {
  return window.isImage ? value : expandDims(b, value, dim);
}

static int64_t heightDim(const PlacedWindow &window) {
  return window.format == DataFormat::NHWC ? 1 : 2;
}

static Value drop(TensorBuilder &b, const PlacedWindow &window, Value image) {
  return window.isImage ? image : squeeze(b, image, heightDim(window));
}

/// What a layer sums its input in (C16, C23).
static Type sumTypeOf(Type input) {
  return input.isInteger() ? IntegerType::get(input.getContext(), input.isInteger(8) ? 32 : 64)
                           : input;
}

template <typename Op>
static Value build(TensorBuilder &b, const PlacedWindow &window, Value input,
                   ArrayRef<Value> filters, Value bias, ActivationAttr activation,
                   int64_t groups = 1) {
  OperationState state(b.loc, Op::getOperationName());
  state.addOperands(lift(b, window, input, heightDim(window)));
  for (Value filter : filters)
    state.addOperands(lift(b, window, filter, 0));
  if (bias)
    state.addOperands(bias);
  state.addTypes(RankedTensorType::get(window.output, sumTypeOf(elementOf(input))));
  auto &properties = state.getOrAddProperties<typename Op::Properties>();
  OpBuilder &builder = b.builder;
  properties.setStrides(builder.getDenseI64ArrayAttr(window.strides));
  properties.setDilations(builder.getDenseI64ArrayAttr(window.dilations));
  properties.setPadding(builder.getDenseI64ArrayAttr(window.padding));
  if (window.same)
    properties.setSame(builder.getUnitAttr());
  properties.setDataFormat(DataFormatAttr::get(builder.getContext(), window.format));
  if (activation)
    properties.setActivation(activation);
  if (window.unsignedInput)
    properties.setUnsignedInput(builder.getUnitAttr());
  if (window.paddingValue)
    properties.setPaddingValue(builder.getI64IntegerAttr(window.paddingValue));
  if constexpr (std::is_same_v<Op, Conv2DOp>)
    properties.setGroups(builder.getI64IntegerAttr(groups));
  return drop(b, window, builder.create(state)->getResult(0));
}

Value ops::convolution(TensorBuilder &b, const PlacedWindow &window, Value input, Value filter,
                       Value bias, int64_t groups, ActivationAttr activation) {
  return build<Conv2DOp>(b, window, input, filter, bias, activation, groups);
}

Value ops::depthwiseConvolution(TensorBuilder &b, const PlacedWindow &window, Value input,
                                Value filter, Value bias, ActivationAttr activation) {
  return build<DepthwiseConv2DOp>(b, window, input, filter, bias, activation);
}

Value ops::separableConvolution(TensorBuilder &b, const PlacedWindow &window, Value input,
                                Value depthwise, Value pointwise, Value bias,
                                ActivationAttr activation) {
  return build<SeparableConv2DOp>(b, window, input, {depthwise, pointwise}, bias, activation);
}

Value ops::pool(TensorBuilder &b, const PlacedWindow &window, Value input, PoolKind kind) {
  Value image = lift(b, window, input, heightDim(window));
  auto type = RankedTensorType::get(window.output, elementOf(input));
  Value result = Pool2DOp::create(b.builder, b.loc, type, image, kind, window.size, window.strides,
                                  window.padding, window.same, window.format, window.unsignedInput);
  return drop(b, window, result);
}

Value ops::globalPool(TensorBuilder &b, Value input, PoolKind kind, DataFormat format) {
  if (isDynamic(input) || rankOf(input) > 4) {
    int64_t dim = format == DataFormat::NHWC ? 1 : 2;
    return reduce(b, input, llvm::to_vector(llvm::seq(dim, dim + rankOf(input) - 2)), true,
                  kind == PoolKind::Max ? Reduction::Max : Reduction::Mean);
  }
  Window window;
  window.format = format;
  ArrayRef<int64_t> shape = shapeOf(input);
  int64_t first = format == DataFormat::NHWC ? 1 : 2, count = shape.size() - 2;
  window.size.assign(shape.begin() + first, shape.begin() + first + count);
  window.strides.assign(count, 1);
  window.dilations.assign(count, 1);
  std::optional<PlacedWindow> placed = place(b, shape, window, shape[window.channelDim()]);
  return placed ? pool(b, *placed, input, kind) : Value();
}

Value ops::dense(TensorBuilder &b, Value input, Value filter, Value bias, ActivationAttr activation,
                 bool unsignedInput) {
  SmallVector<int64_t> output(shapeOf(input));
  output.back() = shapeOf(filter).back();
  auto type = RankedTensorType::get(output, sumTypeOf(elementOf(input)));
  return DenseOp::create(b.builder, b.loc, type, input, filter, bias, activation, unsignedInput);
}
