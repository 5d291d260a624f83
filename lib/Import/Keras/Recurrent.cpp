//===- Recurrent.cpp - layers of one cell or several, RNN and Bidirectional ---------===//

#include "Recurrent.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Shaping.h"
#include "../VariableClasses.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

namespace {

/// A recurrent layer: its own arguments and its cells, each of which reads the sequence that the
/// one before it makes.
class RecurrentLayer {
public:
  /// `context` has the arguments of the layer, whose variables are at `place` below those of
  /// `outer`.
  RecurrentLayer(LayerContext &outer, LayerContext &context, const Twine &place);

  /// What all steps make, then the states after the last one of each cell.
  std::optional<SmallVector<Value>> run(Value sequence, int64_t first, bool isReverse,
                                        ArrayRef<Value> given);
  int64_t variables() const;
  size_t states() const;
  bool checkRank(LayerContext &layer) const { return layer.hasRank(3 + cells.front()->images()); }

  bool wantsSequence, wantsState, isBackward;
  bool isWrong = false;

private:
  void addCell(LayerContext &outer, LayerContext &context, const json::Object *entry,
               const Twine &place);
  void addCells(LayerContext &outer, LayerContext &context, const Twine &place);

  std::vector<std::unique_ptr<RecurrentCell>> cells;
};

} // namespace

RecurrentLayer::RecurrentLayer(LayerContext &outer, LayerContext &context, const Twine &place)
    : wantsSequence(context.boolean("return_sequences", false)),
      wantsState(context.boolean("return_state", false)),
      isBackward(context.boolean("go_backwards", false)) {
  for (StringRef name : {"stateful", "time_major"})
    if (context.boolean(name, false))
      context.unsupported(name, "false");
  if (context.layer.className == "RNN")
    addCells(outer, context, place + "/cell");
  else
    cells.push_back(std::make_unique<RecurrentCell>(outer, context.layer.className,
                                                    *context.layer.config, place + "/cell"));
  isWrong = context.isWrong() || cells.empty() ||
            llvm::any_of(cells, [](auto &cell) { return cell->isWrong(); });
}

void RecurrentLayer::addCell(LayerContext &outer, LayerContext &context, const json::Object *entry,
                             const Twine &place) {
  const json::Object *config = entry ? entry->getObject("config") : nullptr;
  StringRef className = entry ? entry->getString("class_name").value_or("") : "";
  if (!config || !RecurrentCell::isCell(className))
    return context.unsupported("cell", "a GRUCell, an LSTMCell, a SimpleRNNCell or "
                                       "StackedRNNCells of these");
  cells.push_back(std::make_unique<RecurrentCell>(outer, className, *config, place));
}

/// One cell, or a list of them, of which each class counts its own in the names of the variables.
void RecurrentLayer::addCells(LayerContext &outer, LayerContext &context, const Twine &place) {
  const json::Value *value = context.argument("cell");
  const json::Object *entry = value ? value->getAsObject() : nullptr;
  const json::Object *config = entry ? entry->getObject("config") : nullptr;
  if (!config || entry->getString("class_name") != StringRef("StackedRNNCells"))
    return addCell(outer, context, entry, place);
  const json::Array *list = config->getArray("cells");
  if (!list || list->empty())
    return addCell(outer, context, nullptr, place);
  StringMap<unsigned> counts;
  for (const json::Value &cell : *list) {
    const json::Object *object = cell.getAsObject();
    std::string name =
        toSnakeCase(object ? object->getString("class_name").value_or("") : StringRef());
    unsigned count = counts[name]++;
    addCell(outer, context, object,
            place + "/cells/" + name + (count ? "_" + std::to_string(count) : std::string()));
  }
}

int64_t RecurrentLayer::variables() const {
  int64_t count = 0;
  for (auto &cell : cells)
    count += cell->variables();
  return count;
}

size_t RecurrentLayer::states() const {
  size_t count = 0;
  for (auto &cell : cells)
    count += cell->states();
  return count;
}

std::optional<SmallVector<Value>> RecurrentLayer::run(Value sequence, int64_t first, bool isReverse,
                                                      ArrayRef<Value> given) {
  SmallVector<Value> states;
  for (auto &cell : cells) {
    ArrayRef<Value> own = given.take_front(cell->states());
    given = given.drop_front(own.size());
    ops::RecurrentResult result = cell->run(sequence, first, isReverse, own);
    if (!result.sequence)
      return std::nullopt;
    first += cell->variables();
    sequence = result.sequence;
    states.push_back(result.hidden);
    if (cell->states() == 2)
      states.push_back(result.cell);
    if (cell == cells.back() && !wantsSequence)
      sequence = result.hidden;
  }
  states.insert(states.begin(), sequence);
  return states;
}

/// Reports states that are not as many as the layers have.
static bool checkStateCount(LayerContext &layer, size_t count) {
  size_t given = layer.getInputs().size() - 1;
  if (!given || given == count)
    return true;
  layer.error() << "expected the " << count << " states of its cells or none, found " << given;
  return false;
}

static Results importRecurrent(LayerContext &layer) {
  RecurrentLayer recurrent(layer, layer, "");
  if (recurrent.isWrong)
    layer.markWrong();
  if (!layer.ready() || !recurrent.checkRank(layer) || !checkStateCount(layer, recurrent.states()))
    return Value();
  layer.skipWeights(recurrent.variables());
  auto results =
      recurrent.run(layer.input(), 0, recurrent.isBackward, layer.getInputs().drop_front());
  if (!results)
    return Value();
  // What goes backwards gives its steps in the order in which it made them.
  if (recurrent.isBackward && recurrent.wantsSequence)
    results->front() = ops::reverse(layer, results->front(), 1);
  return ArrayRef(*results).take_front(recurrent.wantsState ? results->size() : 1);
}

//===----------------------------------------------------------------------===//
// Bidirectional
//===----------------------------------------------------------------------===//

/// The layer of an argument.
static std::optional<Layer> layerOf(LayerContext &layer, StringRef name) {
  const json::Value *value = layer.argument(name);
  const json::Object *entry = value ? value->getAsObject() : nullptr;
  const json::Object *config = entry ? entry->getObject("config") : nullptr;
  StringRef className = entry ? entry->getString("class_name").value_or("") : "";
  if (!config || (className != "RNN" && !RecurrentCell::isLayer(className))) {
    layer.unsupported(name, "a ConvLSTM, a GRU, an LSTM, an RNN or a SimpleRNN");
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
  bool hasOwn = layer.argument("backward_layer");
  std::optional<Layer> parts[2];
  for (size_t i : {0, 1})
    if (layer.ready())
      parts[i] = layerOf(layer, hasOwn && i == 1 ? "backward_layer" : "layer");
  if (!layer.ready())
    return Value();
  LayerContext contexts[] = {{layer, *parts[0]}, {layer, *parts[1]}};
  RecurrentLayer layers[] = {{layer, contexts[0], "/forward_layer"},
                             {layer, contexts[1], "/backward_layer"}};
  if (layers[0].isWrong || layers[1].isWrong)
    layer.markWrong();
  size_t states[] = {layers[0].states(), layers[1].states()};
  if (!layer.ready() || !layers[0].checkRank(layer) ||
      !checkStateCount(layer, states[0] + states[1]))
    return Value();
  SmallVector<Value> outputs, after;
  int64_t variables = 0;
  ArrayRef<Value> given = layer.getInputs().drop_front();
  for (size_t i : {0, 1}) {
    // Without one of its own, the second layer is the first in the other direction.
    bool isReverse = layers[i].isBackward != (i == 1 && !hasOwn);
    ArrayRef<Value> own = given.empty() ? given : given.slice(i * states[0], states[i]);
    auto results = layers[i].run(layer.input(), variables, isReverse, own);
    if (!results)
      return Value();
    // In the order in which it was made, and that of the second layer turned round.
    if (layers[i].wantsSequence && isReverse != (i == 1))
      results->front() = ops::reverse(layer, results->front(), 1);
    variables += layers[i].variables();
    outputs.push_back(results->front());
    after.append(results->begin() + 1, results->end());
  }
  layer.skipWeights(variables);
  if (!mode.empty())
    outputs = {merge(layer, mode, outputs[0], outputs[1])};
  if (layers[0].wantsState)
    outputs.append(after);
  return ArrayRef<Value>(outputs);
}

ArrayRef<LayerClass> sepconv::keras::recurrentLayers() {
  using Names = std::vector<StringRef>;
  auto plus = [](Names names, const Names &more) {
    names.insert(names.end(), more.begin(), more.end());
    return names;
  };
  static const Names sequence{"return_sequences", "return_state", "go_backwards",        "stateful",
                              "unroll",           "time_major",   "zero_output_for_mask"};
  static const Names simple =
      plus(sequence, {"units", "activation", "use_bias", "dropout", "recurrent_dropout"});
  static const Names gated = plus(simple, {"recurrent_activation", "implementation",
                                           "unit_forget_bias", "use_cudnn", "reset_after"});
  static const Names convolved =
      plus(gated, {"filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate"});
  static const LayerClass table[] = {
      {"Bidirectional", importBidirectional, {"layer", "backward_layer", "merge_mode"}, 1, 33},
      {"ConvLSTM1D", importRecurrent, convolved, 1, 3},
      {"ConvLSTM2D", importRecurrent, convolved, 1, 3},
      {"ConvLSTM3D", importRecurrent, convolved, 1, 3},
      {"GRU", importRecurrent, gated, 1, 2},
      {"LSTM", importRecurrent, gated, 1, 3},
      {"RNN", importRecurrent, plus(sequence, {"cell"}), 1, 17},
      {"SimpleRNN", importRecurrent, simple, 1, 2},
  };
  return table;
}
