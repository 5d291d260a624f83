//===- SpectralTables.cpp - windows of signals, and bands of frequencies ---------===//

#include "../Problems.h"
#include "Spectrum.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

SmallVector<double> ops::cosineWindow(ArrayRef<double> terms, int64_t size, int64_t period) {
  SmallVector<double> window(size, 0);
  for (int64_t i = 0; i < size; ++i)
    for (auto [j, term] : llvm::enumerate(terms))
      window[i] += (j % 2 ? -term : term) *
                   std::cos(2 * llvm::numbers::pi * double(i * int64_t(j)) / double(period));
  return window;
}

SmallVector<double> ops::spectralWindow(StringRef name, int64_t size, int64_t length) {
  double base = name.empty() ? 1 : name == "hann" ? 0.5 : 0.54;
  SmallVector<double> window((length - size) / 2, 0);
  llvm::append_range(window, cosineWindow({base, 1 - base}, size, size));
  window.resize(length, 0);
  return window;
}

static double melOf(double hertz) { return 1127.0 * std::log(1 + hertz / 700.0); }

Value ops::melMatrix(TensorBuilder &b, int64_t frequencies, const MelBands &bands, Type element,
                     int64_t first) {
  if (!b.fits({frequencies, bands.count}))
    return {};
  double lowest = melOf(bands.lowest);
  double step = (melOf(bands.highest) - lowest) / double(bands.count + 1);
  SmallVector<float> parts(frequencies * bands.count, 0);
  // The constant part of a signal belongs to no band.
  for (int64_t i = std::max<int64_t>(first, 1); i < frequencies; ++i)
    for (int64_t band = 0; band < bands.count; ++band) {
      double hertz = bands.rate / 2 * double(i) / double(frequencies - 1);
      double place = (melOf(hertz) - lowest) / step;
      double part = std::min(place - double(band), double(band + 2) - place);
      parts[i * bands.count + band] = std::max(part, 0.0);
    }
  return b.constant({frequencies, bands.count}, parts, element);
}

Value ops::melMatrixOfBins(TensorBuilder &b, int64_t length, const MelBands &bands, Type element) {
  int64_t frequencies = length / 2 + 1;
  if (!b.fits({frequencies, bands.count}))
    return {};
  auto mel = [](double hertz) { return 2595 * std::log10(1 + hertz / 700); };
  double lowest = mel(bands.lowest);
  double step = (mel(bands.highest) - lowest) / double(bands.count + 2);
  auto corner = [&](int64_t i) {
    double hertz = 700 * (std::pow(10, (double(i) * step + lowest) / 2595) - 1);
    return std::floor(double(length + 1) * hertz / bands.rate);
  };
  double first = corner(0), last = corner(bands.count + 1);
  if (!(first >= 0 && first <= last && last <= double(frequencies))) {
    b.error("upper_edge_hertz") << "expected a frequency between the lower edge and half of the "
                                   "sample rate, found "
                                << std::to_string(bands.highest);
    return {};
  }
  SmallVector<float> parts(frequencies * bands.count, 0);
  for (int64_t band = 0; band < bands.count; ++band) {
    int64_t left = corner(band), centre = corner(band + 1), right = corner(band + 2);
    for (int64_t i = left; i < std::min(std::max(right, centre + 1), frequencies); ++i)
      parts[i * bands.count + band] = i < centre    ? float(i - left) / float(centre - left)
                                      : i == centre ? 1
                                                    : float(right - i) / float(right - centre);
  }
  return b.constant({frequencies, bands.count}, parts, element);
}
