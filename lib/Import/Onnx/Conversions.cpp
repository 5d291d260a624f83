//===- Conversions.cpp - from numbers to integers, and back ----------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Quantization.h"

#include "mlir/IR/Matchers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

/// The dimension that several scales lie along.
static std::optional<int64_t> readAxis(NodeContext &node) {
  Value scale = node.input(1), zero = node.input(2);
  // Some files have a scalar beside a vector of one element.
  auto isOne = [](Value value) {
    return !ops::isDynamic(value) && ShapedType::getNumElements(ops::shapeOf(value)) == 1;
  };
  bool fits = !zero || ops::shapeOf(zero) == ops::shapeOf(scale) || (isOne(zero) && isOne(scale));
  if (ops::isDynamic(scale) || !fits) {
    node.error() << "expected a zero point of the scale's shape " << shown(node.shape(1))
                 << ", found " << (zero ? shown(node.shape(2)) : "none");
    return std::nullopt;
  }
  if (isOne(scale))
    return 0;
  if (node.rank(1) != 1 || node.integer("block_size", 0)) {
    node.unsupported("block_size", "0, and at most one dimension of scales");
    return std::nullopt;
  }
  return node.axis("axis", 1);
}

/// A scale or a zero point that is computed, in the type of the numbers and along its dimension.
static Value along(NodeContext &node, Value scale, Type element, int64_t axis) {
  Value value = scale ? ops::convertTo(node, scale, element) : node.splat({}, element, 0);
  if (!value || ops::shapeOf(value).empty())
    return value;
  SmallVector<int64_t> shape(node.rank(), 1);
  if (int64_t count = ops::shapeOf(value)[0]; count > 1)
    shape[axis] = count;
  return ops::reshape(node, value, shape);
}

static bool isComputed(NodeContext &node) {
  return llvm::any_of(node.getInputs().drop_front(),
                      [](Value value) { return value && !matchPattern(value, m_Constant()); });
}

static Results importDequantize(NodeContext &node) {
  auto axis = readAxis(node);
  if (!axis)
    return {};
  if (!isComputed(node))
    return dequantizedInput(node, 0, 1, *axis);
  Type element = ops::elementOf(node.input(1));
  Value distance = ops::apply(
      node, "subtract",
      {ops::convertTo(node, node.input(), element), along(node, node.input(2), element, *axis)});
  Value scale = along(node, node.input(1), element, *axis);
  return distance && scale ? ops::apply(node, "multiply", {distance, scale}) : Value();
}

/// round(x / scale) + zero as bytes, by numbers that are computed.
static Value quantizeBy(NodeContext &node, Value scale, Value zero, int32_t type) {
  if (type != UInt8 && type != Int8) {
    node.error() << "expected bytes as the result of a scale that is computed, found "
                 << nameOf(type);
    return {};
  }
  Value quotient = scale ? ops::apply(node, "divide", {node.input(), scale}) : Value();
  if (!quotient || !zero)
    return {};
  Value steps = ops::apply(node, "add", {ops::apply(node, "round", quotient), zero});
  int64_t least = type == UInt8 ? 0 : -128;
  return node.cast(ops::clip(node, steps, double(least), double(least + 255)), type);
}

static Results importQuantize(NodeContext &node) {
  auto axis = readAxis(node);
  int32_t named = node.integer("output_dtype", 0), like = named ? named : int32_t(UInt8);
  if (!axis)
    return {};
  if (!isComputed(node))
    return quantizedResult(node, node.input(), 1, like, *axis);
  Type element = ops::elementOf(node.input());
  return quantizeBy(node, along(node, node.input(1), element, *axis),
                    along(node, node.input(2), element, *axis),
                    node.input(2) ? node.dataType(node.input(2)) : like);
}

/// By the range of the numbers, to which 0 belongs: the integers, their scale and zero point.
static Results importDynamicQuantize(NodeContext &node) {
  Type element = ops::elementOf(node.input());
  auto constant = [&](double number) { return node.splat({}, element, number); };
  auto bound = [&](ops::Reduction kind, StringRef with) {
    SmallVector<int64_t> dims = llvm::to_vector(llvm::seq<int64_t>(0, node.rank()));
    Value found = ops::reduce(node, node.input(), dims, /*keepDims=*/false, kind);
    return found ? ops::apply(node, with, {found, constant(0)}) : Value();
  };
  Value least = bound(ops::Reduction::Min, "minimum");
  Value greatest = bound(ops::Reduction::Max, "maximum");
  if (!least || !greatest)
    return {};
  Value range = ops::apply(node, "subtract", {greatest, least});
  Value isFlat = ops::apply(node, "equal", {range, constant(0)});
  Value scale =
      ops::select(node, isFlat, constant(1), ops::apply(node, "divide", {range, constant(255)}));
  Value below = ops::apply(node, "divide", {least, scale});
  Value zero = ops::apply(node, "round", ops::apply(node, "negative", below));
  zero = ops::clip(node, zero, 0, 255);
  return ArrayRef<Value>{quantizeBy(node, scale, zero, UInt8), scale, node.cast(zero, UInt8)};
}

ArrayRef<Operator> sepconv::onnx::quantizationOperators() {
  static const std::vector<Operator> table = [] {
    const std::vector<StringRef> of{"axis", "block_size", "output_dtype"};
    const std::vector<StringRef> to{"axis", "block_size", "output_dtype", "precision", "saturate"};
    return std::vector<Operator>{
        {"DequantizeLinear", 10, newest, importDequantize, of, 2, 3},
        {"DynamicQuantizeLinear", 11, newest, importDynamicQuantize, {}},
        {"QuantizeLinear", 10, newest, importQuantize, to, 2, 3},
        {"com.microsoft::DequantizeLinear", 1, newest, importDequantize, of, 2, 3},
        {"com.microsoft::QuantizeLinear", 1, newest, importQuantize, to, 2, 3},
    };
  }();
  return table;
}
