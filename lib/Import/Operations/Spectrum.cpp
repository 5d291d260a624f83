//===- Spectrum.cpp - frequencies of signals -------------------------------------===//
//
// A Fourier transform is a product with a matrix of cosines and sines, which the window is part
// of: the sizes of audio are small, and products are what there are schedules for.
//
//===----------------------------------------------------------------------===//

#include "Spectrum.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "Reductions.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::frames(TensorBuilder &b, Value signal, int64_t length, int64_t stride) {
  if (!signal)
    return {};
  int64_t rank = rankOf(signal), size = rank ? shapeOf(signal).back() : 0;
  if (length < 1 || stride < 1 || length > size) {
    b.error() << "expected a signal of at least " << length << " elements, found shape "
              << shown(shapeOf(signal));
    return {};
  }
  SmallVector<int64_t> shape(shapeOf(signal).drop_back());
  shape.append({(size - length) / stride + 1, length});
  if (!b.fits(shape))
    return {};
  SmallVector<AffineExpr> source;
  for (int64_t dim = 0; dim + 1 < rank; ++dim)
    source.push_back(b.builder.getAffineDimExpr(dim));
  source.push_back(b.builder.getAffineDimExpr(rank - 1) * stride +
                   b.builder.getAffineDimExpr(rank));
  AffineMap map = AffineMap::get(rank + 1, 0, source, b.builder.getContext());
  return elementwise(b, shape, signal, map,
                     [](OpBuilder &, Location, ValueRange x) { return x[0]; });
}

std::pair<Value, Value> ops::realFourier(TensorBuilder &b, Value pieces, ArrayRef<double> window,
                                         int64_t length) {
  int64_t bins = length / 2 + 1, size = window.size();
  if (!pieces || !b.fits({size, bins}))
    return {};
  SmallVector<float> real(size * bins), imaginary(size * bins);
  for (int64_t i = 0; i < size; ++i)
    for (int64_t k = 0; k < bins; ++k) {
      // The product is reduced before it is an angle, which keeps it exact.
      double angle = 2 * llvm::numbers::pi * double(i * k % length) / double(length);
      real[i * bins + k] = window[i] * std::cos(angle);
      imaginary[i * bins + k] = -window[i] * std::sin(angle);
    }
  Type element = elementOf(pieces);
  return {matmul(b, pieces, b.constant({size, bins}, real, element)),
          matmul(b, pieces, b.constant({size, bins}, imaginary, element))};
}

SmallVector<double> ops::spectralWindow(StringRef name, int64_t size, int64_t length) {
  SmallVector<double> window(length, 0);
  int64_t before = (length - size) / 2;
  double base = name == "hann" ? 0.5 : 0.54;
  for (int64_t i = 0; i < size; ++i)
    window[before + i] =
        name.empty()
            ? 1
            : base - (1 - base) * std::cos(2 * llvm::numbers::pi * double(i) / double(size));
  return window;
}

Value ops::melMatrix(TensorBuilder &b, int64_t frequencies, int64_t bands, double rate,
                     double lowest, double highest, Type element) {
  if (!b.fits({frequencies, bands}))
    return {};
  auto mel = [](double hertz) { return 1127.0 * std::log(1 + hertz / 700.0); };
  double first = mel(lowest), step = (mel(highest) - first) / double(bands + 1);
  SmallVector<float> parts(frequencies * bands, 0);
  // The constant part of a signal belongs to no band.
  for (int64_t i = 1; i < frequencies; ++i)
    for (int64_t band = 0; band < bands; ++band) {
      double place = (mel(rate / 2 * double(i) / double(frequencies - 1)) - first) / step;
      double part = std::min(place - double(band), double(band + 2) - place);
      parts[i * bands + band] = std::max(part, 0.0);
    }
  return b.constant({frequencies, bands}, parts, element);
}
