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

  std::pair<Value, Value> transform(LayerContext &layer, Value signal, bool isCentered) const {
    if (isCentered) {
      SmallVector<int64_t> margin(ops::rankOf(signal), 0);
      margin.back() = length / 2;
      signal = ops::pad(layer, signal, margin, margin, ops::PadMode::Reflect);
    }
    return ops::realFourier(layer, ops::frames(layer, signal, length, stride),
                            ops::spectralWindow(window, size, length), length);
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
  auto [real, imaginary] = fourier.transform(layer, layer.input(), /*isCentered=*/true);
  if (!real || !imaginary)
    return {};
  Type element = ops::elementOf(real);
  Value power = ops::apply(
      layer, "add", {ops::apply(layer, "square", real), ops::apply(layer, "square", imaginary)});
  if (exponent != 2)
    power = ops::apply(layer, "power", {power, layer.splat({}, element, exponent / 2)});
  Value matrix =
      ops::melMatrix(layer, fourier.length / 2 + 1, bands, rate, lowest, highest, element);
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

static Results importStft(LayerContext &layer) {
  FourierArguments fourier(layer, 2048, 512);
  bool isCentered = layer.boolean("center", true);
  if (!layer.ready() || !isSignal(layer))
    return Value();
  auto [real, imaginary] = fourier.transform(layer, layer.input(), isCentered);
  return ArrayRef<Value>{real, imaginary};
}

static Results importRealFourier(LayerContext &layer) {
  if (!layer.ready() || !isSignal(layer))
    return Value();
  int64_t last = layer.shape().size() - 1, size = layer.shape().back();
  int64_t length = layer.integer("fft_length", 1, size);
  if (length > maxLength)
    layer.unsupported("fft_length", "at most " + Twine(maxLength));
  if (!layer.ready())
    return Value();
  Value part = ops::slice(layer, layer.input(), last, 0, std::min(size, length));
  SmallVector<double> ones(std::min(size, length), 1);
  auto [real, imaginary] = ops::realFourier(layer, part, ones, length);
  return ArrayRef<Value>{real, imaginary};
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
      {"RFFT", importRealFourier, {"fft_length"}},
      {"STFT",
       importStft,
       {"sequence_length", "sequence_stride", "fft_length", "window", "center"}},
  };
  return table;
}
