//===- IntegerSums.h - convolutions, products and pools of quantized tensors -----===//
//
// Sums of (x - zero) * (w - zero), of which the constant part is in the bias (Q3, Q4).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Quantization.h"
#include "Windows.h"

namespace mlir::sepconv::ops {

/// The sums of a convolution and its bias, i32 or, of 16 bits, i64. The filter is a constant, as
/// convolution() and depthwiseConvolution() take it, its last dimension or its last two the
/// output's channels; a null bias is none. Null after reporting another filter.
Value sumConvolution(TensorBuilder &b, const PlacedWindow &window, const Quantized &input,
                     const Quantized &filter, Value bias, int64_t groups);
Value sumDepthwise(TensorBuilder &b, const PlacedWindow &window, const Quantized &input,
                   const Quantized &filter, Value bias);
Value sumTransposed(TensorBuilder &b, const Window &window, const Quantized &input,
                    const Quantized &filter, Value bias);
/// Of a matrix [channels, units].
Value sumDense(TensorBuilder &b, const Quantized &input, const Quantized &filter, Value bias);

/// The sum of the integers in each window, those outside being 0, as i32; and how many there are
/// inside, as a constant or a tensor of the output's height and width.
Value sumWindows(TensorBuilder &b, const Window &window, const Quantized &input);
Value countWindows(TensorBuilder &b, const Window &window, Value input);
Value maxWindows(TensorBuilder &b, const PlacedWindow &window, const Quantized &input);

/// The sum of the integers along dimensions, which keep the size 1, as i32.
Value sumAlong(TensorBuilder &b, const Quantized &x, ArrayRef<int64_t> dims);

} // namespace mlir::sepconv::ops
