//===- Windows.h - convolutions and pools ----------------------------------------===//
//
// Of one spatial dimension they are those of two, with a height of 1.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// A window of `size` elements over each spatial dimension of an image, as a format says it.
struct Window {
  SmallVector<int64_t, 2> size, strides, dilations;
  /// SameLower puts the larger half of an odd total before.
  enum Padding { Valid, Same, SameLower, Causal, Explicit } padding = Valid;
  /// For Padding::Explicit: {before, after} of each dimension.
  SmallVector<std::pair<int64_t, int64_t>, 2> margins;
  DataFormat format = DataFormat::NHWC;
  /// Whether a last window may reach over the end, if it begins before it.
  bool roundsUp = false;

  int64_t rank() const { return size.size() + 2; }
  int64_t channelDim() const { return format == DataFormat::NHWC ? rank() - 1 : 1; }
  int64_t firstDim() const { return format == DataFormat::NHWC ? 1 : 2; }
};

/// A window over an input: everything in two dimensions.
struct PlacedWindow {
  SmallVector<int64_t, 2> size, strides, dilations;
  SmallVector<int64_t, 4> padding, output;
  DataFormat format;
  /// Whether the padding is that of SAME for a size that is not known; it is 0 here then.
  bool same = false;
  /// Whether the image has a height, or one was made of 1.
  bool isImage;
  /// Of integers: whether the input's have a sign, and what lies outside.
  bool unsignedInput = false;
  int64_t paddingValue = 0;
};

/// A window along one dimension of an input: the padding, and how often it fits.
struct WindowExtent {
  int64_t before = 0, after = 0, output = 0;
};

/// Along spatial dimension `i` of `input` elements; nothing after reporting if it does not fit.
std::optional<WindowExtent> place(TensorBuilder &b, const Window &window, size_t i, int64_t input);

/// The window over an input of this shape, whose output has `channels`; nothing after reporting if
/// it does not fit or the input has another rank.
std::optional<PlacedWindow> place(TensorBuilder &b, ArrayRef<int64_t> input, const Window &window,
                                  int64_t channels);

/// Filters are [spatial..., channels / groups, filters], depthwise ones [spatial..., channels,
/// multiplier], pointwise ones [1..., channels, filters], as in TensorFlow. A null bias or
/// activation is none.
Value convolution(TensorBuilder &b, const PlacedWindow &window, Value input, Value filter,
                  Value bias, int64_t groups, ActivationAttr activation);
Value depthwiseConvolution(TensorBuilder &b, const PlacedWindow &window, Value input, Value filter,
                           Value bias, ActivationAttr activation);
Value separableConvolution(TensorBuilder &b, const PlacedWindow &window, Value input,
                           Value depthwise, Value pointwise, Value bias, ActivationAttr activation);
Value pool(TensorBuilder &b, const PlacedWindow &window, Value input, PoolKind kind);
/// Pools over a window of any rank, with dilations. What is outside counts as 0 in averages where
/// `countsPadding` says so, and does not take part otherwise. Integers have a sign unless a
/// greatest one is asked for of others.
Value maxPool(TensorBuilder &b, const Window &window, Value input, bool isUnsigned = false);
Value sumPool(TensorBuilder &b, const Window &window, Value input);
Value averagePool(TensorBuilder &b, const Window &window, Value input, bool countsPadding);
/// The norm of order `order`, of at least 1, of each window.
Value normPool(TensorBuilder &b, const Window &window, Value input, double order);
/// A convolution over any number of spatial dimensions.
Value convolutionOfAnyRank(TensorBuilder &b, const Window &window, Value input, Value filter,
                           Value bias, int64_t groups);
/// The same by the operation of the dialect where there is one.
Value convolution(TensorBuilder &b, const Window &window, Value input, Value filter, Value bias,
                  int64_t groups);
/// As many windows as are wanted along each spatial dimension.
Value adaptivePool(TensorBuilder &b, Value value, PoolKind kind, ArrayRef<int64_t> windows,
                   DataFormat format);
/// Folds each window of every channel into a number of `element`, from `start` on, which is outside
/// too; `body` has the number so far and an element of the window.
Value foldWindows(TensorBuilder &b, const Window &window, Value input, double start, Type element,
                  llvm::function_ref<Value(OpBuilder &, Location, ValueRange)> body);
/// The elements of each window side by side, as a last dimension; what lies outside is `outside`.
Value windowsOf(TensorBuilder &b, const Window &window, Value input, double outside);
/// Of images in NCHW: where the first greatest element of each window is, counted over all elements
/// of the tensor, rows first or, of the spatial dimensions, columns.
Value maxPoolIndices(TensorBuilder &b, const Window &window, Value input, bool columnsFirst);
/// Zeros but for the elements of `value` at these places, each of which is in its window or outside
/// of everything: what such a pool took apart. The window's margins are explicit.
Value maxUnpool(TensorBuilder &b, const Window &window, Value value, Value indices);
/// Over all spatial dimensions, which keep the size 1.
Value globalPool(TensorBuilder &b, Value input, PoolKind kind, DataFormat format);

/// Each input pixel adds `filter`, [spatial..., filters, channels], to the output. What the output
/// has more than a window's SAME or VALID gives is `outputPadding`; without one it is TensorFlow's.
Value transposedConvolution(TensorBuilder &b, const Window &window,
                            std::optional<ArrayRef<int64_t>> outputPadding, Value input,
                            Value filter, Value bias, ActivationAttr activation);

/// Columns, [images, channels * window, windows], each of which is added to an image in NCHW of
/// these sizes where its window is: what Unfold takes apart, put together. The window's margins
/// are explicit. Null after reporting what does not fit.
Value addPatches(TensorBuilder &b, const Window &window, Value columns, ArrayRef<int64_t> sizes);
/// The differences of an image in NHWC along its height and its width, as a last dimension of 2.
Value sobelEdges(TensorBuilder &b, Value image);

/// Makes the margins those with which the output of a transposed convolution has these sizes, or
/// `strides` times those of the input of this shape.
void setTransposedOutput(Window &window, ArrayRef<int64_t> outputPadding, ArrayRef<int64_t> input,
                         std::optional<ArrayRef<int64_t>> sizes);

/// output[..., k] = activation(bias[k] + sum over q of input[..., q] * filter[q, k])
Value dense(TensorBuilder &b, Value input, Value filter, Value bias, ActivationAttr activation,
            bool unsignedInput = false);

} // namespace mlir::sepconv::ops
