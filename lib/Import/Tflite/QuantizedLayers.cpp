//===- QuantizedLayers.cpp - convolutions and pools of integers ------------------===//

#include "Quantized.h"

#include "../Operations/Elementwise.h"
#include "../Operations/FixedPoint.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

std::optional<IntegerRange> tflite::rangeOf(OperatorContext &op, const ops::Quantization &by,
                                            ActivationFunctionType function) {
  IntegerRange range{by.least(), by.greatest()};
  auto integer = [&](float number) -> int64_t {
    double nearest = std::round(number / by.scale());
    return by.zero() + int64_t(std::clamp(nearest, -std::exp2(31), std::exp2(31)));
  };
  switch (function) {
  case ActivationFunctionType::NONE:
    return range;
  case ActivationFunctionType::RELU:
    return IntegerRange{std::max(range.least, integer(0)), range.greatest};
  case ActivationFunctionType::RELU6:
    return IntegerRange{std::max(range.least, integer(0)), std::min(range.greatest, integer(6))};
  case ActivationFunctionType::RELU_N1_TO_1:
    return IntegerRange{std::max(range.least, integer(-1)), std::min(range.greatest, integer(1))};
  default:
    op.error("fused_activation_function")
        << "expected NONE, RELU, RELU_N1_TO_1 or RELU6 for integers, found " << int(function);
    return std::nullopt;
  }
}

Value tflite::narrowed(OpBuilder &b, Location loc, Value x, const ops::Quantization &by,
                       IntegerRange range) {
  return arith::TruncIOp::create(b, loc, b.getIntegerType(by.width),
                                 ops::clamp(b, loc, x, range.least, range.greatest));
}

/// How many times a step of the output's scale one of the sums is, for each channel.
static SmallVector<double> scalesOf(const ops::Quantization &input, const ops::Quantization &filter,
                                    const ops::Quantization &output, bool roundsProduct) {
  SmallVector<double> scales;
  for (float scale : filter.scales) {
    double product = roundsProduct ? double(input.scale() * scale) : double(input.scale()) * scale;
    scales.push_back(product / output.scale());
  }
  return scales;
}

Value tflite::importLayer(
    OperatorContext &op, LayerInputs at, Value filter, ActivationFunctionType function,
    llvm::function_ref<Value(const ops::Quantized &, const ops::Quantized &, Value)> sum) {
  auto x = op.quantized(at.input), w = op.quantized(at.filter, /*each=*/true);
  auto output = op.quantizedOutput();
  auto range = output ? rangeOf(op, *output, function) : std::nullopt;
  Value bias = op.input(at.bias);
  if (!x || !w || !range)
    return {};
  if (w->by.isEach() && w->by.dim != at.channels) {
    op.error() << "input " << at.filter << ": expected a scale for each element of dimension "
               << at.channels << ", found them along dimension " << w->by.dim;
    return {};
  }
  bool hasSums = bias && (ops::elementOf(bias).isInteger(32) || ops::elementOf(bias).isInteger(64));
  if (bias && !hasSums) {
    op.error() << "input " << at.bias << ": expected integers of 32 or 64 bits, found "
               << ops::elementOf(bias);
    return {};
  }
  w->value = filter;
  Value sums = sum(*x, *w, bias);
  // A bias of 32 bits says that the sums have no more.
  if (sums && bias && ops::elementOf(bias).isInteger(32))
    sums = ops::convertTo(op, sums, ops::elementOf(bias));
  ops::Requantization by;
  by.scales = scalesOf(x->by, w->by, *output, at.roundsProduct && !w->by.isEach());
  by.dim = sums ? ops::rankOf(sums) - 1 : 0;
  by.zero = output->zero();
  by.least = range->least;
  by.greatest = range->greatest;
  by.width = output->width;
  if (at.isInFloat64)
    by.mode = ops::Requantization::Float64;
  return ops::requantize(op, sums, by);
}

/// The mean to nearest, away from zero between two.
static Value averageOf(OperatorContext &op, Value sums, Value counts, const ops::Quantization &by,
                       IntegerRange range) {
  auto body = [&](OpBuilder &b, Location loc, ValueRange e) -> Value {
    Type type = e[0].getType();
    Value zero = ops::integer(b, loc, type, 0);
    Value half = arith::ShRSIOp::create(b, loc, e[1], ops::integer(b, loc, type, 1));
    Value isAbove = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt, e[0], zero);
    Value nudge =
        arith::SelectOp::create(b, loc, isAbove, half, arith::SubIOp::create(b, loc, zero, half));
    Value nudged = arith::AddIOp::create(b, loc, e[0], nudge);
    return narrowed(b, loc, arith::DivSIOp::create(b, loc, nudged, e[1]), by, range);
  };
  return ops::broadcast(op, {sums, counts}, false, body, op.builder.getIntegerType(by.width));
}

Value tflite::importQuantizedPool(OperatorContext &op, const ops::Window &window, PoolKind kind,
                                  ActivationFunctionType function) {
  auto x = op.quantized();
  auto output = op.quantizedOutput();
  auto range = output ? rangeOf(op, *output, function) : std::nullopt;
  if (!x || !range)
    return {};
  if (kind == PoolKind::Average)
    return averageOf(op, ops::sumWindows(op, window, *x), ops::countWindows(op, window, x->value),
                     *output, *range);
  auto placed = ops::place(op, op.shape(), window, op.shape()[3]);
  Value greatest = placed ? ops::maxWindows(op, *placed, *x) : Value();
  bool isWhole = range->least == output->least() && range->greatest == output->greatest();
  if (!greatest || isWhole)
    return greatest;
  AffineMap map = op.builder.getMultiDimIdentityMap(4);
  auto body = [&](OpBuilder &b, Location loc, ValueRange e) {
    return narrowed(b, loc, ops::widened(b, loc, e[0], x->by.isUnsigned), *output, *range);
  };
  return ops::elementwise(op, ops::shapeOf(greatest), greatest, map, body);
}

ImportOperator tflite::findQuantized(const OperatorKind &kind) {
  using O = BuiltinOperator;
  // Those that read both, and those that only move elements.
  static const O same[] = {O::AVERAGE_POOL_2D,
                           O::CONV_2D,
                           O::DEPTHWISE_CONV_2D,
                           O::FULLY_CONNECTED,
                           O::MAX_POOL_2D,
                           O::TRANSPOSE_CONV,
                           O::BATCH_TO_SPACE_ND,
                           O::BROADCAST_TO,
                           O::DENSIFY,
                           O::DEPTH_TO_SPACE,
                           O::EXPAND_DIMS,
                           O::GATHER,
                           O::MIRROR_PAD,
                           O::PACK,
                           O::PAD,
                           O::PADV2,
                           O::RANK,
                           O::RESHAPE,
                           O::REVERSE_V2,
                           O::SHAPE,
                           O::SLICE,
                           O::SPACE_TO_DEPTH,
                           O::SPLIT,
                           O::SPLIT_V,
                           O::SQUEEZE,
                           O::STRIDED_SLICE,
                           O::TILE,
                           O::TRANSPOSE,
                           O::UNPACK};
  if (llvm::is_contained(same, kind.code))
    return kind.import;
  ImportOperator found = findArithmetic(kind.code);
  return found ? found : findFunctionOfBytes(kind.code);
}
