//===- Resizing.h - images of other sizes ----------------------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// How a pixel is made of those near its place, as tf.image.resize has it: pixel i of n out of m is
/// at (i + 0.5) * m / n - 0.5.
enum class Interpolation { Nearest, Bilinear, Bicubic, Lanczos3, Lanczos5 };

/// `sizes` pixels along the dimensions `dims`; with `antialias` an image that becomes smaller is
/// smoothed. Null after reporting sizes, which `argument` has, that are too large.
Value resize(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, ArrayRef<int64_t> sizes,
             Interpolation interpolation, bool antialias, StringRef argument);

/// `size` pixels along a dimension, of which one stands for 1 / `scale` of the input; they are
/// moved `translation` of them to the end.
struct ScaledDimension {
  int64_t dim, size;
  double scale, translation;
};
Value scaleAndTranslate(TensorBuilder &b, Value value, ArrayRef<ScaledDimension> dims,
                        Interpolation interpolation, bool antialias);

} // namespace mlir::sepconv::ops
