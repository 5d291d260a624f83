//===- Activations.cpp - activation functions ------------------------------------===//

#include "../Operations/Activations.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Lookup.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Quantization.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

static Value activate(NodeContext &node, ActivationKind kind, double alpha = 0) {
  auto function = ActivationAttr::get(node.builder.getContext(), kind, alpha);
  return ops::activate(node, node.input(), function);
}

template <ActivationKind kind> static Results importKind(NodeContext &node) {
  return activate(node, kind);
}

static Results importRelu(NodeContext &node) {
  Type element = ops::elementOf(node.input());
  if (isa<FloatType>(element)) {
    Value result = activate(node, ActivationKind::Relu);
    limit(node, result, 0, INFINITY);
    return result;
  }
  return ops::apply(node, "maximum", {node.input(), node.splat({}, element, 0)});
}

static Results importLeakyRelu(NodeContext &node) {
  return activate(node, ActivationKind::Relu, node.number("alpha", 0.01f));
}

static Results importElu(NodeContext &node) {
  return activate(node, ActivationKind::Elu, node.number("alpha", 1));
}

/// gamma times ELU; with the usual numbers it is a function of the dialect.
static Results importSelu(NodeContext &node) {
  static constexpr double usualAlpha = 1.6732632423543772, usualGamma = 1.0507009873554805;
  // Version 1 has other defaults, of fewer digits.
  double alpha = node.number("alpha", node.version < 6 ? 1.6732 : usualAlpha);
  double gamma = node.number("gamma", node.version < 6 ? 1.0507 : usualGamma);
  if (std::abs(alpha - usualAlpha) < 1e-6 && std::abs(gamma - usualGamma) < 1e-6)
    return activate(node, ActivationKind::Selu);
  Value elu = activate(node, ActivationKind::Elu, alpha);
  return ops::apply(node, "multiply", {elu, node.splat({}, ops::elementOf(elu), gamma)});
}

static Results importHardSigmoid(NodeContext &node) {
  double alpha = node.number("alpha", 0.2f), beta = node.number("beta", 0.5);
  if (std::abs(alpha - 1.0 / 6) < 1e-7 && beta == 0.5)
    return activate(node, ActivationKind::HardSigmoid);
  return ops::hardSigmoid(node, node.input(), alpha, beta);
}

static Results importCelu(NodeContext &node) {
  return ops::celu(node, node.input(), node.number("alpha", 1));
}

static Results importGelu(NodeContext &node) {
  StringRef kind = node.choice("approximate", {"none", "tanh"});
  return activate(node, kind == "tanh" ? ActivationKind::GeluTanh : ActivationKind::Gelu);
}

static Results importShrink(NodeContext &node) {
  return ops::shrink(node, node.input(), node.number("lambd", 0.5), node.number("bias", 0));
}

/// x * sigmoid(alpha * x)
static Results importSwish(NodeContext &node) {
  double alpha = node.number("alpha", 1);
  if (alpha == 1)
    return activate(node, ActivationKind::Silu);
  Value factor = node.splat({}, ops::elementOf(node.input()), alpha);
  Value scaled = ops::apply(node, "multiply", {node.input(), factor});
  auto sigmoid = ActivationAttr::get(node.builder.getContext(), ActivationKind::Sigmoid);
  return ops::apply(node, "multiply", {node.input(), ops::activate(node, scaled, sigmoid)});
}

/// The first input by that function, times the second one.
static Results importSwiglu(NodeContext &node) {
  Results gate = importSwish(node);
  if (gate.empty() || node.shape(0) != node.shape(1)) {
    node.error() << "expected two inputs of one shape, found " << shown(node.shape(0)) << " and "
                 << shown(node.shape(1));
    return {};
  }
  return ops::apply(node, "multiply", {gate.front(), node.input(1)});
}

static Results importThresholdedRelu(NodeContext &node) {
  return ops::threshold(node, node.input(), node.number("alpha", 1), 0);
}

static Results importPRelu(NodeContext &node) {
  Value slope = node.input(1);
  // Before version 7 the slopes are those of the channels.
  if (node.version < 7 && ops::rankOf(slope) == 1 && node.rank() > 2) {
    SmallVector<int64_t> shape(node.rank() - 1, 1);
    shape[0] = ops::shapeOf(slope)[0];
    slope = ops::reshape(node, slope, shape);
  }
  return ops::prelu(node, node.input(), slope);
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

using Along = Value (*)(NodeContext &, Value, int64_t);

/// Before version 13 all dimensions from the axis on are one, and the default is 1.
template <Along function> static Results importSoftmax(NodeContext &node) {
  bool isOld = node.version < 13;
  int64_t axis = node.integer("axis", isOld ? 1 : -1), rank = node.rank();
  if (isOld && axis == rank && rank > 0) // a row has one element
    return ops::squeeze(node, function(node, ops::expandDims(node, node.input(), rank), rank),
                        rank);
  auto dim = node.dimension(node.input(), "axis", axis);
  if (!dim || node.failed())
    return {};
  if (!isOld || *dim == rank - 1)
    return function(node, node.input(), *dim);
  SmallVector<int64_t> shape(node.shape()), flat(node.shape().take_front(*dim));
  flat.push_back(ShapedType::getNumElements(node.shape().drop_front(*dim)));
  Value result = function(node, ops::reshape(node, node.input(), flat), *dim);
  return ops::reshape(node, result, shape);
}

static Value softmax(NodeContext &node, Value value, int64_t dim) {
  return ops::softmax(node, value, dim);
}

static Value logSoftmax(NodeContext &node, Value value, int64_t dim) {
  return ops::logSoftmax(node, value, dim);
}

/// 1 where the first of the greatest elements is.
static Value hardmax(NodeContext &node, Value value, int64_t dim) {
  Value at = ops::extremumIndex(node, value, dim, /*keepDims=*/false, /*isMax=*/true,
                                /*isLast=*/false, node.builder.getI32Type());
  return ops::oneHot(node, at, dim, ops::shapeOf(value)[dim], ops::elementOf(value));
}

ArrayRef<Operator> sepconv::onnx::activationOperators() {
  using K = ActivationKind;
  const StringRef old = "consumed_inputs";
  static const Operator table[] = {
      {"Celu", 12, newest, importCelu, {"alpha"}},
      {"Elu", 1, newest, importElu, {"alpha", old}},
      {"Gelu", 20, newest, importGelu, {"approximate"}},
      {"HardSigmoid", 1, newest, importHardSigmoid, {"alpha", "beta", old}},
      {"HardSwish", 14, newest, importKind<K::HardSilu>, {}},
      {"Hardmax", 1, newest, importSoftmax<hardmax>, {"axis"}},
      {"LeakyRelu", 1, newest, importLeakyRelu, {"alpha", old}},
      {"LogSoftmax", 1, newest, importSoftmax<logSoftmax>, {"axis"}},
      {"Mish", 18, newest, importKind<K::Mish>, {}},
      {"PRelu", 1, newest, importPRelu, {old}, 2, 2},
      {"Relu", 1, newest, importRelu, {old}},
      {"Selu", 1, newest, importSelu, {"alpha", "gamma", old}},
      {"Shrink", 9, newest, importShrink, {"bias", "lambd"}},
      {"Sigmoid", 1, newest, importKind<K::Sigmoid>, {old}},
      {"Softmax", 1, newest, importSoftmax<softmax>, {"axis"}},
      {"Softplus", 1, newest, importKind<K::Softplus>, {}},
      {"Softsign", 1, newest, importKind<K::Softsign>, {}},
      {"SwiGLU", 28, newest, importSwiglu, {"alpha"}, 2, 2},
      {"Swish", 24, newest, importSwish, {"alpha"}},
      {"Tanh", 1, newest, importKind<K::Tanh>, {old}},
      {"ThresholdedRelu", 10, newest, importThresholdedRelu, {"alpha"}},
  };
  return table;
}
