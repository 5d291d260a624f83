//===- GridSample.h - an image read at places that are computed ------------------===//
#pragma once

#include "Windows.h"

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

/// Where `gridSample` reads an image of these spatial sizes after each matrix of `transforms`,
/// [images, dimensions, dimensions + 1]: [images, sizes..., dimensions].
Value affineGrid(TensorBuilder &b, Value transforms, ArrayRef<int64_t> sizes, bool alignsCorners);

/// How regions of an image become images of one size: each pixel is the mean or the maximum of
/// `samples` times `samples` places.
struct RegionSampling {
  int64_t height, width, samples;
  /// What corners are multiplied by.
  double scale = 1;
  /// Whether pixels have their centres at a half, and regions may be smaller than one.
  bool isHalfPixel = true;
  bool isMax = false;
};
/// `regions`, [regions, 4], are corners (x, y, x, y) in the images of an NCHW tensor that `numbers`
/// says: [regions, channels, height, width].
Value alignRegions(TensorBuilder &b, Value image, Value regions, Value numbers,
                   const RegionSampling &sampling);

/// A convolution of an image in NCHW, each of whose filter's elements, [filters, channels of a
/// group, height, width], is moved by `offsets`, [images, groups of them * height * width * 2,
/// windows...], and multiplied by `mask`, which may be null as the bias may.
struct DeformedConvolution {
  Value filter, bias, offsets, mask;
  int64_t groups = 1, offsetGroups = 1;
};
Value deformedConvolution(TensorBuilder &b, const Window &window, Value image,
                          const DeformedConvolution &by);

} // namespace mlir::sepconv::ops
