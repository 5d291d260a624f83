//===- Spectrum.cpp - frequencies of signals -------------------------------------===//
//
// Complex numbers are two tensors: what makes or moves them runs once for each part.
//
//===----------------------------------------------------------------------===//

#include "../Operations/Spectrum.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Operators.h"

#include "flatbuffers/flexbuffers.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// Over the last two dimensions, of which the last one has half of the frequencies.
static Results importRealFourier(OperatorContext &op) {
  auto length = op.integers(1, "fft_length");
  int64_t last = ops::rankOf(op.input()) - 1;
  if (!length || !op.isFloat())
    return Value();
  if (last < 1 || length->size() != 2) {
    op.error("fft_length") << "expected the sizes of 2 dimensions, found " << shown(*length)
                           << " for shape " << shown(op.shape());
    return Value();
  }
  ops::Complex x = ops::fourier(op, {op.input(), {}}, ops::halfFourier(last, (*length)[1]));
  int64_t rows = (*length)[0];
  // Of one row, which signals have, the transform is itself.
  if (x && (rows != 1 || op.shape()[last - 1] != 1))
    x = ops::fourier(op, x, {last - 1, rows, rows});
  return op.isImaginary ? x.imaginary : x.real;
}

static ops::Complex complexInput(OperatorContext &op) {
  if (!op.imaginary())
    op.error() << "input 0: expected complex numbers, found " << ops::elementOf(op.input());
  return op.imaginary() ? ops::Complex{op.input(), op.imaginary()} : ops::Complex();
}

static Results importReal(OperatorContext &op) { return complexInput(op).real; }
static Results importImaginary(OperatorContext &op) { return complexInput(op).imaginary; }

static Results importMagnitude(OperatorContext &op) {
  ops::Complex x = complexInput(op);
  return x ? ops::apply(op, "sqrt", ops::squaredMagnitude(op, x)) : Value();
}

//===----------------------------------------------------------------------===//
// TensorFlow's audio operators
//===----------------------------------------------------------------------===//

namespace {

/// The options of a custom operator by their names, a FlexBuffer.
class CustomOptions {
public:
  explicit CustomOptions(OperatorContext &op) : op(op) {
    // Numbers are aligned within the buffer.
    llvm::append_range(bytes, numbers(op.op.custom_options()));
    std::vector<uint8_t> reuse;
    if (flexbuffers::VerifyBuffer(bytes.data(), bytes.size(), &reuse))
      root = flexbuffers::GetRoot(bytes);
  }

  /// Of at least `least`; nothing after reporting.
  std::optional<double> number(StringRef name, int64_t least) {
    double value = root.IsMap() ? root.AsMap()[name.data()].AsDouble() : -1;
    if (value >= double(least) && value <= 1 << 24)
      return value;
    op.error("custom_options") << "expected '" << name << "', a number from " << least << " to "
                               << (1 << 24);
    return std::nullopt;
  }

private:
  OperatorContext &op;
  std::vector<uint8_t> bytes;
  flexbuffers::Reference root;
};

} // namespace

/// Of signals [elements, channels]: [channels, pieces, frequencies].
static Results importSpectrogram(OperatorContext &op) {
  CustomOptions options(op);
  auto size = options.number("window_size", 2), stride = options.number("stride", 1);
  auto isSquared = options.number("magnitude_squared", 0);
  if (!size || !stride || !isSquared || !op.hasFloats(0, {-1, -1}))
    return Value();
  Value signals = ops::transpose(op, op.input(), {1, 0});
  Value pieces = ops::frames(op, signals, int64_t(*size), int64_t(*stride));
  if (!pieces)
    return Value();
  auto window = ops::cosineWindow({0.5, 0.5}, int64_t(*size), int64_t(*size));
  int64_t length = llvm::PowerOf2Ceil(uint64_t(*size));
  ops::Complex x = ops::fourier(op, {pieces, {}}, ops::halfFourier(2, length, window));
  Value power = x ? ops::squaredMagnitude(op, x) : Value();
  return *isSquared != 0 ? power : ops::apply(op, "sqrt", power);
}

/// A cosine transform of the logarithms of what bands of the mel scale have.
static Results importCepstrum(OperatorContext &op) {
  CustomOptions options(op);
  auto highest = options.number("upper_frequency_limit", 0);
  auto lowest = options.number("lower_frequency_limit", 0);
  auto bands = options.number("filterbank_channel_count", 1);
  auto count = options.number("dct_coefficient_count", 1), rate = op.number(1, "sample_rate");
  if (!highest || !lowest || !bands || !count || !rate || !op.hasFloats(0, {-1, -1, -1}))
    return Value();
  int64_t frequencies = op.shape()[2];
  if (frequencies < 2 || *rate <= 0 || *lowest >= *highest || *count > *bands) {
    op.error("custom_options") << "expected limits of frequencies in order, and no more "
                                  "coefficients than bands";
    return Value();
  }
  // A frequency that begins less than half of a step above the lowest one counts for nothing.
  double step = *rate / 2 / double(frequencies - 1);
  Type element = ops::elementOf(op.input());
  Value matrix = ops::melMatrix(op, frequencies, {int64_t(*bands), *rate, *lowest, *highest},
                                element, int64_t(1.5 + *lowest / step));
  Value sums = matrix ? ops::matmul(op, ops::apply(op, "sqrt", op.input()), matrix) : Value();
  Value bounded = ops::apply(op, "maximum", {sums, op.splat({}, element, 1e-12)});
  return ops::cosineTransform(op, ops::apply(op, "log", bounded), int64_t(*count));
}

ArrayRef<OperatorKind> tflite::spectrumOperators() {
  using O = BuiltinOperator;
  static const OperatorKind table[] = {
      {O::COMPLEX_ABS, 1, 1, importMagnitude, 1, 1},
      {O::CUSTOM, 1, 1, importSpectrogram, 1, 1, BuiltinOptions::NONE, "AudioSpectrogram"},
      {O::CUSTOM, 1, 1, importCepstrum, 2, 2, BuiltinOptions::NONE, "Mfcc"},
      {O::IMAG, 1, 1, importImaginary, 1, 1},
      {O::REAL, 1, 1, importReal, 1, 1},
      {O::RFFT2D, 1, 1, importRealFourier, 2, 2},
  };
  return table;
}
