//===- QuantizedTables.cpp - functions of bytes ----------------------------------===//
//
// A function of a byte is a table of 256, which is computed as TFLite's kernels compute theirs.
//
//===----------------------------------------------------------------------===//

#include "Quantized.h"

#include "../Operations/FixedPoint.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;
using ops::Quantization;

/// A function of an integer of the input that gives one of the output.
using MakeTable = std::function<std::function<int64_t(int64_t)>(const Quantization &input,
                                                                const Quantization &output)>;

/// A function of one tensor of bytes that gives one.
static ImportOperator
ofBytes(std::function<Value(OperatorContext &, const ops::Quantized &, const Quantization &)> f) {
  return [f = std::move(f)](OperatorContext &op) -> Results {
    auto x = op.quantized();
    auto output = op.quantizedOutput();
    if (!x || !output)
      return Value();
    if (x->by.width != 8 || output->width != 8) {
      op.error() << "expected bytes, found integers of 16 bits";
      return Value();
    }
    return f(op, *x, *output);
  };
}

static ImportOperator table(const MakeTable &make) {
  return ofBytes([make](OperatorContext &op, const ops::Quantized &x, const Quantization &output) {
    return ops::tabulate(op, x, ops::elementOf(x.value), make(x.by, output));
  });
}

static Value importSoftmax(OperatorContext &op, const ops::Quantized &x,
                           const Quantization &output) {
  return ops::softmax(op, x, op.options<schema::SoftmaxOptions>().beta(), output);
}

/// Of a function of real numbers: all in float32.
static ImportOperator realFunction(float (*function)(float)) {
  return table([function](const Quantization &input, const Quantization &output) {
    float inverse = 1 / output.scale();
    return [=](int64_t q) -> int64_t {
      float x = input.scale() * float(q - input.zero());
      float nearest = std::round(function(x) * inverse) + float(output.zero());
      return std::clamp<double>(nearest, output.least(), output.greatest());
    };
  });
}

//===----------------------------------------------------------------------===//
// Hard swish, in 16 bits
//===----------------------------------------------------------------------===//

static int16_t saturated(int64_t x) {
  return std::clamp<int64_t>(x, std::numeric_limits<int16_t>::min(),
                             std::numeric_limits<int16_t>::max());
}

/// x * y / 2^15, rounded to nearest.
static int16_t highProduct(int16_t x, int16_t y) {
  int32_t product = int32_t(x) * y;
  return saturated((product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / (1 << 15));
}

/// The upper 16 bits of a multiplier.
static ops::Multiplier narrow(ops::Multiplier multiplier) {
  int64_t rounded = (int64_t(multiplier.value) + (1 << 15)) >> 16;
  return {int32_t(std::min<int64_t>(rounded, 0x7fff)), multiplier.shift};
}

static std::function<int64_t(int64_t)> hardSwish(const Quantization &input,
                                                 const Quantization &output) {
  float fine = (1.0f / 128.0f) * input.scale(), threeAsOne = 3.0f / 32768.0f;
  ops::Multiplier toOutput = narrow(ops::multiplierOf(fine / output.scale()));
  ops::Multiplier toGate = narrow(ops::multiplierOf(fine / threeAsOne));
  return [=](int64_t q) -> int64_t {
    auto x = static_cast<int16_t>((q - input.zero()) * 128);
    int16_t product = highProduct(x, toOutput.value), gate = x;
    int shift = toGate.shift;
    if (shift > 0)
      gate = saturated(gate * (int64_t(1) << (shift - 1)));
    gate = highProduct(gate, toGate.value);
    if (shift > 0)
      gate = saturated(int64_t(gate) * 2);
    if (shift < 0)
      gate = ops::roundingShift(gate, -shift);
    // From -1 to 1 to what is from 0 to 1.
    gate = (int32_t(gate) + (1 << 15)) >> 1;
    int16_t result = (int32_t(gate) * product) / (1 << 15);
    int32_t steps = ops::roundingShift(result, std::max(-toOutput.shift, 0));
    return std::clamp<int64_t>(int16_t(steps + output.zero()), output.least(), output.greatest());
  };
}

//===----------------------------------------------------------------------===//
// The operators
//===----------------------------------------------------------------------===//

static Results importGelu(OperatorContext &op) {
  static const auto exact =
      realFunction([](float x) { return 0.5f * x * std::erfc(x * float(-M_SQRT1_2)); });
  static const auto approximate = realFunction([](float x) {
    constexpr auto factor = float(M_2_SQRTPI * M_SQRT1_2);
    return 0.5f * x * (1.0f + std::tanh(factor * (x + 0.044715f * x * x * x)));
  });
  return op.options<schema::GeluOptions>().approximate() ? approximate(op) : exact(op);
}

ImportOperator tflite::findFunctionOfBytes(BuiltinOperator code) {
  switch (code) {
  case BuiltinOperator::ELU:
    return realFunction([](float x) { return x < 0 ? std::expm1(x) : x; });
  case BuiltinOperator::EXP:
    return realFunction([](float x) { return std::exp(x); });
  case BuiltinOperator::GELU:
    return importGelu;
  case BuiltinOperator::HARD_SWISH:
    return table(hardSwish);
  case BuiltinOperator::LOGISTIC:
    return realFunction([](float x) { return 1.0f / (1.0f + std::exp(-x)); });
  case BuiltinOperator::SOFTMAX:
    return ofBytes(importSoftmax);
  case BuiltinOperator::TANH:
    return realFunction([](float x) { return std::tanh(x); });
  default:
    return {};
  }
}
