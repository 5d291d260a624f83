//===- Spectrum.h - frequencies of signals ---------------------------------------===//
#pragma once

#include "TensorBuilder.h"

#include <utility>

namespace mlir::sepconv::ops {

/// Pieces of `length` elements of the last dimension, which begin `stride` apart, each as a last
/// dimension of its own. Null after reporting if there is none.
Value frames(TensorBuilder &b, Value signal, int64_t length, int64_t stride);

/// The real and the imaginary parts of the frequencies 0 to `length / 2` of the last dimension's
/// elements, each times its part of the window, and as many zeros as the length has more.
std::pair<Value, Value> realFourier(TensorBuilder &b, Value pieces, ArrayRef<double> window,
                                    int64_t length);

/// One of the windows "hann" and "hamming", periodic, and zeros on both sides; all ones for "".
SmallVector<double> spectralWindow(StringRef name, int64_t size, int64_t length);

/// What each of the frequencies 0 to half of `rate` contributes to each of `bands` triangles on the
/// mel scale: [frequencies, bands].
Value melMatrix(TensorBuilder &b, int64_t frequencies, int64_t bands, double rate, double lowest,
                double highest, Type element);

} // namespace mlir::sepconv::ops
