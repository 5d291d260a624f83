//===- Activations.cpp - activation functions and their layers -------------------===//

#include "../ActivationFunctions.h"
#include "../VariableClasses.h"
#include "Layers.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using json::Object;

static Activation makeActivation(LayerContext &layer, ActivationKind kind, double alpha = 0,
                                 double maxValue = std::numeric_limits<double>::infinity(),
                                 double threshold = 0) {
  return {ActivationAttr::get(layer.builder.getContext(), kind, alpha, maxValue, threshold), {}};
}

//===----------------------------------------------------------------------===//
// The arguments of the activation layers
//===----------------------------------------------------------------------===//

static Activation readReLU(LayerContext &layer) {
  auto read = [&](StringRef name, double otherwise) {
    double value = layer.number(name, otherwise);
    if (value < 0)
      layer.unsupported(name, "a number of at least 0");
    return value;
  };
  double maxValue = read("max_value", std::numeric_limits<double>::infinity());
  double slope = read("negative_slope", 0), threshold = read("threshold", 0);
  return makeActivation(layer, ActivationKind::Relu, slope, maxValue, threshold);
}

static Activation readLeakyReLU(LayerContext &layer) {
  // Keras 2 says alpha.
  StringRef name = layer.argument("alpha") ? "alpha" : "negative_slope";
  double slope = layer.layer.isOperation ? 0.2 : 0.3;
  return makeActivation(layer, ActivationKind::Relu, layer.number(name, slope));
}

/// Of the operation; of a layer, 'gelu' stands for the exact function.
static Activation readGelu(LayerContext &layer) {
  bool approximate = layer.boolean("approximate", true);
  return makeActivation(layer, approximate ? ActivationKind::GeluTanh : ActivationKind::Gelu);
}

static Activation readELU(LayerContext &layer) {
  return makeActivation(layer, ActivationKind::Elu, layer.number("alpha", 1));
}

static Activation readSoftmax(LayerContext &layer) {
  SmallVector<int64_t> axes = layer.integers("axis", std::numeric_limits<int64_t>::min(), -1);
  if (axes.size() != 1)
    layer.unsupported("axis", "one axis");
  Activation result = makeActivation(layer, ActivationKind::Linear);
  result.softmaxAxis = axes.empty() ? -1 : axes.front();
  return result;
}

namespace {

struct ActivationLayer {
  StringRef name;
  Activation (*read)(LayerContext &);
};

} // namespace

static constexpr ActivationLayer layers[] = {
    {"ReLU", readReLU}, {"LeakyReLU", readLeakyReLU}, {"ELU", readELU}, {"Softmax", readSoftmax}};

//===----------------------------------------------------------------------===//
// The argument `activation`
//===----------------------------------------------------------------------===//

static Activation readName(LayerContext &layer, StringRef argument, StringRef name) {
  if (name == "softmax") {
    Activation result = makeActivation(layer, ActivationKind::Linear);
    result.softmaxAxis = -1;
    return result;
  }
  ActivationAttr function = activationNamed(layer.builder.getContext(), name);
  if (!function) {
    layer.unsupported(argument, "one of " + activationNames());
    return makeActivation(layer, ActivationKind::Linear);
  }
  if (layer.keras2 && name == "hard_sigmoid")
    layer.unsupported(argument, "no hard_sigmoid of Keras 2, whose slope is another (0.2)");
  return {function, {}};
}

/// A layer as the activation of another: Dense(4, activation=LeakyReLU(0.1)).
static Activation readLayer(LayerContext &outer, StringRef argument, const Object &object) {
  Layer layer;
  layer.path = outer.layer.path;
  layer.className = object.getString("class_name").value_or("").str();
  layer.config = object.getObject("config");
  const ActivationLayer *known =
      llvm::find_if(layers, [&](auto &l) { return l.name == layer.className; });
  if (known == std::end(layers) || !layer.config) {
    outer.unsupported(argument, "one of " + activationNames());
    return makeActivation(outer, ActivationKind::Linear);
  }
  LayerContext inner(outer, layer);
  Activation result = known->read(inner);
  if (!inner.ready())
    outer.markWrong();
  return result;
}

Activation sepconv::keras::readActivation(LayerContext &layer, StringRef argument,
                                          const json::Value *value) {
  if (!value)
    return makeActivation(layer, ActivationKind::Linear);
  if (std::optional<StringRef> name = value->getAsString())
    return readName(layer, argument, *name);
  const Object *object = value->getAsObject();
  if (!object || !object->getString("class_name")) {
    layer.unsupported(argument, "one of " + activationNames());
    return makeActivation(layer, ActivationKind::Linear);
  }
  if (std::optional<StringRef> name = object->getString("config"))
    return readName(layer, argument, *name);
  return readLayer(layer, argument, *object);
}

//===----------------------------------------------------------------------===//
// The layers
//===----------------------------------------------------------------------===//

static Value apply(LayerContext &layer, Activation activation) {
  if (!layer.ready())
    return {};
  if (activation.softmaxAxis) {
    activation.softmaxAxis = layer.dimension("axis", *activation.softmaxAxis);
    return activation.softmaxAxis ? layer.activate(layer.input(), activation) : Value();
  }
  if (!activation.fused())
    return layer.input();
  return ActivationOp::create(layer.builder, layer.loc, layer.input().getType(), layer.input(),
                              activation.function);
}

static Value importActivation(LayerContext &layer) {
  return apply(layer, layer.activation("activation"));
}

template <Activation (*read)(LayerContext &)> static Value importAs(LayerContext &layer) {
  return apply(layer, read(layer));
}

/// keras.ops.hard_sigmoid and the like: the class is HardSigmoid.
static Activation readClassName(LayerContext &layer) {
  return readName(layer, "name", toSnakeCase(layer.layer.className));
}

ArrayRef<LayerClass> sepconv::keras::activationLayers() {
  static const LayerClass table[] = {
      {"Activation", importActivation, {"activation"}},
      {"ReLU", importAs<readReLU>, {"max_value", "negative_slope", "threshold"}},
      {"LeakyReLU", importAs<readLeakyReLU>, {"negative_slope", "alpha"}},
      {"ELU", importAs<readELU>, {"alpha"}},
      {"Softmax", importAs<readSoftmax>, {"axis"}},
  };
  return table;
}

ArrayRef<LayerClass> sepconv::keras::activationOperations() {
  static const LayerClass table[] = {
      {"Elu", importAs<readELU>, {"alpha"}},
      {"Gelu", importAs<readGelu>, {"approximate"}},
      {"HardSigmoid", importAs<readClassName>, {}},
      {"HardSilu", importAs<readClassName>, {}},
      {"LeakyRelu", importAs<readLeakyReLU>, {"negative_slope"}},
      {"LogSigmoid", importAs<readClassName>, {}},
      {"Relu", importAs<readClassName>, {}},
      {"Relu6", importAs<readClassName>, {}},
      {"Selu", importAs<readClassName>, {}},
      {"Sigmoid", importAs<readClassName>, {}},
      {"Silu", importAs<readClassName>, {}},
      {"Softmax", importAs<readSoftmax>, {"axis"}},
      {"Softplus", importAs<readClassName>, {}},
      {"Softsign", importAs<readClassName>, {}},
      {"Tanh", importAs<readClassName>, {}},
  };
  return table;
}
