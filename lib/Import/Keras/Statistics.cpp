//===- Statistics.cpp - normalization by an input's own statistics ---------------===//

#include "../Operations/Normalization.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

namespace {

/// The factor and the addend of each element, which are variables.
struct ScaleArguments {
  explicit ScaleArguments(LayerContext &layer)
      : center(layer.boolean("center", true)), scale(layer.boolean("scale", true)),
        gamma(layer.variable("gamma", "ones")), beta(layer.variable("beta", "zeros")) {}

  Value apply(LayerContext &layer, Value value, ArrayRef<int64_t> dims) const {
    SmallVector<int64_t> shape;
    for (int64_t dim : dims)
      shape.push_back(layer.shape()[dim]);
    Value factor = scale ? layer.weight("gamma", shape, gamma) : Value();
    Value addend = center ? layer.weight("beta", shape, beta) : Value();
    return layer.ready() ? ops::scaleAlong(layer, value, dims, factor, addend) : Value();
  }

  bool center, scale;
  VariableArguments gamma, beta;
};

} // namespace

static double epsilonOf(LayerContext &layer, double otherwise) {
  double epsilon = layer.number("epsilon", otherwise);
  if (epsilon < 0)
    layer.unsupported("epsilon", "a number of at least 0");
  return epsilon;
}

/// Keras computes these layers in float32 at least.
static std::optional<SmallVector<int64_t>> lastAxes(LayerContext &layer) {
  SmallVector<int64_t> list = layer.integers("axis", anyInteger, -1);
  if (layer.ready())
    layer.computeWide();
  return layer.ready() ? layer.dimensions(layer.input(), "axis", list) : std::nullopt;
}

static Value importLayerNormalization(LayerContext &layer) {
  double epsilon = epsilonOf(layer, 1e-3);
  ScaleArguments scale(layer);
  bool rms = layer.boolean("rms_scaling", false);
  auto dims = lastAxes(layer);
  if (!dims)
    return {};
  if (!rms)
    return scale.apply(layer, ops::standardize(layer, layer.input(), *dims, epsilon), *dims);
  scale.center = false;
  scale.scale = true;
  return scale.apply(layer, ops::rmsNorm(layer, layer.input(), *dims, epsilon), *dims);
}

static Value importGroupNormalization(LayerContext &layer) {
  double epsilon = epsilonOf(layer, 1e-3);
  int64_t groups = layer.integer("groups", -1, 32);
  ScaleArguments scale(layer);
  auto dims = lastAxes(layer);
  if (!dims)
    return {};
  if (dims->size() != 1 || dims->front() == 0 || groups == 0) {
    layer.unsupported(groups == 0 ? "groups" : "axis",
                      groups == 0 ? "-1 or a positive integer" : "one axis other than the batch");
    return {};
  }
  int64_t channels = layer.shape()[dims->front()];
  Value value = ops::standardizeGroups(layer, layer.input(), dims->front(),
                                       groups == -1 ? channels : groups, epsilon);
  return value ? scale.apply(layer, value, *dims) : Value();
}

static Value importRMSNormalization(LayerContext &layer) {
  double epsilon = epsilonOf(layer, 1e-6);
  VariableArguments arguments = layer.variable("scale", "ones");
  auto dims = lastAxes(layer);
  if (!dims)
    return {};
  SmallVector<int64_t> shape;
  for (int64_t dim : *dims)
    shape.push_back(layer.shape()[dim]);
  Value scale = layer.weight("scale", shape, arguments);
  if (!layer.ready())
    return {};
  Value value = ops::rmsNorm(layer, layer.input(), *dims, epsilon);
  return ops::scaleAlong(layer, value, *dims, scale, {});
}

static Value importUnitNormalization(LayerContext &layer) {
  auto dims = lastAxes(layer);
  // keras/src/layers/normalization/unit_normalization.py
  return dims ? ops::unitNorm(layer, layer.input(), *dims, 2, 1e-12) : Value();
}

ArrayRef<LayerClass> sepconv::keras::statisticsLayers() {
  static const LayerClass table[] = {
      {"GroupNormalization",
       importGroupNormalization,
       {"groups", "axis", "epsilon", "center", "scale"}},
      {"LayerNormalization",
       importLayerNormalization,
       {"axis", "epsilon", "center", "scale", "rms_scaling"}},
      {"RMSNormalization", importRMSNormalization, {"axis", "epsilon"}},
      {"UnitNormalization", importUnitNormalization, {"axis"}},
  };
  return table;
}
