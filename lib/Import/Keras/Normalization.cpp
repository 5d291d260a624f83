//===- Normalization.cpp - BatchNormalization, Normalization, Rescaling ----------===//

#include "../Operations/Normalization.h"
#include "../Operations/Elementwise.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static Value importBatchNormalization(LayerContext &layer) {
  SmallVector<int64_t> axes = layer.integers("axis", anyInteger, -1);
  double epsilon = layer.number("epsilon", 1e-3);
  bool center = layer.boolean("center", true), scale = layer.boolean("scale", true);
  bool renorm = layer.boolean("renorm", false);
  VariableArguments gammaArguments = layer.variable("gamma", "ones");
  VariableArguments betaArguments = layer.variable("beta", "zeros");
  VariableArguments meanArguments = layer.variable("moving_mean", "zeros", /*trainable=*/false);
  VariableArguments varianceArguments =
      layer.variable("moving_variance", "ones", /*trainable=*/false);
  if (axes.size() != 1)
    layer.unsupported("axis", "one axis");
  if (epsilon < 0)
    layer.unsupported("epsilon", "a number of at least 0");
  if (!layer.ready())
    return {};
  layer.computeWide();
  std::optional<int64_t> dim = layer.dimension("axis", axes.front());
  if (!dim)
    return {};
  int64_t channels = layer.shape()[*dim];
  auto splat = [&](double value) { return layer.splat({channels}, layer.computeType(), value); };
  bool training = layer.isTraining && layer.boolean("trainable", true);
  if (training && (renorm || layer.isBatchDynamic())) {
    layer.error() << "was called with training=True, which normalizes by the batch's statistics; "
                  << (renorm ? "not supported with renorm" : "the batch is dynamic");
    return {};
  }
  Value gamma = scale ? layer.weight("gamma", {channels}, gammaArguments) : splat(1);
  Value beta = center ? layer.weight("beta", {channels}, betaArguments) : splat(0);
  Value mean = layer.weight("moving_mean", {channels}, meanArguments);
  Value variance = layer.weight("moving_variance", {channels}, varianceArguments);
  if (renorm) // moving_stddev, renorm_mean and renorm_stddev, which only training reads
    layer.skipWeights(3);
  if (!layer.ready())
    return {};
  if (training) {
    SmallVector<int64_t> others = llvm::to_vector(llvm::seq<int64_t>(0, layer.shape().size()));
    others.erase(others.begin() + *dim);
    Value standard = ops::standardize(layer, layer.input(), others, epsilon);
    return ops::scaleAlong(layer, standard, *dim, gamma, beta);
  }
  return ops::batchNorm(layer, layer.input(), gamma, beta, mean, variance, *dim, epsilon);
}

//===----------------------------------------------------------------------===//
// Constants among the arguments
//===----------------------------------------------------------------------===//

/// Reads an argument that may be a number, lists of numbers or a serialized array.
static Numbers numbersArgument(LayerContext &layer, StringRef name, float otherwise) {
  const json::Value *value = layer.argument(name);
  if (!value)
    return {{}, {otherwise}};
  if (std::optional<Numbers> numbers = readNumbers(*value))
    return *numbers;
  layer.unsupported(name, "a number or a list of numbers");
  return {{}, {otherwise}};
}

/// Reports numbers that do not broadcast with the input, whose batch stays.
static bool broadcasts(LayerContext &layer, StringRef argument, const Numbers &numbers) {
  ArrayRef<int64_t> shape = layer.shape();
  bool legal = numbers.shape.size() < shape.size();
  for (size_t i = 1; legal && i <= numbers.shape.size(); ++i) {
    int64_t size = numbers.shape[numbers.shape.size() - i];
    legal = size == 1 || size == shape[shape.size() - i];
  }
  if (!legal)
    layer.error(argument) << "expected numbers that broadcast with the input's shape "
                          << shown(shape) << ", found shape " << shown(numbers.shape);
  return legal;
}

static Value importRescaling(LayerContext &layer) {
  Numbers scale = numbersArgument(layer, "scale", 1), offset = numbersArgument(layer, "offset", 0);
  if (!layer.ready())
    return {};
  bool scaleFits = broadcasts(layer, "scale", scale);
  if (!broadcasts(layer, "offset", offset) || !scaleFits)
    return {};
  Value factor = layer.constant(scale.shape, scale.values, layer.computeType());
  Value addend = layer.constant(offset.shape, offset.values, layer.computeType());
  return ops::scale(layer, layer.input(), factor, addend);
}

//===----------------------------------------------------------------------===//
// Layers of keras.applications
//===----------------------------------------------------------------------===//

/// keras/src/applications/convnext.py
static Value importLayerScale(LayerContext &layer) {
  int64_t channels = layer.integer("projection_dim", 1);
  double start = layer.number("init_values", std::nullopt);
  VariableArguments arguments = layer.variable("gamma", "zeros");
  if (arguments.initializer) {
    NamedAttrList parameters(arguments.initializer.getParameters());
    parameters.set("value", layer.builder.getF64FloatAttr(start));
    MLIRContext *context = layer.builder.getContext();
    arguments.initializer = InitializerAttr::get(context, arguments.initializer.getKind(),
                                                 parameters.getDictionary(context));
  }
  if (!layer.ready())
    return {};
  Value gamma = layer.weight("gamma", channels, arguments);
  return layer.ready() ? ops::apply(layer, "multiply", {layer.input(), gamma}) : Value();
}

/// keras/src/applications/inception_resnet_v2.py
static Value importCustomScale(LayerContext &layer) {
  float scale = layer.number("scale", std::nullopt);
  if (!layer.ready())
    return {};
  Value factor = layer.splat({}, layer.computeType(), scale);
  Value scaled = ops::apply(layer, "multiply", {layer.input(1), factor});
  return ops::apply(layer, "add", {layer.input(0), scaled});
}

//===----------------------------------------------------------------------===//
// Normalization
//===----------------------------------------------------------------------===//

/// keras.backend.epsilon()
static constexpr float leastDeviation = 1e-7f;

static Value importNormalization(LayerContext &layer) {
  bool given = layer.argument("mean"), invert = layer.boolean("invert", false);
  Numbers mean = numbersArgument(layer, "mean", 0);
  Numbers variance = numbersArgument(layer, "variance", 1);
  SmallVector<int64_t> axes;
  if (layer.argument("axis") || !layer.layer.config->get("axis"))
    axes = layer.integers("axis", anyInteger, -1);
  if (given != bool(layer.argument("variance")) || mean.shape != variance.shape)
    layer.unsupported("variance", "the shape of the mean, " + shown(mean.shape));
  if (!layer.ready())
    return {};
  for (int64_t &axis : axes) {
    std::optional<int64_t> dim = layer.dimension("axis", axis);
    if (!dim)
      return {};
    axis = *dim;
  }
  llvm::sort(axes);
  SmallVector<int64_t> kept;
  for (int64_t axis : axes)
    kept.push_back(layer.shape()[axis]);
  Value center, square;
  if (given) {
    // Fewer dimensions than kept axes stand for the last of them.
    bool legal = mean.shape.size() <= kept.size();
    for (size_t i = 1; legal && i <= mean.shape.size(); ++i) {
      int64_t size = mean.shape[mean.shape.size() - i];
      legal = size == 1 || size == kept[kept.size() - i];
    }
    if (!legal) {
      layer.unsupported("mean", "numbers of shape " + shown(kept));
      return {};
    }
    axes.erase(axes.begin(), axes.end() - mean.shape.size());
    kept = mean.shape;
    center = layer.constant(kept, mean.values, layer.computeType());
    square = layer.constant(kept, variance.values, layer.computeType());
  } else {
    VariableArguments zeros = layer.variable("mean", "zeros", /*trainable=*/false);
    VariableArguments ones = layer.variable("variance", "ones", /*trainable=*/false);
    center = layer.weight("mean", kept, zeros);
    square = layer.weight("variance", kept, ones);
    layer.skipWeights(1); // count
    if (!layer.ready())
      return {};
  }
  Value deviation = ops::deviation(layer, square, leastDeviation);
  return ops::centered(layer, layer.input(), axes, center, deviation, invert);
}

ArrayRef<LayerClass> sepconv::keras::normalizationLayers() {
  static const LayerClass table[] = {
      {"BatchNormalization",
       importBatchNormalization,
       {"axis", "epsilon", "center", "scale", "renorm"}},
      {"CustomScaleLayer", importCustomScale, {"scale"}, 2, 2},
      {"LayerScale", importLayerScale, {"init_values", "projection_dim"}},
      {"Rescaling", importRescaling, {"scale", "offset"}},
      {"Normalization", importNormalization, {"axis", "mean", "variance", "invert"}},
  };
  return table;
}
