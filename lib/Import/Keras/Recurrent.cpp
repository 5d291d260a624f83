//===- Recurrent.cpp - LSTM, GRU, SimpleRNN and Bidirectional ---------------------===//

#include "../Operations/Recurrent.h"
#include "../Operations/Activations.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using Kind = ops::Recurrence::Kind;

namespace {

/// A recurrent layer: its arguments, and where its variables are.
class RecurrentLayer {
public:
  RecurrentLayer(LayerContext &layer, Kind kind);

  /// The results of a call: the sequence or the last step, then the states if they are wanted. The
  /// variables are those of a cell, whose place and first index these are.
  ops::RecurrentResult run(const Twine &place, int64_t first, bool isReverse, Value hidden,
                           Value cell);
  int64_t gates() const { return ops::Recurrence::gatesOf(kind); }
  int64_t variables() const { return 2 + useBias; }

  LayerContext &layer;
  const Kind kind;
  int64_t units;
  bool useBias, wantsSequence, wantsState, isBackward, resetsProduct = true;

private:
  ops::Recurrence::Function functionOf(const Activation &activation);

  Activation fresh, gate;
  VariableArguments kernel, recurrent, bias;
};

} // namespace

RecurrentLayer::RecurrentLayer(LayerContext &layer, Kind kind)
    : layer(layer), kind(kind), units(layer.integer("units", 1)),
      useBias(layer.boolean("use_bias", true)),
      wantsSequence(layer.boolean("return_sequences", false)),
      wantsState(layer.boolean("return_state", false)),
      isBackward(layer.boolean("go_backwards", false)), fresh(layer.activation("activation")),
      kernel(layer.variable("kernel", "glorot_uniform")),
      recurrent(layer.variable("recurrent", "orthogonal")), bias(layer.variable("bias", "zeros")) {
  if (kind != Kind::Simple)
    gate = layer.activation("recurrent_activation");
  if (kind == Kind::Gru)
    resetsProduct = layer.boolean("reset_after", !layer.keras2);
  for (StringRef name : {"stateful", "time_major"})
    if (layer.boolean(name, false))
      layer.unsupported(name, "false");
}

ops::Recurrence::Function RecurrentLayer::functionOf(const Activation &activation) {
  return [this, activation](ops::TensorBuilder &b, Value value) {
    return value ? layer.activate(ops::activate(b, value, activation.fused()), activation) : value;
  };
}

ops::RecurrentResult RecurrentLayer::run(const Twine &place, int64_t first, bool isReverse,
                                         Value hidden, Value cell) {
  Layer part;
  part.name = layer.layer.name;
  part.path = layer.layer.path;
  part.className = layer.layer.className;
  part.config = layer.layer.config;
  part.weights = layer.layer.weights + place.str();
  LayerContext inner(layer, part);
  inner.skipWeights(layer.areWeightsByName() ? first : 0);
  int64_t columns = gates() * units, features = layer.shape().back();
  ops::Recurrence recurrence;
  recurrence.kind = kind;
  recurrence.input = inner.weight("kernel", {features, columns}, kernel);
  recurrence.recurrent = inner.weight("recurrent_kernel", {units, columns}, recurrent);
  bool hasTwo = kind == Kind::Gru && resetsProduct;
  SmallVector<int64_t> biasShape{columns};
  if (hasTwo)
    biasShape.insert(biasShape.begin(), 2);
  Value both = useBias ? inner.weight("bias", biasShape, bias) : Value();
  if (!inner.ready())
    layer.markWrong();
  if (!layer.ready())
    return {};
  recurrence.inputBias = both;
  if (both && hasTwo) {
    auto row = [&](int64_t i) { return ops::squeeze(layer, ops::slice(layer, both, 0, i, 1), 0); };
    recurrence.inputBias = row(0);
    recurrence.recurrentBias = row(1);
  }
  recurrence.gate = functionOf(gate);
  recurrence.fresh = recurrence.output = functionOf(fresh);
  recurrence.resetsProduct = resetsProduct;
  return ops::recurrent(layer, recurrence, layer.input(), hidden, cell, isReverse);
}

/// Whether the states of a call have the shape that a layer's have.
static bool checkStates(LayerContext &layer, int64_t units) {
  for (Value state : layer.getInputs().drop_front())
    if (ops::shapeOf(state) != ArrayRef<int64_t>{layer.shape().front(), units}) {
      layer.error() << "expected a state of shape " << shown({layer.shape().front(), units})
                    << ", found " << shown(ops::shapeOf(state));
      return false;
    }
  return true;
}

template <Kind kind> static Results importRecurrent(LayerContext &layer) {
  RecurrentLayer recurrent(layer, kind);
  if (!layer.ready() || !layer.hasRank(3) || !checkStates(layer, recurrent.units))
    return Value();
  size_t count = layer.getInputs().size();
  Value hidden = count > 1 ? layer.input(1) : Value(), cell = count > 2 ? layer.input(2) : Value();
  layer.skipWeights(recurrent.variables());
  auto result = recurrent.run("/cell", 0, recurrent.isBackward, hidden, cell);
  if (!result.sequence)
    return Value();
  // What goes backwards gives its steps in the order in which it made them.
  if (recurrent.isBackward)
    result.sequence = ops::reverse(layer, result.sequence, 1);
  Results results = recurrent.wantsSequence ? result.sequence : result.hidden;
  if (recurrent.wantsState)
    results.push_back(result.hidden);
  if (recurrent.wantsState && kind == Kind::Lstm)
    results.push_back(result.cell);
  return results;
}

//===----------------------------------------------------------------------===//
// Bidirectional
//===----------------------------------------------------------------------===//

/// The layer of an argument, as one with the inputs of the call.
static std::optional<Layer> layerOf(LayerContext &layer, StringRef name) {
  const json::Value *value = layer.argument(name);
  const json::Object *entry = value ? value->getAsObject() : nullptr;
  const json::Object *config = entry ? entry->getObject("config") : nullptr;
  StringRef className = entry ? entry->getString("class_name").value_or("") : "";
  if (!config || !llvm::is_contained({"GRU", "LSTM", "SimpleRNN"}, className)) {
    layer.unsupported(name, "a GRU, an LSTM or a SimpleRNN");
    return std::nullopt;
  }
  Layer part;
  part.name = layer.layer.name;
  part.path = layer.layer.path;
  part.className = className.str();
  part.config = config;
  part.weights = layer.layer.weights;
  return part;
}

static Value merge(LayerContext &layer, StringRef mode, Value forward, Value backward) {
  if (mode == "concat")
    return ops::concatenate(layer, {forward, backward}, ops::rankOf(forward) - 1);
  if (mode == "ave")
    return ops::average(layer, {forward, backward}, /*keepBatch=*/false);
  return ops::apply(layer, mode == "sum" ? "add" : "multiply", {forward, backward});
}

static Results importBidirectional(LayerContext &layer) {
  StringRef mode = layer.argument("merge_mode")
                       ? layer.choice("merge_mode", {"concat", "sum", "mul", "ave"}, "concat")
                       : StringRef();
  if (!layer.ready() || !layer.hasRank(3))
    return Value();
  bool hasOwn = layer.argument("backward_layer");
  std::optional<Layer> first = layerOf(layer, "layer");
  std::optional<Layer> second = hasOwn ? layerOf(layer, "backward_layer") : std::nullopt;
  ops::RecurrentResult results[2];
  bool wantsSequence = false;
  int64_t variables = 0;
  for (size_t i : {0, 1}) {
    const std::optional<Layer> &part = i == 1 && hasOwn ? second : first;
    if (!part)
      return Value();
    LayerContext inner(layer, *part, layer.getInputs());
    Kind kind = part->className == "LSTM"  ? Kind::Lstm
                : part->className == "GRU" ? Kind::Gru
                                           : Kind::Simple;
    RecurrentLayer recurrent(inner, kind);
    if (recurrent.wantsState || layer.getInputs().size() > 1)
      layer.unsupported("layer", "one without states that go in or out");
    if (inner.isWrong())
      layer.markWrong();
    if (!layer.ready())
      return Value();
    // Without one of its own, the second layer is the first in the other direction.
    bool isReverse = recurrent.isBackward != (i == 1 && !hasOwn);
    results[i] = recurrent.run(i ? "/backward_layer/cell" : "/forward_layer/cell", variables,
                               isReverse, {}, {});
    if (inner.isWrong())
      layer.markWrong();
    if (!results[i].sequence)
      return Value();
    // In the order in which it was made, and that of the second layer turned round.
    if (isReverse != (i == 1))
      results[i].sequence = ops::reverse(layer, results[i].sequence, 1);
    variables += recurrent.variables();
    wantsSequence = recurrent.wantsSequence;
  }
  layer.skipWeights(variables);
  auto outputOf = [&](const ops::RecurrentResult &result) {
    return wantsSequence ? result.sequence : result.hidden;
  };
  Value forward = outputOf(results[0]), backward = outputOf(results[1]);
  if (mode.empty())
    return ArrayRef<Value>{forward, backward};
  return merge(layer, mode, forward, backward);
}

ArrayRef<LayerClass> sepconv::keras::recurrentLayers() {
  static const std::vector<StringRef> simple{
      "units",        "activation",        "use_bias",
      "dropout",      "recurrent_dropout", "return_sequences",
      "return_state", "go_backwards",      "stateful",
      "unroll",       "time_major",        "zero_output_for_mask"};
  static const std::vector<StringRef> gated = [] {
    std::vector<StringRef> names(simple);
    for (StringRef name :
         {"recurrent_activation", "implementation", "unit_forget_bias", "use_cudnn", "reset_after"})
      names.push_back(name);
    return names;
  }();
  static const LayerClass table[] = {
      {"Bidirectional", importBidirectional, {"layer", "backward_layer", "merge_mode"}, 1, 5},
      {"GRU", importRecurrent<Kind::Gru>, gated, 1, 2},
      {"LSTM", importRecurrent<Kind::Lstm>, gated, 1, 3},
      {"SimpleRNN", importRecurrent<Kind::Simple>, simple, 1, 2},
  };
  return table;
}
