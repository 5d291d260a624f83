//===- Resampling.h - images of other sizes, pixel by pixel ----------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// How each pixel of an image of another size is made.
struct Sampling {
  enum Mode { Nearest, Linear, Cubic } mode = Nearest;
  /// Where pixel i of the output is in the input.
  enum Place {
    HalfPixel,
    HalfPixelSymmetric,
    HalfPixelOrFirst, // as PyTorch has it: of one pixel, the first
    AlignCorners,
    Asymmetric,
    HalfPixelWithoutShift,
    Crop
  } place = HalfPixel;
  /// Of Nearest.
  enum Rounding { HalfDown, HalfUp, Down, Up } rounding = HalfDown;
  double cubic = -0.75;
  /// Whether pixels outside of the input have no part; otherwise they are like those at the edge.
  bool excludesOutside = false;
  /// Whether images that become smaller are smoothed.
  bool antialias = false;
  /// What is outside of a Crop.
  double outside = 0;
};

/// Along dimension `dim`.
struct SampledDimension {
  int64_t dim, size;
  double scale;
  /// Of a Crop, as parts of the input.
  double begin = 0, end = 1;
};

Value resample(TensorBuilder &b, Value value, ArrayRef<SampledDimension> dims,
               const Sampling &sampling);

} // namespace mlir::sepconv::ops
