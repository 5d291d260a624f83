//===- Quantization.cpp - integers that stand for numbers, in ONNX ---------------===//

#include "Quantization.h"
#include "../Operations/Elementwise.h"

#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

Value onnx::narrow(NodeContext &node, Value value) {
  unsigned bits = unsignedBits(node.dataType(value));
  if (!bits || ops::elementOf(value).isInteger(bits))
    return value;
  Type element = node.builder.getIntegerType(bits);
  if (DenseIntElementsAttr elements; matchPattern(value, m_Constant(&elements)))
    return arith::ConstantOp::create(
        node.builder, value.getLoc(),
        elements.mapValues(element, [&](const APInt &n) { return n.trunc(bits); }));
  if (Value known = node.graph.narrow.lookup(value))
    return known;
  return ops::convertTo(node, value, element);
}

Value onnx::widen(NodeContext &node, Value value, int32_t dataType) {
  Value wide = ops::fromOutside(node, value, dtypeOf(dataType));
  if (!wide)
    return {};
  node.setDataType(wide, dataType);
  if (wide != value)
    node.graph.narrow[wide] = value;
  return wide;
}

static unsigned widthOf(int32_t dataType) {
  switch (dataType) {
  case Int8:
  case UInt8:
    return 8;
  case Int16:
  case UInt16:
    return 16;
  case Int32:
    return 32;
  default:
    return 0;
  }
}

/// The scale and the zero point of integers of a type, which inputs have; nothing after reporting.
static std::optional<ops::Quantization>
readQuantization(NodeContext &node, size_t scale, size_t zero, int32_t dataType, int64_t dim) {
  auto scales = node.constantNumbers(scale, "scale");
  auto zeros = node.input(zero) ? node.constants(zero, "zero_point") : std::nullopt;
  if (!scales || (node.input(zero) && !zeros))
    return std::nullopt;
  ops::Quantization by;
  by.scales.assign(scales->begin(), scales->end());
  if (zeros)
    by.zeros.assign(zeros->begin(), zeros->end());
  by.dim = dim;
  by.width = widthOf(dataType);
  by.isUnsigned = unsignedBits(dataType);
  bool areUsual = llvm::all_of(by.scales, [](float s) { return s > 0 && std::isfinite(s); });
  bool areCounts = by.zeros.size() <= 1 || by.zeros.size() == by.scales.size();
  if (by.width && areUsual && areCounts && !by.scales.empty())
    return by;
  node.error() << "expected integers of 8, 16 or 32 bits with scales above 0 and as many zero "
                  "points, found "
               << nameOf(dataType) << " with " << by.scales.size() << " scales and "
               << by.zeros.size() << " zero points";
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Numbers that come from integers
//===----------------------------------------------------------------------===//

Value onnx::numbersOf(NodeContext &node, const ops::Quantized &x, Type element) {
  Value result = ops::convertTo(node, ops::dequantize(node, x), element);
  if (result)
    node.graph.integers[result] = {x};
  return result;
}

void onnx::limit(NodeContext &node, Value result, double least, double greatest) {
  auto found = node.graph.integers.find(node.input());
  if (found == node.graph.integers.end() || !result || result == node.input())
    return;
  Integers limited = found->second;
  limited.least = std::max(limited.least, least);
  limited.greatest = std::max(limited.least, std::min(limited.greatest, greatest));
  node.graph.integers[result] = limited;
}

std::optional<ops::Quantized> onnx::bytesOf(const NodeContext &node, size_t index,
                                            std::optional<int64_t> dim) {
  auto found = node.graph.integers.find(node.input(index));
  if (found == node.graph.integers.end() || found->second.by.width != 8 ||
      found->second.isLimited())
    return std::nullopt;
  const ops::Quantized &x = found->second;
  bool isConstant = matchPattern(x.value, m_Constant());
  if (dim ? !isConstant || (x.by.isEach() && x.by.dim != *dim) : x.by.isEach())
    return std::nullopt;
  return x;
}

ops::Quantization onnx::productOf(const ops::Quantization &input, const ops::Quantization &weights,
                                  int64_t dim) {
  ops::Quantization by;
  for (float scale : weights.scales)
    by.scales.push_back(input.scale() * scale);
  by.dim = dim;
  by.width = 32;
  return by;
}

Value onnx::integerBias(const NodeContext &node, size_t index, const ops::Quantization &input,
                        const ops::Quantization &weights) {
  auto found = node.graph.integers.find(node.input(index));
  if (!node.input(index) || found == node.graph.integers.end())
    return {};
  const ops::Quantized &bias = found->second;
  if (bias.by.width != 32 || bias.by.zero() || !matchPattern(bias.value, m_Constant()))
    return {};
  // Exporters compute the product in one precision or another.
  for (size_t i = 0; i < std::max(bias.by.scales.size(), weights.scales.size()); ++i) {
    double product = double(input.scale()) * weights.scale(i);
    if (std::abs(bias.by.scale(i) - product) > 1e-5 * product)
      return {};
  }
  return bias.value;
}

static bool isSame(const ops::Quantization &x, const ops::Quantization &y) {
  return x.width == y.width && x.isUnsigned == y.isUnsigned && !x.isEach() && !y.isEach() &&
         x.scale() == y.scale() && x.zero() == y.zero();
}

/// The sums of a layer, between the numbers of an activation, as bytes (Q2, Q6).
static Value requantized(NodeContext &node, const Integers &sums, const ops::Quantization &to) {
  auto integer = [&](double number) -> int64_t {
    double nearest = std::nearbyint(float(number) / to.scale());
    return std::clamp<double>(nearest + to.zero(), to.least(), to.greatest());
  };
  ops::Requantization by;
  by.mode = ops::Requantization::Float32;
  for (float scale : sums.by.scales)
    by.scales.push_back(scale / to.scale());
  by.dim = sums.by.dim;
  by.zero = to.zero();
  by.least = integer(sums.least);
  by.greatest = integer(sums.greatest);
  by.width = to.width;
  return ops::requantize(node, sums.value, by);
}

static Value quantized(NodeContext &node, Value value, const ops::Quantization &to,
                       int32_t dataType) {
  if (!value)
    return {};
  auto found = node.graph.integers.find(value);
  if (found != node.graph.integers.end()) {
    const Integers &x = found->second;
    if (x.by.width == 32 && !x.by.zero() && !to.isEach())
      return widen(node, requantized(node, x, to), dataType);
    if (!x.isLimited() && isSame(x.by, to))
      return widen(node, x.value, dataType);
  }
  return widen(node, ops::quantize(node, value, to, ops::Rounding::ToEven), dataType);
}

Value onnx::dequantizedInput(NodeContext &node, size_t index, size_t scale, int64_t dim) {
  Value integers = node.input(index);
  auto by = readQuantization(node, scale, scale + 1, node.dataType(integers), dim);
  return by ? numbersOf(node, {narrow(node, integers), *by}, ops::elementOf(node.input(scale)))
            : Value();
}

Value onnx::quantizedResult(NodeContext &node, Value value, size_t scale, int32_t like,
                            int64_t dim) {
  Value zero = node.input(scale + 1);
  int32_t type = zero ? node.dataType(zero) : like;
  auto to = readQuantization(node, scale, scale + 1, type, dim);
  if (to && to->width <= 16)
    return quantized(node, value, *to, type);
  if (to)
    node.error() << "expected integers of 8 or 16 bits as the result, found " << nameOf(type);
  return {};
}

std::optional<ops::Quantized> onnx::readOperand(NodeContext &node, size_t index, size_t zero,
                                                int64_t channels) {
  int32_t dataType = node.dataType(node.input(index));
  ops::Quantization by;
  by.scales.push_back(1);
  by.width = widthOf(dataType);
  by.isUnsigned = unsignedBits(dataType);
  auto zeros = node.constants(zero, "zero_point");
  if (zeros)
    by.zeros.assign(zeros->begin(), zeros->end());
  bool fits = by.zeros.size() <= 1 || int64_t(by.zeros.size()) == channels;
  if (by.width == 8 && bool(zeros) == bool(node.input(zero)) && fits)
    return ops::Quantized{narrow(node, node.input(index)), by};
  if (!fits)
    node.error() << "input " << zero << ": expected one zero point"
                 << (channels > 1 ? " or " + std::to_string(channels) : "") << ", found "
                 << by.zeros.size();
  if (by.width != 8)
    node.error() << "input " << index << ": expected bytes, found " << nameOf(dataType);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Operators that move bytes
//===----------------------------------------------------------------------===//

std::optional<Results> onnx::moveIntegers(NodeContext &node, const Operator &op) {
  static const StringRef names[] = {
      "Concat", "DepthToSpace", "Flatten", "Gather",  "Identity",  "MaxPool",  "Reshape",
      "Slice",  "SpaceToDepth", "Split",   "Squeeze", "Transpose", "Unsqueeze"};
  if (!llvm::is_contained(names, op.name) || !node.input())
    return std::nullopt;
  std::optional<ops::Quantization> by;
  SmallVector<Value> inputs(node.getInputs());
  int32_t dataType = node.dataType(node.input());
  Type element = ops::elementOf(node.input());
  for (auto [index, input] : llvm::enumerate(inputs)) {
    if (!input || ops::elementOf(input) != element)
      continue;
    Value bytes = node.graph.narrow.lookup(input);
    if (!bytes) {
      auto x = bytesOf(node, index);
      if (!x || matchPattern(x->value, m_Constant()) || (by && !isSame(*by, x->by)))
        return std::nullopt;
      by = x->by;
      dataType = by->isUnsigned ? UInt8 : Int8;
      bytes = x->value;
    }
    node.setDataType(bytes, dataType);
    input = bytes;
  }
  NodeContext inner(node.graph, node.frame, node.node, node.version, inputs);
  Results results = op.import(inner);
  if (inner.failed())
    node.fail();
  for (Value &result : results)
    if (result)
      result = by ? numbersOf(node, {result, *by}, element) : widen(node, result, dataType);
  return results;
}
