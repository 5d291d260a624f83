//===- Layers.cpp - layers as sums of products of integers -----------------------===//

#include "Layers.h"
#include "../Import/Operations/Elementwise.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;

/// Calls `f` with a layer as the operation that it is.
template <typename F> static auto visit(Operation *layer, F f) {
  if (auto op = dyn_cast<Conv2DOp>(layer))
    return f(op);
  if (auto op = dyn_cast<DepthwiseConv2DOp>(layer))
    return f(op);
  return f(cast<DenseOp>(layer));
}

Value quantize::filterOf(Operation *layer) {
  return visit(layer, [](auto op) -> Value { return op.getFilter(); });
}

Value quantize::biasOf(Operation *layer) {
  return visit(layer, [](auto op) -> Value { return op.getBias(); });
}

ActivationAttr quantize::activationOf(Operation *layer) {
  return visit(layer, [](auto op) { return op.getActivationAttr(); });
}

void quantize::setWeights(Operation *layer, Value filter, Value bias) {
  visit(layer, [&](auto op) {
    op.getFilterMutable().assign(filter);
    if (bias)
      op.getBiasMutable().assign(bias);
  });
}

int64_t quantize::channelsOf(Operation *layer) { return ops::shapeOf(layer->getResult(0)).back(); }

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

SmallVector<float> quantize::numbersOf(Value constant) {
  DenseFPElementsAttr elements;
  bool isConstant = matchPattern(constant, m_Constant(&elements));
  assert(isConstant && "a layer has constant weights");
  (void)isConstant;
  return SmallVector<float>(elements.getValues<float>());
}

/// A bias must fit sums too: of weights that are nearly 0 it would have more than 30 bits.
IntegerFilter quantize::integerFilter(Operation *layer, const ops::Quantization &input,
                                      ArrayRef<float> bias) {
  constexpr float greatestBias = 1 << 29, least = 1e-30f;
  size_t channels = channelsOf(layer);
  SmallVector<float> numbers = numbersOf(filterOf(layer));
  IntegerFilter filter;
  filter.scales.assign(channels, least);
  for (auto [scale, x] : llvm::zip(filter.scales, bias))
    scale = std::max(scale, std::abs(x) / (input.scale() * greatestBias));
  for (auto [i, x] : llvm::enumerate(numbers))
    filter.scales[i % channels] = std::max(filter.scales[i % channels], std::abs(x) / 127);
  for (auto [i, x] : llvm::enumerate(numbers))
    filter.integers.push_back(
        std::clamp<long>(std::lrint(x / filter.scales[i % channels]), -127, 127));
  return filter;
}

LayerWeights quantize::weightsOf(NetworkBuilder &b, Operation *layer,
                                 const ops::Quantization &input, ArrayRef<float> correction) {
  size_t channels = channelsOf(layer);
  SmallVector<float> bias(channels, 0);
  if (Value constant = biasOf(layer))
    bias = numbersOf(constant);
  if (!correction.empty())
    for (auto [x, change] : llvm::zip_equal(bias, correction))
      x += change;
  auto [integers, scales] = integerFilter(layer, input, bias);
  LayerWeights weights;
  SmallVector<int32_t> sums;
  for (auto [scale, x] : llvm::zip_equal(scales, bias)) {
    weights.sumScales.push_back(double(input.scale()) * scale);
    sums.push_back(std::lrint(x / weights.sumScales.back()));
  }
  auto constant = [&](ArrayRef<int64_t> shape, auto elements, Value like) -> Value {
    using Element = typename decltype(elements)::value_type;
    auto type = RankedTensorType::get(shape, b.builder.getIntegerType(8 * sizeof(Element)));
    Location loc = like ? like.getLoc() : b.loc;
    return arith::ConstantOp::create(b.builder, loc,
                                     DenseElementsAttr::get(type, ArrayRef<Element>(elements)));
  };
  Value filter = filterOf(layer);
  weights.filter.value = constant(ops::shapeOf(filter), integers, filter);
  weights.filter.by.scales = scales;
  weights.filter.by.dim = ops::rankOf(filter) - 1;
  if (llvm::any_of(sums, [](int32_t sum) { return sum != 0; }))
    weights.bias = constant(int64_t(channels), sums, biasOf(layer));
  return weights;
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

template <typename Op> static ops::PlacedWindow windowOf(Op op) {
  ops::PlacedWindow window;
  window.strides = llvm::to_vector<2>(op.getStrides());
  window.dilations = llvm::to_vector<2>(op.getDilations());
  window.padding = llvm::to_vector<4>(op.getPadding());
  window.output = llvm::to_vector<4>(ops::shapeOf(op.getOutput()));
  window.format = op.getDataFormat();
  window.same = op.getSame();
  window.isImage = true;
  return window;
}

Value quantize::sumsOf(NetworkBuilder &b, Operation *layer, const ops::Quantized &input,
                       const LayerWeights &weights) {
  return llvm::TypeSwitch<Operation *, Value>(layer)
      .Case([&](Conv2DOp conv) {
        return ops::sumConvolution(b, windowOf(conv), input, weights.filter, weights.bias,
                                   conv.getGroups());
      })
      .Case([&](DepthwiseConv2DOp conv) {
        return ops::sumDepthwise(b, windowOf(conv), input, weights.filter, weights.bias);
      })
      .Case([&](DenseOp) { return ops::sumDense(b, input, weights.filter, weights.bias); });
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// Nothing is lost by the maximum with the least number of float32: it is there so that the product
/// is rounded by itself, and not contracted with a sum that follows, which each processor and each
/// lowering would do in its own way.
static Value scaled(OpBuilder &b, Location loc, Value sum, Value scale) {
  Type real = b.getF32Type();
  Value number = arith::SIToFPOp::create(b, loc, real, sum);
  Value product = arith::MulFOp::create(b, loc, number, scale);
  Value least = ops::number(b, loc, real, -std::numeric_limits<float>::max());
  return arith::MaxNumFOp::create(b, loc, product, least);
}

Value quantize::realResult(NetworkBuilder &b, Operation *layer, Value sums,
                           ArrayRef<double> sumScales) {
  AffineMap all = b.builder.getMultiDimIdentityMap(ops::rankOf(sums));
  SmallVector<Value> operands{sums};
  SmallVector<AffineMap> maps{all};
  bool isEach = !llvm::all_equal(sumScales);
  if (isEach) {
    SmallVector<float> scales(sumScales);
    operands.push_back(b.constant(int64_t(scales.size()), scales));
    maps.push_back(all.getSubMap(unsigned(ops::rankOf(sums) - 1)));
  }
  auto body = [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
    Value scale =
        isEach ? e[1] : ops::number(builder, loc, builder.getF32Type(), sumScales.front());
    return scaled(builder, loc, e[0], scale);
  };
  Value result =
      ops::elementwise(b, ops::shapeOf(sums), operands, maps, body, b.builder.getF32Type());
  ActivationAttr activation = layer ? activationOf(layer) : ActivationAttr();
  if (activation && activation.getKind() != ActivationKind::Linear)
    result = ActivationOp::create(b.builder, b.loc, result, activation);
  return result;
}

/// Whether a function only limits a range that has 0 in it: then the integers are limited instead.
static bool isLimit(ActivationAttr function) {
  if (!function || function.getKind() == ActivationKind::Linear)
    return true;
  return function.getKind() == ActivationKind::Relu && function.getAlpha().convertToDouble() == 0 &&
         function.getThreshold().convertToDouble() == 0;
}

Value quantize::integerResult(NetworkBuilder &b, Operation *layer, Value sums,
                              ArrayRef<double> sumScales, const ops::Quantization &output) {
  ActivationAttr function = activationOf(layer);
  if (!isLimit(function))
    return toIntegers(b, realResult(b, layer, sums, sumScales), output);
  ops::Requantization by;
  for (double scale : sumScales)
    by.scales.push_back(scale / output.scale());
  by.dim = ops::rankOf(sums) - 1;
  by.mode = ops::Requantization::Float32;
  by.zero = output.zero();
  by.least = output.least();
  by.greatest = output.greatest();
  if (function && function.getKind() == ActivationKind::Relu) {
    by.least = output.zero();
    double limit = function.getMaxValue().convertToDouble() / output.scale();
    if (limit < by.greatest - by.zero)
      by.greatest = by.zero + std::lrint(limit);
  }
  return ops::requantize(b, sums, by);
}

Value quantize::toIntegers(NetworkBuilder &b, Value numbers, const ops::Quantization &output) {
  ops::Requantization by;
  by.scales = {1 / double(output.scale())};
  by.mode = ops::Requantization::Float32;
  by.zero = output.zero();
  by.least = output.least();
  by.greatest = output.greatest();
  return ops::requantize(b, numbers, by);
}
