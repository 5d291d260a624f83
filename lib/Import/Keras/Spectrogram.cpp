//===- Spectrogram.cpp - STFTSpectrogram -------------------------------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "../Operations/Spectrum.h"
#include "../Operations/Windows.h"
#include "Layers.h"

#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static constexpr double epsilon = 1e-7;

/// A product with a matrix that was trained: [frame_length, 1, frequencies].
static Value project(LayerContext &layer, Value frames, StringRef name, int64_t bins) {
  int64_t length = ops::shapeOf(frames).back();
  VariableArguments arguments = layer.variable(name, "zeros");
  if (arguments.initializer) {
    layer.error() << "its variable '" << name << "' needs the weights of the model";
    return {};
  }
  Value kernel = layer.weight(name, {length, 1, bins}, arguments);
  return kernel ? ops::matmul(layer, frames, ops::reshape(layer, kernel, {length, bins})) : Value();
}

/// What a mode makes of the frequencies, the last dimension.
static Value applyMode(LayerContext &layer, StringRef mode, ops::Complex x) {
  Value any = x.real ? x.real : x.imaginary;
  if (mode == "real" || mode == "imag" || !any)
    return any;
  int64_t last = ops::rankOf(any) - 1, bins = ops::shapeOf(any).back();
  if (mode == "angle")
    return ops::apply(layer, "arctan2", {x.imaginary, x.real});
  if (mode == "stft")
    return ops::concatenate(layer, {x.real, x.imaginary}, last);
  Value power = ops::squaredMagnitude(layer, x);
  if (mode == "psd") {
    SmallVector<int64_t> margin(last + 1, 0);
    margin[last] = 1;
    Value inner = bins > 2 ? ops::slice(layer, power, last, 1, bins - 2) : Value();
    return inner ? ops::apply(layer, "add", {power, ops::pad(layer, inner, margin, margin)})
                 : power;
  }
  Value least = layer.splat({}, ops::elementOf(power), epsilon);
  Value magnitude = ops::apply(layer, "sqrt", ops::apply(layer, "maximum", {power, least}));
  if (mode == "magnitude")
    return magnitude;
  return ops::apply(layer, "log", ops::apply(layer, "maximum", {magnitude, least}));
}

static Value importStftSpectrogram(LayerContext &layer) {
  StringRef mode =
      layer.choice("mode", {"log", "magnitude", "psd", "real", "imag", "angle", "stft"}, "log");
  ops::Window window;
  int64_t length = layer.integer("frame_length", 1, 256);
  window.size = {length};
  window.strides = {layer.integer("frame_step", 1, std::max<int64_t>(length / 2, 1))};
  window.dilations = {1};
  int64_t whole = layer.integer("fft_length", 1, PowerOf2Ceil(length));
  bool isSame = layer.choice("padding", {"valid", "same"}, "valid") == "same";
  window.padding = isSame ? ops::Window::Same : ops::Window::Valid;
  bool isImage = layer.boolean("expand_dims", false);
  bool isLast = layer.dataFormat() == DataFormat::NHWC;
  if (!layer.ready() || !layer.hasRank(3))
    return {};
  Value signal = isLast ? ops::transpose(layer, layer.input(), {0, 2, 1}) : layer.input();
  auto extent = ops::place(layer, window, 0, ops::shapeOf(signal)[2]);
  if (!extent)
    return {};
  signal = ops::pad(layer, signal, {0, 0, extent->before}, {0, 0, extent->after});
  Value frames = ops::frames(layer, signal, length, window.strides[0]);
  if (!frames)
    return {};
  int64_t bins = whole / 2 + 1;
  ops::Complex parts;
  if (mode != "imag")
    parts.real = project(layer, frames, "real_kernel", bins);
  if (mode != "real")
    parts.imaginary = project(layer, frames, "imag_kernel", bins);
  Value result = layer.ready() ? applyMode(layer, mode, parts) : Value();
  if (!result)
    return {};
  // It is [images, channels, pieces, frequencies].
  SmallVector<int64_t> shape(ops::shapeOf(result));
  if (isImage)
    return isLast ? ops::transpose(layer, result, {0, 2, 3, 1}) : result;
  if (isLast)
    return ops::reshape(layer, ops::transpose(layer, result, {0, 2, 1, 3}),
                        {shape[0], shape[2], shape[1] * shape[3]});
  return ops::reshape(layer, ops::transpose(layer, result, {0, 1, 3, 2}),
                      {shape[0], shape[1] * shape[3], shape[2]});
}

ArrayRef<LayerClass> sepconv::keras::spectrogramLayers() {
  // What else a window is made of is in the weights.
  static const LayerClass table[] = {
      {"STFTSpectrogram",
       importStftSpectrogram,
       {"mode", "frame_length", "frame_step", "fft_length", "window", "periodic", "scaling",
        "padding", "expand_dims", "data_format"}},
  };
  return table;
}
