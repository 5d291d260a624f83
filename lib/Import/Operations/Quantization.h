//===- Quantization.h - integers that stand for numbers --------------------------===//
//
// What the numbered rules Q1 to Q9 of dialect/README.md say, as operations on integers.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "TensorBuilder.h"

#include <functional>

namespace mlir::sepconv::ops {

/// An integer q stands for scale * (q - zero): one pair for all, or one for each element of
/// dimension `dim`.
struct Quantization {
  SmallVector<float> scales;
  SmallVector<int64_t> zeros;
  int64_t dim = 0;
  /// Of the integers, which in MLIR's types have no sign.
  unsigned width = 8;
  bool isUnsigned = false;

  bool isEach() const { return scales.size() > 1; }
  float scale(size_t i = 0) const { return scales[isEach() ? i : 0]; }
  int64_t zero(size_t i = 0) const { return zeros.empty() ? 0 : zeros[zeros.size() == 1 ? 0 : i]; }
  int64_t least() const { return isUnsigned ? 0 : -(int64_t(1) << (width - 1)); }
  int64_t greatest() const { return least() + (int64_t(1) << width) - 1; }
};

/// A tensor of such integers.
struct Quantized {
  Value value;
  Quantization by;
};

/// scale * (integer - zero) in float32. Null after reporting other counts than those of the shape.
Value dequantize(TensorBuilder &b, const Quantized &x);

/// How numbers are rounded that lie between two integers.
enum class Rounding { ToEven, AwayFromZero };
/// The nearest integers to x / scale + zero.
Value quantize(TensorBuilder &b, Value x, const Quantization &to, Rounding rounding);

/// How sums become integers: multiplied by one number, or one for each element of dimension `dim`,
/// by fixed point (Q5) or in floats (Q6); then the zero is added, and the result is clamped.
struct Requantization {
  SmallVector<double> scales;
  int64_t dim = 0;
  enum Mode { FixedPoint, Float32, Float64 } mode = FixedPoint;
  int64_t zero, least, greatest;
  unsigned width = 8;
};
/// In float32, numbers may take the place of the sums.
Value requantize(TensorBuilder &b, Value sums, const Requantization &by);

/// f(x) of each integer x of `width` bits, which is computed now and looked up when the product
/// runs.
Value tabulate(TensorBuilder &b, const Quantized &x, Type element,
               const std::function<int64_t(int64_t)> &f);

/// The softmax of bytes along the last dimension, with `beta` times the numbers, in fixed point
/// (Q8).
Value softmax(TensorBuilder &b, const Quantized &x, double beta, const Quantization &to);

/// An integer of a quantized tensor as an i32, by its sign.
Value widened(OpBuilder &b, Location loc, Value x, bool isUnsigned);

} // namespace mlir::sepconv::ops
