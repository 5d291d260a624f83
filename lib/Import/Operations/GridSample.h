//===- GridSample.h - an image read at places that are computed ------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// How an image is read between its pixels and outside.
struct GridSampling {
  enum Mode { Nearest, Linear, Cubic } mode = Linear;
  /// Constant is `number`. Of pixels that are counted, Reflection and Wrap repeat the image.
  enum Outside { Constant, Border, Reflection, Wrap } outside = Constant;
  double number = 0;
  /// Whether -1 and 1 are the centres of the first and the last pixel, and not their edges.
  bool alignsCorners = false;
};

/// The elements of `image`, [images, channels, spatial...], at the places that the last dimension
/// of `grid` says, the last spatial dimension first: [images, channels, the grid's dimensions].
Value gridSample(TensorBuilder &b, Value image, Value grid, const GridSampling &sampling);

/// The elements of a tensor at `places`, [its rank, any shape], counted in elements: that shape.
/// Outside is not Reflection, of which frameworks have several kinds.
Value sampleAt(TensorBuilder &b, Value image, Value places, const GridSampling &sampling);

/// Each pixel of an image in NHWC, (x, y), becomes the one at (t0 x + t1 y + t2, t3 x + t4 y + t5)
/// / (t6 x + t7 y + 1) of it, where t are the 8 numbers of an image or of all, as in TensorFlow's
/// ImageProjectiveTransformV3.
Value projectImage(TensorBuilder &b, Value image, Value transforms, const GridSampling &sampling);

} // namespace mlir::sepconv::ops
