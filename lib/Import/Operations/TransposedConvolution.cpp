//===- TransposedConvolution.cpp - convolutions that make images larger ----------===//
//
// With a stride of s, output i * s + k gets input i times weight k. So outputs of the same
// remainder p = o mod s are a plain convolution of the input with every s-th weight, and all s * s
// of them are one, whose filters are the phases' side by side; its channels then are spread over
// the blocks.
//
//===----------------------------------------------------------------------===//

#include "Activations.h"
#include "Shaping.h"
#include "Windows.h"

#include "sepconv/IR/Window.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

namespace {

/// One spatial dimension.
struct Axis {
  int64_t input, size, stride, dilation;
  /// Where the result begins in the whole output, and how long it is.
  int64_t offset, output;

  /// Weights of one phase.
  int64_t taps() const { return llvm::divideCeil(dilatedSize(size, dilation), stride); }
  /// Blocks that hold the result.
  int64_t blocks() const {
    return std::max<int64_t>(llvm::divideCeil(offset + output, stride), input + taps() - 1);
  }
};

} // namespace

/// Lengths as Keras has them (keras/src/backend/common/backend_utils.py), or by a format's margins.
static Axis axisOf(const Window &window, std::optional<ArrayRef<int64_t>> outputPadding,
                   ArrayRef<int64_t> input, size_t i) {
  Axis axis{
      input[window.firstDim() + i], window.size[i], window.strides[i], window.dilations[i], 0, 0};
  int64_t span = dilatedSize(axis.size, axis.dilation);
  int64_t between = (axis.input - 1) * axis.stride, more = outputPadding ? (*outputPadding)[i] : 0;
  if (window.padding == Window::Explicit) {
    axis.offset = window.margins[i].first;
    axis.output = between + span - axis.offset - window.margins[i].second + more;
    return axis;
  }
  bool same = window.padding == Window::Same;
  if (outputPadding)
    axis.output = between + (same ? span % 2 : span) + more;
  else
    axis.output = between + (same ? axis.stride : std::max(span, axis.stride));
  // What SAME of the forward convolution, whose input this output is, puts before it.
  if (same)
    axis.offset = std::max<int64_t>(between + span - axis.output, 0) / 2;
  return axis;
}

/// Puts zeros between the elements of dimension `dim`, which has the dilation's span then.
static Value dilate(TensorBuilder &b, Value filter, int64_t dim, int64_t dilation) {
  if (dilation == 1)
    return filter;
  int64_t size = shapeOf(filter)[dim], rank = rankOf(filter);
  SmallVector<int64_t> low(rank + 1, 0), high(rank + 1, 0), shape(shapeOf(filter));
  high[dim + 1] = dilation - 1;
  Value spread = pad(b, expandDims(b, filter, dim + 1), low, high);
  shape[dim] = size * dilation;
  return slice(b, reshape(b, spread, shape), dim, 0, dilatedSize(size, dilation));
}

/// [H, W, filters, channels] as [taps, taps, channels, phases of H, phases of W, filters], the taps
/// in the order in which a convolution meets them.
static Value phasesOf(TensorBuilder &b, Value filter, ArrayRef<Axis> axes) {
  SmallVector<int64_t> high(4, 0);
  for (size_t i : {0, 1}) {
    filter = dilate(b, filter, i, axes[i].dilation);
    high[i] = axes[i].taps() * axes[i].stride - shapeOf(filter)[i];
  }
  if (llvm::any_of(high, [](int64_t size) { return size != 0; }))
    filter = pad(b, filter, {0, 0, 0, 0}, high);
  SmallVector<int64_t> s(shapeOf(filter));
  Value blocks = reshape(
      b, filter, {axes[0].taps(), axes[0].stride, axes[1].taps(), axes[1].stride, s[2], s[3]});
  Value ordered = transpose(b, reverse(b, blocks, {0, 2}), {0, 2, 5, 1, 3, 4});
  return reshape(b, ordered,
                 {axes[0].taps(), axes[1].taps(), s[3], axes[0].stride * axes[1].stride * s[2]});
}

/// In NHWC with a height.
static Value transposeImage(TensorBuilder &b, ArrayRef<Axis> axes, Value input, Value filter,
                            Value bias, ActivationAttr activation) {
  int64_t filters = shapeOf(filter)[2], phases = axes[0].stride * axes[1].stride;
  Window window;
  window.padding = Window::Explicit;
  for (const Axis &axis : axes) {
    window.size.push_back(axis.taps());
    window.strides.push_back(1);
    window.dilations.push_back(1);
    window.margins.push_back({axis.taps() - 1, axis.blocks() - axis.input});
  }
  SmallVector<int64_t> output{shapeOf(input)[0], axes[0].output, axes[1].output, filters};
  if (!b.fits(output) || !b.fits({axes[0].taps() * axes[0].stride, axes[1].taps() * axes[1].stride,
                                  filters, shapeOf(input)[3]}))
    return {};
  std::optional<PlacedWindow> placed = place(b, shapeOf(input), window, phases * filters);
  if (!placed)
    return {};
  Value every = bias && phases > 1
                    ? reshape(b, broadcastTo(b, bias, {phases, filters}), {phases * filters})
                    : bias;
  Value blocks = convolution(b, *placed, input, phasesOf(b, filter, axes), every, 1, activation);
  int64_t height = axes[0].blocks(), width = axes[1].blocks();
  if (phases > 1) {
    Value split =
        reshape(b, blocks, {output[0], height, width, axes[0].stride, axes[1].stride, filters});
    blocks = reshape(b, transpose(b, split, {0, 1, 3, 2, 4, 5}),
                     {output[0], height * axes[0].stride, width * axes[1].stride, filters});
  }
  return slice(b, blocks, {0, axes[0].offset, axes[1].offset, 0}, output, {1, 1, 1, 1});
}

/// Of any rank, where there are no schedules for phases: a convolution of the input with zeros
/// between its elements, over the weights in reverse.
static Value transposeVolume(TensorBuilder &b, Window window, ArrayRef<Axis> axes, Value input,
                             Value filter, Value bias, ActivationAttr activation) {
  int64_t rank = rankOf(input), count = axes.size();
  SmallVector<int64_t> low(rank, 0), high(rank, 0);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    int64_t dim = window.firstDim() + i, size = (axis.input - 1) * axis.stride + 1;
    low[dim] = dilatedSize(axis.size, axis.dilation) - 1 - axis.offset;
    high[dim] = axis.output + axis.offset - size;
    SmallVector<int64_t> spread(shapeOf(input));
    spread[dim] = axis.input * axis.stride;
    if (!b.fits(spread))
      return {};
    input = dilate(b, input, dim, axis.stride);
  }
  window.padding = Window::Valid;
  window.strides.assign(count, 1);
  auto spatial = llvm::to_vector(llvm::seq<int64_t>(0, count)), order = spatial;
  order.append({count + 1, count});
  input = padOrCrop(b, input, low, high, PadMode::Constant, 0);
  filter = transpose(b, reverse(b, filter, spatial), order);
  Value result = input ? convolutionOfAnyRank(b, window, input, filter, bias, 1) : Value();
  return result ? activate(b, result, activation) : Value();
}

void ops::setTransposedOutput(Window &window, ArrayRef<int64_t> outputPadding,
                              ArrayRef<int64_t> input, std::optional<ArrayRef<int64_t>> sizes) {
  bool isLower = window.padding != Window::Same;
  window.padding = Window::Explicit;
  window.margins.clear();
  for (size_t i = 0; i < window.size.size(); ++i) {
    int64_t extent = input[window.firstDim() + i], stride = window.strides[i];
    int64_t whole =
        (extent - 1) * stride + outputPadding[i] + dilatedSize(window.size[i], window.dilations[i]);
    // A negative total makes the output longer than all that the input reaches.
    int64_t total = whole - (sizes ? (*sizes)[i] : extent * stride);
    int64_t half = llvm::divideFloorSigned(total, 2);
    window.margins.push_back(isLower ? std::pair(total - half, half)
                                     : std::pair(half, total - half));
  }
}

Value ops::transposedConvolution(TensorBuilder &b, const Window &window,
                                 std::optional<ArrayRef<int64_t>> outputPadding, Value input,
                                 Value filter, Value bias, ActivationAttr activation) {
  SmallVector<Axis, 2> axes;
  for (size_t i = 0; i < window.size.size(); ++i)
    axes.push_back(axisOf(window, outputPadding, shapeOf(input), i));
  for (const Axis &axis : axes)
    if (!b.fits({axis.taps() * axis.stride, shapeOf(filter).back()}))
      return {};
  if (axes.size() > 2)
    return transposeVolume(b, window, axes, input, filter, bias, activation);
  bool isImage = axes.size() == 2;
  if (!isImage) {
    axes.insert(axes.begin(), Axis{1, 1, 1, 1, 0, 1});
    input = expandDims(b, input, window.firstDim());
    filter = expandDims(b, filter, 0);
  }
  bool first = window.format == DataFormat::NCHW;
  Value image = first ? transpose(b, input, {0, 2, 3, 1}) : input;
  Value result = transposeImage(b, axes, image, filter, bias, activation);
  if (result && first)
    result = transpose(b, result, {0, 3, 1, 2});
  return result && !isImage ? squeeze(b, result, window.firstDim()) : result;
}
