//===- Quantization.h - integers that stand for numbers --------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// (value - zero) * scale, each integer of float32: one pair for all, or one for each element of
/// dimension `dim`. Null after reporting other counts.
Value dequantize(TensorBuilder &b, Value value, ArrayRef<float> scales, ArrayRef<int64_t> zeros,
                 int64_t dim);

} // namespace mlir::sepconv::ops
