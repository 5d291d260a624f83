//===- IntegerLayers.cpp - convolutions and products of bytes --------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Quantization.h"
#include "Windows.h"

#include "mlir/IR/Matchers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

/// The sums of a convolution of bytes, with the filter as ONNX has it.
static Value sumConvolution(NodeContext &node, const ops::PlacedWindow &window,
                            const ops::Quantized &x, const ops::Quantized &w, Value bias,
                            int64_t groups) {
  int64_t channels = node.shape()[1];
  if (groups == 1 || groups != channels)
    return ops::sumConvolution(node, window, x, {channelsLast(node, w.value, true), w.by}, bias,
                               groups);
  return ops::sumDepthwise(node, window, x, {depthwiseFilter(node, w.value, channels), w.by}, bias);
}

/// Sums as numbers, with a bias that is no integer.
static Value finishSums(NodeContext &node, Value sums, const ops::Quantization &by, Value bias) {
  Value result = sums ? numbersOf(node, {sums, by}, ops::elementOf(node.input())) : Value();
  if (!result || !bias)
    return result;
  SmallVector<int64_t> shape(ops::rankOf(result) - by.dim, 1);
  shape.front() = ops::shapeOf(bias).back();
  return ops::apply(node, "add", {result, ops::reshape(node, bias, shape)});
}

Value onnx::importIntegerConv(NodeContext &node, const ops::PlacedWindow &window, int64_t groups) {
  auto x = bytesOf(node, 0), w = bytesOf(node, 1, 0);
  if (!x || !w)
    return {};
  Value bias = integerBias(node, 2, x->by, w->by);
  Value sums = sumConvolution(node, window, *x, *w, bias, groups);
  return finishSums(node, sums, productOf(x->by, w->by, 1), bias ? Value() : node.input(2));
}

Value onnx::importIntegerDense(NodeContext &node, bool transposed) {
  if (node.rank(1) != 2 || node.rank() < 2)
    return {};
  int64_t ofUnits = transposed ? 0 : 1, units = node.shape(1)[ofUnits];
  auto x = bytesOf(node, 0), w = bytesOf(node, 1, ofUnits);
  Value bias = node.input(2);
  if (!x || !w || node.shape().back() != node.shape(1)[1 - ofUnits] ||
      (bias && ops::shapeOf(bias) != ArrayRef<int64_t>(units)))
    return {};
  if (transposed)
    w->value = ops::transpose(node, w->value, {1, 0});
  Value integers = integerBias(node, 2, x->by, w->by);
  Value sums = ops::sumDense(node, *x, *w, integers);
  return finishSums(node, sums, productOf(x->by, w->by, node.rank() - 1),
                    integers ? Value() : bias);
}

/// Sums of `count` bytes as the numbers of their means.
static Value meanOf(NodeContext &node, Value sums, int64_t count, const ops::Quantization &x) {
  if (!sums || count > 1 << 23) // 32 bits hold no more bytes
    return {};
  Value zeros = node.splat({}, ops::elementOf(sums), double(count * x.zero()));
  ops::Quantization by;
  by.scales.push_back(x.scale() / float(count));
  by.width = 32;
  return numbersOf(node, {ops::apply(node, "subtract", {sums, zeros}), by},
                   ops::elementOf(node.input()));
}

Value onnx::importIntegerMean(NodeContext &node, ArrayRef<int64_t> dims) {
  auto x = ops::isDynamic(node.input()) ? std::nullopt : bytesOf(node, 0);
  if (!x)
    return {};
  int64_t count = 1;
  for (int64_t dim : dims)
    count *= node.shape()[dim];
  return meanOf(node, ops::sumAlong(node, *x, dims), count, x->by);
}

Value onnx::importIntegerPool(NodeContext &node, const ops::Window &window) {
  auto x = ops::isDynamic(node.input()) ? std::nullopt : bytesOf(node, 0);
  bool isDilated = llvm::any_of(window.dilations, [](int64_t dilation) { return dilation != 1; });
  Value counts = x && !isDilated ? ops::countWindows(node, window, node.input()) : Value();
  auto count = counts ? ops::constantIntegers(counts) : std::nullopt;
  if (!count || count->size() != 1) // windows that reach over the edge have fewer elements
    return {};
  return meanOf(node, ops::sumWindows(node, window, *x), count->front(), x->by);
}

//===----------------------------------------------------------------------===//
// Operators of integers
//===----------------------------------------------------------------------===//

/// An input less its zero point, in 32 bits; the zero points lie along the dimension before the
/// last one where `ofRows` says so, along the last one otherwise.
static Value distance(NodeContext &node, size_t index, size_t zero, bool ofRows) {
  Type wide = node.builder.getI32Type();
  Value x = ops::convertTo(node, node.input(index), wide), zeros = node.input(zero);
  if (!zeros)
    return x;
  if (ofRows && ops::rankOf(zeros) == 1 && ops::shapeOf(zeros)[0] != 1)
    zeros = ops::expandDims(node, zeros, 1);
  return ops::apply(node, "subtract", {x, ops::convertTo(node, zeros, wide)});
}

/// Sums of bytes, which are of another type.
static Value asInt32(NodeContext &node, Value sums) {
  Value result = ops::convertTo(node, sums, node.builder.getI32Type());
  if (result)
    node.setDataType(result, Int32);
  return result;
}

static Results importMatMulInteger(NodeContext &node) {
  auto isKnown = [&](Value value) { return !value || matchPattern(value, m_Constant()); };
  bool hasOneZero = !node.input(2) || ShapedType::getNumElements(node.shape(2)) == 1;
  bool isLayer = node.rank() >= 2 && node.rank(1) == 2 && hasOneZero && isKnown(node.input(2)) &&
                 isKnown(node.input(1)) && isKnown(node.input(3)) &&
                 node.shape().back() == node.shape(1)[0];
  if (!isLayer)
    return asInt32(node,
                   ops::matmul(node, distance(node, 0, 2, true), distance(node, 1, 3, false)));
  auto x = readOperand(node, 0, 2), w = readOperand(node, 1, 3, node.shape(1)[1]);
  return x && w ? asInt32(node, ops::sumDense(node, *x, *w, Value())) : Value();
}

/// A zero point that is computed makes the input one of 16 bits.
static Results importConvInteger(NodeContext &node) {
  auto window = readConvolution(node);
  int64_t groups = node.integer("group", 1);
  if (!window || !checkGroups(node, groups))
    return {};
  auto placed = ops::place(node, node.shape(), *window, node.shape(1)[0]);
  auto w = readOperand(node, 1, 3, node.shape(1)[0]);
  if (!placed || !w)
    return {};
  std::optional<ops::Quantized> x;
  if (!node.input(2) || matchPattern(node.input(2), m_Constant())) {
    x = readOperand(node, 0, 2);
  } else {
    x.emplace();
    x->value = ops::convertTo(node, distance(node, 0, 2, false), node.builder.getIntegerType(16));
    x->by.width = 16;
  }
  Value sums = x ? sumConvolution(node, *placed, *x, *w, Value(), groups) : Value();
  return asInt32(node, sums);
}

ArrayRef<Operator> sepconv::onnx::integerOperators() {
  static const Operator table[] = {
      {"ConvInteger",
       10,
       newest,
       importConvInteger,
       {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"},
       2,
       4},
      {"MatMulInteger", 10, newest, importMatMulInteger, {}, 2, 4},
  };
  return table;
}
