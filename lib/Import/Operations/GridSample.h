//===- GridSample.h - an image read at places that are computed ------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// How an image is read between its pixels and outside.
struct GridSampling {
  enum Mode { Nearest, Linear, Cubic } mode = Linear;
  enum Outside { Zeros, Border, Reflection } outside = Zeros;
  /// Whether -1 and 1 are the centres of the first and the last pixel, and not their edges.
  bool alignsCorners = false;
};

/// The elements of `image`, [images, channels, spatial...], at the places that the last dimension
/// of `grid` says, the last spatial dimension first: [images, channels, the grid's dimensions].
Value gridSample(TensorBuilder &b, Value image, Value grid, const GridSampling &sampling);

} // namespace mlir::sepconv::ops
