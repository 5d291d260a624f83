//===- ReductionOperations.cpp - keras.ops that make one number of many ----------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Normalization.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static ImportLayer reduction(ops::Reduction kind) {
  return [kind](LayerContext &layer) {
    auto dims = layer.axes("axis");
    bool keepDims = layer.boolean("keepdims", false);
    if (layer.argument("initial"))
      layer.unsupported("initial", "null");
    return layer.ready() ? ops::reduce(layer, layer.input(), *dims, keepDims, kind) : Value();
  };
}

static Value importVariance(LayerContext &layer) {
  auto dims = layer.axes("axis");
  bool keepDims = layer.boolean("keepdims", false);
  return layer.ready() ? ops::variance(layer, layer.input(), *dims, keepDims) : Value();
}

static Value importDeviation(LayerContext &layer) {
  Value variance = importVariance(layer);
  return variance ? ops::apply(layer, "sqrt", variance) : Value();
}

/// The mean and the variance.
static Results importMoments(LayerContext &layer) {
  auto dims = layer.axes("axes", /*isOptional=*/false);
  bool keepDims = layer.boolean("keepdims", false);
  if (!layer.ready())
    return Value();
  return ArrayRef<Value>{ops::reduce(layer, layer.input(), *dims, keepDims, ops::Reduction::Mean),
                         ops::variance(layer, layer.input(), *dims, keepDims)};
}

static Value importNorm(LayerContext &layer) {
  const json::Value *order = layer.argument("ord");
  auto dims = layer.axes("axis");
  bool keepDims = layer.boolean("keepdims", false);
  // Without an order the elements are one vector; with one, those of a single axis are.
  int64_t number = order ? layer.integer("ord", 1, 2) : 2;
  if (number > 2)
    layer.unsupported("ord", "null, 1 or 2");
  if (!layer.ready())
    return {};
  if (order && dims->size() != 1) {
    layer.unsupported("axis", "one axis, where an order is given");
    return {};
  }
  return ops::reduce(layer, layer.input(), *dims, keepDims,
                     number == 1 ? ops::Reduction::L1 : ops::Reduction::L2);
}

static Value importNormalize(LayerContext &layer) {
  auto dims = layer.axes("axis", /*isOptional=*/false);
  int64_t order = layer.integer("order", 1, 2);
  double epsilon = layer.number("epsilon", 1e-12);
  if (order > 2)
    layer.unsupported("order", "1 or 2");
  return layer.ready() ? ops::unitNorm(layer, layer.input(), *dims, order, epsilon) : Value();
}

static Value importLogSoftmax(LayerContext &layer) {
  auto dims = layer.axes("axis", /*isOptional=*/false);
  return layer.ready() ? ops::logSoftmax(layer, layer.input(), *dims) : Value();
}

static Value importMatmul(LayerContext &layer) {
  return layer.ready() ? ops::matmul(layer, layer.input(0), layer.input(1)) : Value();
}

/// Whose letters are names of dimensions: "bqd,bkd->bqk".
static Value importEinsum(LayerContext &layer) {
  const json::Value *text = layer.argument("subscripts");
  std::string equation = text ? text->getAsString().value_or("").str() : "";
  llvm::erase(equation, ' ');
  return layer.ready() ? ops::einsum(layer, layer.getInputs(), equation, "subscripts") : Value();
}

ArrayRef<LayerClass> sepconv::keras::reductionOperations() {
  using R = ops::Reduction;
  static const std::vector<StringRef> arguments{"axis", "keepdims"};
  static const std::vector<StringRef> withInitial{"axis", "keepdims", "initial"};
  static const LayerClass table[] = {
      {"All", reduction(R::All), arguments},
      {"Amax", reduction(R::Max), arguments},
      {"Amin", reduction(R::Min), arguments},
      {"Any", reduction(R::Any), arguments},
      {"Einsum", importEinsum, {"subscripts"}, 1, 2},
      {"LogSoftmax", importLogSoftmax, {"axis"}},
      {"Logsumexp", reduction(R::LogSumExp), arguments},
      {"Matmul", importMatmul, {}, 2, 2},
      {"Max", reduction(R::Max), withInitial},
      {"Mean", reduction(R::Mean), arguments},
      {"Min", reduction(R::Min), withInitial},
      {"Moments", importMoments, {"axes", "keepdims", "synchronized"}},
      {"Norm", importNorm, {"ord", "axis", "keepdims"}},
      {"Normalize", importNormalize, {"axis", "order", "epsilon"}},
      {"Prod", reduction(R::Product), arguments},
      {"Std", importDeviation, arguments},
      {"Sum", reduction(R::Sum), arguments},
      {"Var", importVariance, arguments},
  };
  return table;
}
