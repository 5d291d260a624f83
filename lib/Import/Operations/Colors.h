//===- Colors.h - colours of pixels in other coordinates -------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// Red, green and blue, from 0 to 1 along a dimension of size 3, as hue, saturation and value; and
/// back. As TensorFlow defines them.
Value rgbToHsv(TensorBuilder &b, Value image, int64_t dim);
Value hsvToRgb(TensorBuilder &b, Value image, int64_t dim);

} // namespace mlir::sepconv::ops
