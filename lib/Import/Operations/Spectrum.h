//===- Spectrum.h - frequencies of signals ---------------------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// Pieces of `length` elements of the last dimension, which begin `stride` apart, each as a last
/// dimension of its own. Null after reporting if there is none.
Value frames(TensorBuilder &b, Value signal, int64_t length, int64_t stride);
/// The sum of such pieces where each has its place: the last two dimensions become one.
Value overlapAdd(TensorBuilder &b, Value pieces, int64_t stride);

/// Complex numbers as their two parts; a null imaginary part is 0.
struct Complex {
  Value real, imaginary;
  explicit operator bool() const { return bool(real); }
};

/// Null after reporting parts of two shapes, or what is no floats.
Complex complex(TensorBuilder &b, Value real, Value imaginary);
/// The two parts side by side as a new last dimension, and apart again. One part alone is real.
Value joined(TensorBuilder &b, Complex x);
Complex apart(TensorBuilder &b, Value x);
Value squaredMagnitude(TensorBuilder &b, Complex x);

/// A discrete Fourier transform along a dimension, whose elements are cut, or filled up with zeros,
/// to `length`.
struct Fourier {
  int64_t dim, length;
  /// How many of the frequencies, from 0 on.
  int64_t bins;
  bool isInverse = false;
  /// What the elements are multiplied by first; none if it is empty.
  ArrayRef<double> window = {};
};
/// The transform of half of the frequencies, which is all that real numbers have.
inline Fourier halfFourier(int64_t dim, int64_t length, ArrayRef<double> window = {}) {
  return {dim, length, length / 2 + 1, /*isInverse=*/false, window};
}
Complex fourier(TensorBuilder &b, Complex x, const Fourier &transform);
/// The `length` real numbers that have these frequencies from 0 to half of the length, each times
/// its part of the window.
Value inverseRealFourier(TensorBuilder &b, Complex x, int64_t dim, int64_t length,
                         ArrayRef<double> window = {});

/// terms[0] - terms[1] cos(a) + terms[2] cos(2 a) - ..., where `a` takes `period` steps around.
SmallVector<double> cosineWindow(ArrayRef<double> terms, int64_t size, int64_t period);
/// One of the windows "hann" and "hamming", periodic, and zeros on both sides; all ones for "".
SmallVector<double> spectralWindow(StringRef name, int64_t size, int64_t length);

/// Triangles on the mel scale between two frequencies.
struct MelBands {
  int64_t count;
  double rate, lowest, highest;
};
/// What each of the frequencies 0 to half of the rate contributes to each band, from the one
/// `first` on: [frequencies, bands].
Value melMatrix(TensorBuilder &b, int64_t frequencies, const MelBands &bands, Type element,
                int64_t first = 1);
/// The same with corners at frequencies of a transform of `length`, as ONNX has it. Null after
/// reporting a corner that is outside.
Value melMatrixOfBins(TensorBuilder &b, int64_t length, const MelBands &bands, Type element);
/// A discrete cosine transform of the second kind along the last dimension: its first numbers.
Value cosineTransform(TensorBuilder &b, Value value, int64_t count);

} // namespace mlir::sepconv::ops
