//===- Normalization.cpp - means and deviations taken out ------------------------===//

#include "../Operations/Normalization.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Node.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

static SmallVector<int64_t> dimsFrom(NodeContext &node, int64_t first) {
  return llvm::to_vector(llvm::seq<int64_t>(first, node.rank()));
}

/// A parameter with an element for each channel; false after reporting.
static bool checkVector(NodeContext &node, size_t index, StringRef name, int64_t size) {
  if (!node.input(index) || node.shape(index) == ArrayRef<int64_t>(size))
    return true;
  node.error(name) << "expected shape " << shown(ArrayRef<int64_t>(size)) << ", found "
                   << shown(node.shape(index));
  return false;
}

static bool hasChannels(NodeContext &node) {
  if (node.rank() >= 2)
    return true;
  node.error() << "expected an input of rank 2 or more, found shape " << shown(node.shape());
  return false;
}

/// With the statistics of the input itself, which also move the running ones.
static Results normalizeByInput(NodeContext &node, ArrayRef<Value> parameters, double epsilon,
                                double momentum) {
  SmallVector<int64_t> dims = dimsFrom(node, 2);
  dims.insert(dims.begin(), 0);
  int64_t channels = node.shape()[1];
  Value mean = ops::reduce(node, node.input(), dims, /*keepDims=*/false, ops::Reduction::Mean);
  Value variance = ops::variance(node, node.input(), dims, /*keepDims=*/false);
  auto moved = [&](Value running, Value now) {
    Value kept = node.splat({channels}, ops::elementOf(running), momentum);
    Value rest = node.splat({channels}, ops::elementOf(running), 1 - momentum);
    return ops::apply(
        node, "add",
        {ops::apply(node, "multiply", {running, kept}), ops::apply(node, "multiply", {now, rest})});
  };
  Value result = ops::scaleAlong(node, ops::standardize(node, node.input(), dims, epsilon), 1,
                                 parameters[0], parameters[1]);
  return ArrayRef<Value>{result, moved(parameters[2], mean), moved(parameters[3], variance)};
}

static Results importBatchNorm(NodeContext &node) {
  double epsilon = node.number("epsilon", 1e-5f), momentum = node.number("momentum", 0.9f);
  bool isTraining = node.integer("training_mode", 0);
  if (node.version < 9 && node.integer("spatial", 1) != 1)
    node.unsupported("spatial", "1");
  if (node.failed() || !hasChannels(node))
    return {};
  SmallVector<Value> parameters;
  static constexpr StringLiteral names[] = {"scale", "B", "input_mean", "input_var"};
  for (auto [i, name] : llvm::enumerate(names)) {
    if (!checkVector(node, i + 1, name, node.shape()[1]))
      return {};
    parameters.push_back(ops::convertTo(node, node.input(i + 1), ops::elementOf(node.input())));
  }
  if (isTraining)
    return normalizeByInput(node, parameters, epsilon, momentum);
  return ops::batchNorm(node, node.input(), parameters[0], parameters[1], parameters[2],
                        parameters[3], 1, epsilon);
}

static Results importInstanceNorm(NodeContext &node) {
  double epsilon = node.number("epsilon", 1e-5f);
  if (node.failed() || !hasChannels(node) || !checkVector(node, 1, "scale", node.shape()[1]) ||
      !checkVector(node, 2, "B", node.shape()[1]))
    return {};
  Value result = ops::standardize(node, node.input(), dimsFrom(node, 2), epsilon);
  return ops::scaleAlong(node, result, 1, node.input(1), node.input(2));
}

static Results importGroupNorm(NodeContext &node) {
  double epsilon = node.number("epsilon", 1e-5f);
  int64_t groups = node.integer("num_groups"), stash = node.integer("stash_type", Float);
  if (stash != Float)
    node.unsupported("stash_type", "1");
  if (node.failed() || !hasChannels(node))
    return {};
  int64_t channels = node.shape()[1];
  if (groups < 1 || channels % groups) {
    node.unsupported("num_groups", "a divisor of the " + Twine(channels) + " channels");
    return {};
  }
  // Up to version 20 each group has one number.
  bool isOfGroups = node.version < 21;
  SmallVector<Value, 2> parameters{node.input(1), node.input(2)};
  static constexpr StringLiteral names[] = {"scale", "bias"};
  for (auto [i, name] : llvm::enumerate(names)) {
    if (!checkVector(node, i + 1, name, isOfGroups ? groups : channels))
      return {};
    if (isOfGroups)
      parameters[i] = ops::repeat(node, parameters[i], 0, channels / groups);
  }
  Value result = ops::standardizeGroups(node, node.input(), 1, groups, epsilon);
  return ops::scaleAlong(node, result, 1, parameters[0], parameters[1]);
}

/// The input as what is computed in.
static Value stashed(NodeContext &node) {
  Type type = elementType(node.builder.getContext(), node.integer("stash_type", Float));
  if (!type || !isa<FloatType>(type)) {
    node.unsupported("stash_type", "a type of floats");
    return {};
  }
  Type element = ops::elementOf(node.input());
  bool isWider = element.getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth();
  return isWider ? ops::convertTo(node, node.input(), type) : node.input();
}

/// Also the mean and one over the deviation, where the node names them.
static Results importLayerNorm(NodeContext &node) {
  double epsilon = node.number("epsilon", 1e-5f);
  auto dim = node.axis("axis", -1);
  Value x = stashed(node);
  if (!dim || node.failed())
    return {};
  SmallVector<int64_t> dims = dimsFrom(node, *dim);
  Value mean = ops::reduce(node, x, dims, true, ops::Reduction::Mean);
  Value variance = ops::variance(node, x, dims, true);
  if (!variance)
    return {}; // reported
  Value moved = ops::apply(node, "add", {variance, node.splat({}, ops::elementOf(x), epsilon)});
  Value inverse = ops::apply(node, "reciprocal", ops::apply(node, "sqrt", moved));
  Value normal =
      ops::convertTo(node, ops::standardize(node, x, dims, epsilon), ops::elementOf(node.input()));
  for (size_t i : {1, 2})
    if (node.input(i))
      normal = ops::apply(node, i == 1 ? "multiply" : "add", {normal, node.input(i)});
  return ArrayRef<Value>{normal, mean, inverse};
}

static Results importRmsNorm(NodeContext &node) {
  double epsilon = node.number("epsilon", 1e-5f);
  auto dim = node.axis("axis", -1);
  Value x = stashed(node);
  if (!dim || node.failed())
    return {};
  Value normal = ops::convertTo(node, ops::rmsNorm(node, x, dimsFrom(node, *dim), epsilon),
                                ops::elementOf(node.input()));
  return ops::apply(node, "multiply", {normal, node.input(1)});
}

static Results importLpNorm(NodeContext &node) {
  auto dim = node.axis("axis", -1);
  int64_t order = node.integer("p", 2);
  if (order != 1 && order != 2)
    node.unsupported("p", "1 or 2");
  if (!dim || node.failed())
    return {};
  // Of zeros the result is zero.
  return ops::unitNorm(node, node.input(), *dim, order, 1e-30);
}

static Results importMeanVarianceNorm(NodeContext &node) {
  auto axes = node.integers("axes").value_or(SmallVector<int64_t>{0, 2, 3});
  auto dims = node.dimensions(node.input(), "axes", ArrayRef<int64_t>(axes));
  return dims && !node.failed() ? ops::standardize(node, node.input(), *dims, 1e-18) : Value();
}

static Results importLrn(NodeContext &node) {
  double alpha = node.number("alpha", 1e-4f), beta = node.number("beta", 0.75);
  double bias = node.number("bias", 1);
  int64_t size = node.integer("size");
  if (size < 1 || size > 1 << 16)
    node.unsupported("size", "an integer from 1 to 65536");
  if (node.failed() || !hasChannels(node))
    return {};
  return ops::localResponseNorm(node, node.input(), 1, size, alpha, beta, bias);
}

ArrayRef<Operator> sepconv::onnx::normalizationOperators() {
  static const Operator table[] = {
      {"BatchNormalization",
       1,
       newest,
       importBatchNorm,
       {"consumed_inputs", "epsilon", "is_test", "momentum", "spatial", "training_mode"},
       5,
       5},
      {"GroupNormalization",
       18,
       newest,
       importGroupNorm,
       {"epsilon", "num_groups", "stash_type"},
       3,
       3},
      {"InstanceNormalization",
       1,
       newest,
       importInstanceNorm,
       {"consumed_inputs", "epsilon"},
       3,
       3},
      {"LRN", 1, newest, importLrn, {"alpha", "beta", "bias", "size"}},
      {"LayerNormalization", 17, newest, importLayerNorm, {"axis", "epsilon", "stash_type"}, 2, 3},
      {"LpNormalization", 1, newest, importLpNorm, {"axis", "p"}},
      {"MeanVarianceNormalization", 9, newest, importMeanVarianceNorm, {"axes"}},
      {"RMSNormalization", 23, newest, importRmsNorm, {"axis", "epsilon", "stash_type"}, 2, 2},
  };
  return table;
}
