//===- Spectrum.cpp - MelSpectrogram, and keras.ops of signals -------------------===//

#include "../Operations/Spectrum.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static constexpr int64_t maxLength = 1 << 14;

namespace {

/// Pieces of a signal, a window over each, and the transform's length.
struct FourierArguments {
  FourierArguments(LayerContext &layer, int64_t length, int64_t stride)
      : length(layer.integer("fft_length", 2, length)),
        size(layer.argument("sequence_length") ? layer.integer("sequence_length", 1)
                                               : this->length),
        stride(layer.integer("sequence_stride", 1, stride)) {
    if (layer.argument("window"))
      window = layer.choice("window", {"hann", "hamming"}, "hann");
    if (size > this->length || this->length > maxLength)
      layer.unsupported("fft_length",
                        "that of the sequence or more, and at most " + Twine(maxLength));
  }

  SmallVector<double> windowNumbers() const { return ops::spectralWindow(window, size, length); }
  ops::Complex transform(LayerContext &layer, Value signal, bool isCentered) const {
    if (isCentered) {
      SmallVector<int64_t> margin(ops::rankOf(signal), 0);
      margin.back() = length / 2;
      signal = ops::pad(layer, signal, margin, margin, ops::PadMode::Reflect);
    }
    Value frames = ops::frames(layer, signal, length, stride);
    int64_t last = frames ? ops::rankOf(frames) - 1 : 0;
    return ops::fourier(layer, {frames, {}}, ops::halfFourier(last, length, windowNumbers()));
  }

  int64_t length, size, stride;
  StringRef window;
};

} // namespace

/// 10 * log10 of it, of at least `least`.
static Value decibels(LayerContext &layer, Value value, double least) {
  Type element = ops::elementOf(value);
  Value bounded = ops::apply(layer, "maximum", {value, layer.splat({}, element, least)});
  return ops::apply(layer, "multiply",
                    {ops::apply(layer, "log10", bounded), layer.splat({}, element, 10)});
}

static Value importMelSpectrogram(LayerContext &layer) {
  layer.computeWide();
  FourierArguments fourier(layer, 2048, 512);
  int64_t bands = layer.integer("num_mel_bins", 1, 128);
  double rate = layer.number("sampling_rate", 16000), lowest = layer.number("min_freq", 20);
  double highest = layer.argument("max_freq") ? layer.number("max_freq", 0) : std::trunc(rate / 2);
  double exponent = layer.number("mag_exp", 2), least = layer.number("min_power", 1e-10);
  double range = layer.number("top_db", 80), reference = layer.number("ref_power", 1);
  bool isDecibel = layer.boolean("power_to_db", true);
  if (!(rate > 0 && lowest >= 0 && highest > lowest))
    layer.unsupported("max_freq", "a frequency above the least one");
  // The bound is relative to the greatest number of all images.
  if (!layer.ready() || !layer.hasRank(2) || !layer.keepsBatch(!isDecibel))
    return {};
  ops::Complex parts = fourier.transform(layer, layer.input(), /*isCentered=*/true);
  if (!parts)
    return {};
  Type element = ops::elementOf(parts.real);
  Value power = ops::squaredMagnitude(layer, parts);
  if (exponent != 2)
    power = ops::apply(layer, "power", {power, layer.splat({}, element, exponent / 2)});
  Value matrix =
      ops::melMatrix(layer, fourier.length / 2 + 1, {bands, rate, lowest, highest}, element);
  Value result = power && matrix ? ops::matmul(layer, power, matrix) : Value();
  if (result && isDecibel) {
    double offset = 10 * std::log10(std::max(std::abs(reference), least));
    result = ops::apply(layer, "subtract",
                        {decibels(layer, result, least), layer.splat({}, element, offset)});
    Value greatest = ops::reduce(layer, result, {0, 1, 2}, true, ops::Reduction::Max);
    Value bound = ops::apply(layer, "subtract", {greatest, layer.splat({}, element, range)});
    result = ops::apply(layer, "maximum", {result, bound});
  }
  return result ? ops::transpose(layer, result, {0, 2, 1}) : Value();
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// Whether the input is floats in one dimension or more.
static bool isSignal(LayerContext &layer) {
  if (!layer.shape().empty() && isa<FloatType>(ops::elementOf(layer.input())))
    return true;
  layer.error() << "expected a signal of floats, found shape " << shown(layer.shape());
  return false;
}

/// The numbers of an argument of complex ones: its real and imaginary parts.
static ops::Complex readComplex(LayerContext &layer) {
  return ops::complex(layer, layer.input(), layer.input(1));
}

static Results partsOf(ops::Complex x) { return ArrayRef<Value>{x.real, x.imaginary}; }

static Results importStft(LayerContext &layer) {
  FourierArguments fourier(layer, 2048, 512);
  bool isCentered = layer.boolean("center", true);
  if (!layer.ready() || !isSignal(layer))
    return Value();
  return partsOf(fourier.transform(layer, layer.input(), isCentered));
}

static Results importInverseStft(LayerContext &layer) {
  FourierArguments fourier(layer, 2048, 512);
  bool isCentered = layer.boolean("center", true);
  int64_t size = layer.argument("length") ? layer.integer("length", 1) : 0;
  if (!layer.ready())
    return Value();
  int64_t last = layer.shape().size() - 1, length = fourier.length;
  if (!isSignal(layer))
    return Value();
  if (last < 1) {
    layer.error() << "expected frequencies of pieces, found shape " << shown(layer.shape());
    return Value();
  }
  SmallVector<double> window = fourier.windowNumbers();
  // What the windows of all pieces at one place add up to.
  SmallVector<double> sums(fourier.stride, 0);
  for (auto [i, part] : llvm::enumerate(window))
    sums[i % fourier.stride] += part * part;
  for (auto [i, part] : llvm::enumerate(window))
    part = part == 0 || fourier.window.empty() ? part : part / sums[i % fourier.stride];
  Value pieces = ops::inverseRealFourier(layer, readComplex(layer), last, length, window);
  Value signal = ops::overlapAdd(layer, pieces, fourier.stride);
  if (!signal)
    return Value();
  int64_t whole = ops::shapeOf(signal).back(), start = isCentered ? length / 2 : 0;
  int64_t rest = std::max<int64_t>(whole - start, 0);
  int64_t kept = size ? std::min(size, rest) : std::max<int64_t>(rest - start, 0);
  return layer.fits(kept) ? ops::slice(layer, signal, last - 1, start, kept) : Value();
}

/// The length of the transform, by default that of the input's last dimension; 0 after reporting an
/// error.
static int64_t transformLength(LayerContext &layer, int64_t otherwise) {
  int64_t length = layer.integer("fft_length", 1, std::max<int64_t>(otherwise, 1));
  if (length > maxLength)
    layer.unsupported("fft_length", "at most " + Twine(maxLength));
  return layer.ready() ? length : 0;
}

static Results importRealFourier(LayerContext &layer) {
  if (!layer.ready() || !isSignal(layer))
    return Value();
  int64_t length = transformLength(layer, layer.shape().back()), last = layer.shape().size() - 1;
  if (!length)
    return Value();
  return partsOf(ops::fourier(layer, {layer.input(), {}}, ops::halfFourier(last, length)));
}

static Results importInverseRealFourier(LayerContext &layer) {
  if (!layer.ready() || !isSignal(layer))
    return Value();
  int64_t length = transformLength(layer, 2 * (layer.shape().back() - 1));
  return length
             ? ops::inverseRealFourier(layer, readComplex(layer), layer.shape().size() - 1, length)
             : Value();
}

/// Over the last dimensions, `count` of them.
template <int64_t count, bool isInverse> static Results importFourier(LayerContext &layer) {
  if (!layer.ready() || !isSignal(layer))
    return Value();
  int64_t rank = layer.shape().size();
  if (rank < count) {
    layer.error() << "expected " << count << " dimensions or more, found shape "
                  << shown(layer.shape());
    return Value();
  }
  ops::Complex x = readComplex(layer);
  for (int64_t dim = rank - 1; dim >= rank - count && x; --dim) {
    int64_t size = layer.shape()[dim];
    x = ops::fourier(layer, x, {dim, size, size, isInverse});
  }
  return partsOf(x);
}

static Value importExtractSequences(LayerContext &layer) {
  int64_t length = layer.integer("sequence_length", 1),
          stride = layer.integer("sequence_stride", 1);
  return layer.ready() ? ops::frames(layer, layer.input(), length, stride) : Value();
}

ArrayRef<LayerClass> sepconv::keras::spectrumLayers() {
  static const LayerClass table[] = {
      {"MelSpectrogram",
       importMelSpectrogram,
       {"fft_length", "sequence_stride", "sequence_length", "window", "sampling_rate",
        "num_mel_bins", "min_freq", "max_freq", "power_to_db", "top_db", "mag_exp", "min_power",
        "ref_power"}},
  };
  return table;
}

ArrayRef<LayerClass> sepconv::keras::spectrumOperations() {
  static const LayerClass table[] = {
      {"ExtractSequences", importExtractSequences, {"sequence_length", "sequence_stride"}},
      {"FFT", importFourier<1, false>, {}, 2, 2},
      {"FFT2", importFourier<2, false>, {}, 2, 2},
      {"IFFT2", importFourier<2, true>, {}, 2, 2},
      {"IRFFT", importInverseRealFourier, {"fft_length"}, 2, 2},
      {"ISTFT",
       importInverseStft,
       {"sequence_length", "sequence_stride", "fft_length", "length", "window", "center"},
       2,
       2},
      {"RFFT", importRealFourier, {"fft_length"}},
      {"STFT",
       importStft,
       {"sequence_length", "sequence_stride", "fft_length", "window", "center"}},
  };
  return table;
}
