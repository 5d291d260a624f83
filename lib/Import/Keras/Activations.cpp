//===- Activations.cpp - activation functions and their layers -------------------===//

#include "../Operations/Activations.h"
#include "../ActivationFunctions.h"
#include "../Operations/Reductions.h"
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

static Activation softmaxAlong(SmallVector<int64_t> axes) {
  return {{}, [axes](ops::TensorBuilder &b, Value value) {
            auto dims = b.dimensions(value, "axis", axes);
            return dims ? ops::softmax(b, value, *dims) : Value();
          }};
}

static Activation readSoftmax(LayerContext &layer) {
  SmallVector<int64_t> axes = layer.integers("axis", anyInteger, -1);
  if (axes.empty())
    layer.unsupported("axis", "one axis or more");
  return softmaxAlong(axes);
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

static std::string allNames() {
  SmallVector<StringRef> names = ops::activationNames();
  std::string fused = activationNames();
  SplitString(fused, names, ", ");
  llvm::sort(names);
  return join(names, ", ");
}

static Activation readName(LayerContext &layer, StringRef argument, StringRef name) {
  if (name == "softmax")
    return softmaxAlong({-1});
  if (layer.keras2 && name == "hard_sigmoid")
    return {{}, [](ops::TensorBuilder &b, Value x) { return ops::hardSigmoid(b, x, 0.2, 0.5); }};
  if (ActivationAttr function = activationNamed(layer.builder.getContext(), name))
    return {function, {}};
  if (ops::ActivationBuilder build = ops::findActivation(name))
    return {{}, build};
  layer.unsupported(argument, "one of " + allNames());
  return makeActivation(layer, ActivationKind::Linear);
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
    outer.unsupported(argument, "one of " + allNames());
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
    layer.unsupported(argument, "one of " + allNames());
    return makeActivation(layer, ActivationKind::Linear);
  }
  if (std::optional<StringRef> name = object->getString("config"))
    return readName(layer, argument, *name);
  return readLayer(layer, argument, *object);
}

//===----------------------------------------------------------------------===//
// The layers
//===----------------------------------------------------------------------===//

static Value apply(LayerContext &layer, const Activation &activation) {
  if (!layer.ready())
    return {};
  return layer.activate(ops::activate(layer, layer.input(), activation.function), activation);
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

static Value importPReLU(LayerContext &layer) {
  SmallVector<int64_t> shared;
  if (layer.argument("shared_axes"))
    shared = layer.integers("shared_axes", 1, std::nullopt);
  VariableArguments arguments = layer.variable("alpha", "zeros");
  if (!layer.ready())
    return {};
  SmallVector<int64_t> shape(layer.shape().drop_front());
  for (int64_t axis : shared)
    if (size_t(axis) > shape.size()) {
      layer.unsupported("shared_axes", "dimensions of the input's shape " + shown(layer.shape()));
      return {};
    } else {
      shape[axis - 1] = 1;
    }
  Value alpha = layer.weight("alpha", shape, arguments);
  return layer.ready() ? ops::prelu(layer, layer.input(), alpha) : Value();
}

static Value importCelu(LayerContext &layer) {
  double alpha = layer.number("alpha", 1);
  return layer.ready() ? ops::celu(layer, layer.input(), alpha) : Value();
}

static Value importGlu(LayerContext &layer) {
  auto dims = layer.axes("axis", /*isOptional=*/false);
  return layer.ready() ? ops::gatedLinearUnit(layer, layer.input(), dims->front()) : Value();
}

static Value importThreshold(LayerContext &layer) {
  double threshold = layer.number("threshold", 0);
  double otherwise = layer.number("default_value", 0);
  return layer.ready() ? ops::threshold(layer, layer.input(), threshold, otherwise) : Value();
}

template <bool soft> static Value importShrink(LayerContext &layer) {
  double threshold = layer.number("threshold", 0.5);
  return layer.ready() ? ops::shrink(layer, layer.input(), threshold, soft ? threshold : 0)
                       : Value();
}

static Value importSquareplus(LayerContext &layer) {
  double offset = layer.number("b", 4);
  return layer.ready() ? ops::squareplus(layer, layer.input(), offset) : Value();
}

ArrayRef<LayerClass> sepconv::keras::activationLayers() {
  static const LayerClass table[] = {
      {"Activation", importActivation, {"activation"}},
      {"ReLU", importAs<readReLU>, {"max_value", "negative_slope", "threshold"}},
      {"LeakyReLU", importAs<readLeakyReLU>, {"negative_slope", "alpha"}},
      {"ELU", importAs<readELU>, {"alpha"}},
      {"PReLU", importPReLU, {"shared_axes"}},
      {"Softmax", importAs<readSoftmax>, {"axis"}},
  };
  return table;
}

ArrayRef<LayerClass> sepconv::keras::activationOperations() {
  static const LayerClass table[] = {
      {"Celu", importCelu, {"alpha"}},
      {"Elu", importAs<readELU>, {"alpha"}},
      {"Gelu", importAs<readGelu>, {"approximate"}},
      {"Glu", importGlu, {"axis"}},
      {"HardShrink", importShrink<false>, {"threshold"}},
      {"HardSigmoid", importAs<readClassName>, {}},
      {"HardSilu", importAs<readClassName>, {}},
      {"HardTanh", importAs<readClassName>, {}},
      {"LeakyRelu", importAs<readLeakyReLU>, {"negative_slope"}},
      {"LogSigmoid", importAs<readClassName>, {}},
      {"Relu", importAs<readClassName>, {}},
      {"Relu6", importAs<readClassName>, {}},
      {"Selu", importAs<readClassName>, {}},
      {"Sigmoid", importAs<readClassName>, {}},
      {"Silu", importAs<readClassName>, {}},
      {"SoftShrink", importShrink<true>, {"threshold"}},
      {"Softmax", importAs<readSoftmax>, {"axis"}},
      {"Softplus", importAs<readClassName>, {}},
      {"Softsign", importAs<readClassName>, {}},
      {"SparseSigmoid", importAs<readClassName>, {}},
      {"Squareplus", importSquareplus, {"b"}},
      {"Tanh", importAs<readClassName>, {}},
      {"TanhShrink", importAs<readClassName>, {}},
      {"Threshold", importThreshold, {"threshold", "default_value"}},
  };
  return table;
}
