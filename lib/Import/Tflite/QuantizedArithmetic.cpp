//===- QuantizedArithmetic.cpp - arithmetic of integers that have scales ---------===//

#include "Quantized.h"

#include "../Operations/Elementwise.h"
#include "../Operations/FixedPoint.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <map>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;
using ops::Multiplier;

/// An element of an input as its distance from the zero point, in i32.
static Value distance(OpBuilder &b, Location loc, Value x, const ops::Quantization &by) {
  Value wide = ops::widened(b, loc, x, by.isUnsigned);
  if (!by.zero())
    return wide;
  return arith::SubIOp::create(b, loc, wide, ops::integer(b, loc, wide.getType(), by.zero()));
}

/// A number of the output's steps as its integer.
static Value shifted(OpBuilder &b, Location loc, Value steps, const ops::Quantization &by,
                     IntegerRange range) {
  Value zero = ops::integer(b, loc, steps.getType(), by.zero());
  return narrowed(b, loc, arith::AddIOp::create(b, loc, steps, zero), by, range);
}

namespace {

/// Two inputs and the output of an operator that works element by element.
struct Two {
  ops::Quantized left, right;
  ops::Quantization output;
  IntegerRange range;
};

} // namespace

static std::optional<Two> readTwo(OperatorContext &op, ActivationFunctionType function) {
  auto left = op.quantized(0), right = op.quantized(1);
  auto output = op.quantizedOutput();
  auto range = output ? rangeOf(op, *output, function) : std::nullopt;
  if (!left || !right || !range)
    return std::nullopt;
  if (left->by.isUnsigned == right->by.isUnsigned && left->by.width == right->by.width &&
      left->by.width == output->width)
    return Two{*left, *right, *output, *range};
  op.error() << "expected inputs and an output of the same integers";
  return std::nullopt;
}

static Value elementwise(OperatorContext &op, const Two &two, ops::Body body) {
  return ops::broadcast(op, {two.left.value, two.right.value}, false, body,
                        op.builder.getIntegerType(two.output.width));
}

/// Both as multiples of half the greater scale, with 20 bits more (15 of integers of 16 bits).
template <typename Options, bool isDifference> static Results importSum(OperatorContext &op) {
  auto two = readTwo(op, op.options<Options>().fused_activation_function());
  if (!two)
    return Value();
  int bits = two->output.width == 16 ? 15 : 20;
  float left = two->left.by.scale(), right = two->right.by.scale();
  double twice = 2 * std::max(left, right);
  Multiplier ofLeft = ops::multiplierOf(left / twice), ofRight = ops::multiplierOf(right / twice);
  Multiplier ofSum = ops::multiplierOf(twice / ((1 << bits) * two->output.scale()));
  auto body = [&](OpBuilder &b, Location loc, ValueRange e) -> Value {
    auto term = [&](Value x, const ops::Quantization &by, Multiplier multiplier) {
      Value steps = distance(b, loc, x, by);
      Value shift = ops::integer(b, loc, steps.getType(), bits);
      return ops::multiply(b, loc, arith::ShLIOp::create(b, loc, steps, shift), multiplier);
    };
    Value x = term(e[0], two->left.by, ofLeft), y = term(e[1], two->right.by, ofRight);
    Value sum = isDifference ? arith::SubIOp::create(b, loc, x, y).getResult()
                             : arith::AddIOp::create(b, loc, x, y).getResult();
    return shifted(b, loc, ops::multiply(b, loc, sum, ofSum), two->output, two->range);
  };
  return elementwise(op, *two, body);
}

static Results importProduct(OperatorContext &op) {
  auto two = readTwo(op, op.options<schema::MulOptions>().fused_activation_function());
  if (!two)
    return Value();
  float scale = two->left.by.scale() * two->right.by.scale() / two->output.scale();
  Multiplier multiplier = ops::multiplierOf(scale);
  auto body = [&](OpBuilder &b, Location loc, ValueRange e) -> Value {
    Value product = arith::MulIOp::create(b, loc, distance(b, loc, e[0], two->left.by),
                                          distance(b, loc, e[1], two->right.by));
    return shifted(b, loc, ops::multiply(b, loc, product, multiplier), two->output, two->range);
  };
  return elementwise(op, *two, body);
}

/// Of integers with the same scale and zero point, as all kernels expect.
template <bool isMax> static Results importExtremum(OperatorContext &op) {
  auto two = readTwo(op, ActivationFunctionType::NONE);
  if (!two)
    return Value();
  auto body = [&](OpBuilder &b, Location loc, ValueRange e) -> Value {
    Value x = ops::widened(b, loc, e[0], two->left.by.isUnsigned);
    Value y = ops::widened(b, loc, e[1], two->right.by.isUnsigned);
    Value result = isMax ? arith::MaxSIOp::create(b, loc, x, y).getResult()
                         : arith::MinSIOp::create(b, loc, x, y).getResult();
    return arith::TruncIOp::create(b, loc, b.getIntegerType(two->output.width), result);
  };
  return elementwise(op, *two, body);
}

/// Multiplied by one number where it is not negative, by another one where it is; `alpha` has the
/// factors of the latter, if there are some.
static Value importSlopes(OperatorContext &op, double scale, double negative, IntegerRange range,
                          std::optional<ops::Quantized> alpha = std::nullopt) {
  auto x = op.quantized();
  auto output = op.quantizedOutput();
  if (!x || !output)
    return {};
  Multiplier above = ops::multiplierOf(scale), below = ops::multiplierOf(std::abs(negative));
  auto body = [&](OpBuilder &b, Location loc, ValueRange e) -> Value {
    Value steps = distance(b, loc, e[0], x->by), zero = ops::integer(b, loc, steps.getType(), 0);
    Value result = ops::multiply(b, loc, steps, above);
    if (alpha || negative != scale) {
      Value other =
          alpha ? arith::MulIOp::create(b, loc, steps, distance(b, loc, e[1], alpha->by)) : steps;
      other = ops::multiply(b, loc, other, below);
      if (negative < 0)
        other = arith::SubIOp::create(b, loc, zero, other);
      Value isBelow = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, steps, zero);
      result = arith::SelectOp::create(b, loc, isBelow, other, result);
    }
    return shifted(b, loc, result, *output, range);
  };
  SmallVector<Value> operands{x->value};
  if (alpha)
    operands.push_back(alpha->value);
  return ops::broadcast(op, operands, false, body, op.builder.getIntegerType(output->width));
}

/// The ratio of the scales, in float32.
static double ratioOf(const ops::Quantized &x, const ops::Quantization &output) {
  return x.by.scale() / output.scale();
}

/// Between two numbers, each of which one can leave out.
template <int least, int greatest> static Results importRelu(OperatorContext &op) {
  auto x = op.quantized();
  auto output = op.quantizedOutput();
  if (!x || !output)
    return Value();
  auto integer = [&](float number) {
    return output->zero() + int64_t(std::round(number / output->scale()));
  };
  IntegerRange range{std::max(output->least(), integer(least)),
                     greatest ? std::min(output->greatest(), integer(greatest))
                              : output->greatest()};
  double ratio = ratioOf(*x, *output);
  return importSlopes(op, ratio, ratio, range);
}

static Results importLeakyRelu(OperatorContext &op) {
  auto x = op.quantized();
  auto output = op.quantizedOutput();
  if (!x || !output)
    return Value();
  float alpha = op.options<schema::LeakyReluOptions>().alpha();
  return importSlopes(op, ratioOf(*x, *output), x->by.scale() * alpha / output->scale(),
                      {output->least(), output->greatest()});
}

static Results importPrelu(OperatorContext &op) {
  auto x = op.quantized(), alpha = op.quantized(1);
  auto output = op.quantizedOutput();
  if (!x || !alpha || !output)
    return Value();
  return importSlopes(op, ratioOf(*x, *output), x->by.scale() * alpha->by.scale() / output->scale(),
                      {output->least(), output->greatest()}, alpha);
}

//===----------------------------------------------------------------------===//
// Between numbers and integers
//===----------------------------------------------------------------------===//

static Results importDequantize(OperatorContext &op) {
  auto x = op.quantized(0, /*each=*/true);
  return x ? ops::dequantize(op, *x) : Value();
}

static Results importQuantize(OperatorContext &op) {
  auto output = op.quantizedOutput();
  if (!output)
    return Value();
  if (isa<FloatType>(ops::elementOf(op.input())))
    return ops::quantize(op, op.input(), *output, ops::Rounding::AwayFromZero);
  auto x = op.quantized();
  if (!x)
    return Value();
  double ratio = double(x->by.scale()) / output->scale();
  return importSlopes(op, ratio, ratio, {output->least(), output->greatest()});
}

//===----------------------------------------------------------------------===//
// Of several elements
//===----------------------------------------------------------------------===//

/// The sum by a multiplier that the number of elements divides.
static Results importMean(OperatorContext &op) {
  auto dims = op.axes(1);
  auto x = op.quantized();
  auto output = op.quantizedOutput();
  if (!dims || !x || !output)
    return Value();
  int64_t count = 1;
  for (int64_t dim : *dims)
    count *= op.shape()[dim];
  Multiplier multiplier = ops::multiplierOf(double(x->by.scale()) / output->scale());
  int shift = std::min<int>(std::min<int>(llvm::Log2_64(count), 32), 31 + multiplier.shift);
  multiplier.value = (int64_t(multiplier.value) << shift) / count;
  multiplier.shift -= shift;
  Value sums = ops::sumAlong(op, *x, *dims);
  if (!sums)
    return Value();
  auto body = [&](OpBuilder &b, Location loc, ValueRange e) -> Value {
    auto zeros = static_cast<int32_t>(x->by.zero() * count);
    Value steps = arith::SubIOp::create(b, loc, e[0], ops::integer(b, loc, e[0].getType(), zeros));
    return shifted(b, loc, ops::multiply(b, loc, steps, multiplier), *output,
                   {output->least(), output->greatest()});
  };
  Value mean = ops::broadcast(op, sums, false, body, op.builder.getIntegerType(output->width));
  return op.options<schema::ReducerOptions>().keep_dims() ? mean : ops::squeeze(op, mean, *dims);
}

/// Bytes without a sign may have other scales than the result.
static Results importConcatenation(OperatorContext &op) {
  const auto &options = op.options<schema::ConcatenationOptions>();
  auto dim = op.dimension(op.input(), "axis", options.axis());
  auto output = op.quantizedOutput();
  if (!dim || !output || !rangeOf(op, *output, options.fused_activation_function()))
    return Value();
  SmallVector<Value> parts;
  for (size_t i = 0; i < op.inputCount(); ++i) {
    auto x = op.quantized(i);
    if (!x)
      return Value();
    float scale = x->by.scale() * (1.0f / output->scale()), bias = -x->by.zero() * scale;
    bool isSame = x->by.scale() == output->scale() && x->by.zero() == output->zero();
    if (isSame || !output->isUnsigned)
      parts.push_back(x->value);
    else
      parts.push_back(ops::tabulate(op, *x, ops::elementOf(x->value), [&](int64_t q) {
        int64_t integer = int64_t(std::round(float(q) * scale + bias)) + output->zero();
        return std::clamp(integer, output->least(), output->greatest());
      }));
  }
  return ops::concatenate(op, parts, *dim);
}

ImportOperator tflite::findArithmetic(BuiltinOperator code) {
  using O = BuiltinOperator;
  static const std::map<O, ImportOperator> operators = {
      {O::ADD, importSum<schema::AddOptions, false>},
      {O::CONCATENATION, importConcatenation},
      {O::DEQUANTIZE, importDequantize},
      {O::LEAKY_RELU, importLeakyRelu},
      {O::MAXIMUM, importExtremum<true>},
      {O::MEAN, importMean},
      {O::MINIMUM, importExtremum<false>},
      {O::MUL, importProduct},
      {O::PRELU, importPrelu},
      {O::QUANTIZE, importQuantize},
      {O::RELU, importRelu<0, 0>},
      {O::RELU6, importRelu<0, 6>},
      {O::RELU_0_TO_1, importRelu<0, 1>},
      {O::RELU_N1_TO_1, importRelu<-1, 1>},
      {O::SUB, importSum<schema::SubOptions, true>},
  };
  auto found = operators.find(code);
  return found == operators.end() ? ImportOperator() : found->second;
}
