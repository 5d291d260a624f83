//===- QuantizedOperators.cpp - operators with scales beside their inputs --------===//
//
// Each is DequantizeLinear of its inputs, the operator of numbers, and QuantizeLinear.
//
//===----------------------------------------------------------------------===//

#include "Quantization.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

namespace {

/// Where the inputs are: integers followed by their scale and zero point; those of the result; and
/// a bias, which has the scales of the products.
struct Places {
  SmallVector<size_t, 2> operands;
  size_t output;
  std::optional<size_t> bias;
};

} // namespace

/// The dimension of a second operand along which it may have several scales.
static int64_t scaledDim(NodeContext &node, StringRef of, size_t index) {
  if (of == "Conv" || (of == "Gemm" && node.integer("transB", 0)))
    return 0;
  return std::max<int64_t>(node.rank(index) - 1, 0);
}

static Value integersAsBias(NodeContext &node, Value bias, Value left, Value right) {
  const Integers &x = node.graph.integers[left], &w = node.graph.integers[right];
  return numbersOf(node, {bias, productOf(x.by, w.by, 0)}, node.builder.getF32Type());
}

static Results importOn(NodeContext &node, StringRef of, int64_t version, const Places &at) {
  SmallVector<Value> inputs;
  for (size_t index : at.operands) {
    if (!node.input(index) || !node.input(index + 1)) {
      node.error() << "input " << index << ": expected integers and their scale, found none";
      return {};
    }
    int64_t dim = inputs.empty() ? 0 : scaledDim(node, of, index);
    inputs.push_back(dequantizedInput(node, index, index + 1, dim));
    if (!inputs.back())
      return {};
  }
  if (at.bias && node.input(*at.bias)) {
    int32_t dataType = node.dataType(node.input(*at.bias));
    if (dataType != Int32) {
      node.error() << "input " << *at.bias << ": expected a bias of int32, found "
                   << nameOf(dataType);
      return {};
    }
    Value bias = integersAsBias(node, node.input(*at.bias), inputs[0], inputs[1]);
    if (!bias)
      return {};
    inputs.push_back(bias);
  }
  NodeContext inner(node.graph, node.frame, node.node, version, inputs);
  const Operator *op = findOperator(of, version);
  std::optional<Results> moved = moveIntegers(inner, *op);
  Results results = moved ? *moved : op->import(inner);
  if (inner.failed() || results.empty() || !results.front()) {
    node.fail();
    return {};
  }
  if (!node.input(at.output))
    return results;
  int32_t like = node.dataType(node.input(at.operands.front()));
  return quantizedResult(node, results.front(), at.output, like);
}

static Import on(StringRef of, const Places &at) {
  return [of, at](NodeContext &node) { return importOn(node, of, 21, at); };
}

/// The version of the operator set whose softmax it is.
static Results importSoftmax(NodeContext &node) {
  int64_t version = std::clamp<int64_t>(node.integer("opset", 13), 1, newest);
  return importOn(node, "Softmax", version, {{0}, 3, {}});
}

static Results importPool(NodeContext &node, StringRef of) {
  if (node.integer("channels_last", 0)) {
    node.unsupported("channels_last", "0");
    return {};
  }
  return importOn(node, of, 21, {{0}, 3, {}});
}

/// Of any number of tensors, the result's scale before them.
static Results importConcat(NodeContext &node) {
  Places at{{}, 0, {}};
  for (size_t index = 2; index < node.inputCount(); index += 3)
    at.operands.push_back(index);
  return importOn(node, "Concat", 21, at);
}

ArrayRef<Operator> sepconv::onnx::quantizedOperators() {
  static const std::vector<Operator> table = [] {
    const std::vector<StringRef> window{"auto_pad",     "dilations", "group",
                                        "kernel_shape", "pads",      "strides"};
    const std::vector<StringRef> pool{
        "auto_pad",  "ceil_mode",    "channels_last", "count_include_pad",
        "dilations", "kernel_shape", "pads",          "strides"};
    const Places one{{0}, 3, {}}, two{{0, 3}, 6, {}};
    auto average = [](NodeContext &node) { return importPool(node, "AveragePool"); };
    auto global = [](NodeContext &node) { return importPool(node, "GlobalAveragePool"); };
    return std::vector<Operator>{
        {"QLinearConv", 10, newest, on("Conv", {{0, 3}, 6, 8}), window, 8, 9},
        {"QLinearMatMul", 10, newest, on("MatMul", two), {}, 8, 8},
        {"com.microsoft::QGemm",
         1,
         newest,
         on("Gemm", {{0, 3}, 7, 6}),
         {"alpha", "transA", "transB"},
         6,
         9},
        {"com.microsoft::QLinearAdd", 1, newest, on("Add", two), {}, 7, 8},
        {"com.microsoft::QLinearAveragePool", 1, newest, average, pool, 4, 5},
        {"com.microsoft::QLinearConcat", 1, newest, importConcat, {"axis"}, 4, 1 << 16, 2},
        {"com.microsoft::QLinearConv", 1, newest, on("Conv", {{0, 3}, 6, 8}), window, 8, 9},
        {"com.microsoft::QLinearGlobalAveragePool", 1, newest, global, {"channels_last"}, 5, 5},
        {"com.microsoft::QLinearLeakyRelu", 1, newest, on("LeakyRelu", one), {"alpha"}, 4, 5},
        {"com.microsoft::QLinearMul", 1, newest, on("Mul", two), {}, 7, 8},
        {"com.microsoft::QLinearSigmoid", 1, newest, on("Sigmoid", one), {}, 4, 5},
        {"com.microsoft::QLinearSoftmax", 1, newest, importSoftmax, {"axis", "opset"}, 4, 5},
    };
  }();
  return table;
}
