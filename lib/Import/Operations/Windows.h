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
  enum Padding { Valid, Same, Causal, Explicit } padding = Valid;
  /// For Padding::Explicit: {before, after} of each dimension.
  SmallVector<std::pair<int64_t, int64_t>, 2> margins;
  DataFormat format = DataFormat::NHWC;

  int64_t rank() const { return size.size() + 2; }
  int64_t channelDim() const { return format == DataFormat::NHWC ? rank() - 1 : 1; }
  int64_t firstDim() const { return format == DataFormat::NHWC ? 1 : 2; }
};

/// A window over an input: everything in two dimensions.
struct PlacedWindow {
  SmallVector<int64_t, 2> size, strides, dilations;
  SmallVector<int64_t, 4> padding, output;
  DataFormat format;
  /// Whether the image has a height, or one was made of 1.
  bool isImage;
};

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
/// Over all spatial dimensions, which keep the size 1.
Value globalPool(TensorBuilder &b, Value input, PoolKind kind, DataFormat format);

/// Each input pixel adds `filter`, [spatial..., filters, channels], to the output. What the output
/// has more than a window's SAME or VALID gives is `outputPadding`; without one it is TensorFlow's.
Value transposedConvolution(TensorBuilder &b, const Window &window,
                            std::optional<ArrayRef<int64_t>> outputPadding, Value input,
                            Value filter, Value bias, ActivationAttr activation);

/// output[..., k] = activation(bias[k] + sum over q of input[..., q] * filter[q, k])
Value dense(TensorBuilder &b, Value input, Value filter, Value bias, ActivationAttr activation);

} // namespace mlir::sepconv::ops
