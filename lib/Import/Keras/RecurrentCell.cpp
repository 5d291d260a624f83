//===- RecurrentCell.cpp - LSTM, GRU, SimpleRNN and ConvLSTM, step by step --------===//

#include "../Operations/Activations.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Shaping.h"
#include "Recurrent.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using Kind = ops::Recurrence::Kind;

namespace {
struct CellClass {
  StringLiteral layer, cell;
  Kind kind;
  size_t rank;
};
} // namespace

/// The cells of convolutional layers are no classes of their own in Keras.
static constexpr CellClass cellClasses[] = {
    {"GRU", "GRUCell", Kind::Gru, 0},
    {"LSTM", "LSTMCell", Kind::Lstm, 0},
    {"SimpleRNN", "SimpleRNNCell", Kind::Simple, 0},
    {"ConvLSTM1D", "", Kind::Lstm, 1},
    {"ConvLSTM2D", "", Kind::Lstm, 2},
    {"ConvLSTM3D", "", Kind::Lstm, 3},
};

bool RecurrentCell::isCell(StringRef className) {
  return !className.empty() &&
         is_contained(map_range(cellClasses, [](auto &c) { return c.cell; }), className);
}

bool RecurrentCell::isLayer(StringRef className) {
  return is_contained(map_range(cellClasses, [](auto &c) { return c.layer; }), className);
}

static Layer partOf(const Layer &outer, StringRef className, const json::Object &config,
                    const Twine &place) {
  Layer part;
  part.name = outer.name;
  part.path = outer.path;
  part.className = className.str();
  part.config = &config;
  part.weights = outer.weights + place.str();
  return part;
}

RecurrentCell::RecurrentCell(LayerContext &outer, StringRef className, const json::Object &config,
                             const Twine &place)
    : part(partOf(outer.layer, className, config, place)), layer(outer, part) {
  const CellClass *found = llvm::find_if(cellClasses, [&](const CellClass &entry) {
    return entry.layer == className || entry.cell == className;
  });
  kind = found->kind;
  rank = found->rank;
  if (rank)
    window = readWindow(layer, rank, "kernel_size");
  units = layer.integer(rank ? "filters" : "units", 1);
  useBias = layer.boolean("use_bias", true);
  fresh = layer.activation("activation");
  kernel = layer.variable("kernel", "glorot_uniform");
  recurrent = layer.variable("recurrent", "orthogonal");
  bias = layer.variable("bias", "zeros");
  if (kind != Kind::Simple)
    gate = layer.activation("recurrent_activation");
  if (kind == Kind::Gru)
    resetsProduct = layer.boolean("reset_after", !layer.keras2);
}

ops::Recurrence::Function RecurrentCell::functionOf(const Activation &activation) {
  return [this, activation](ops::TensorBuilder &b, Value value) {
    return value ? layer.activate(ops::activate(b, value, activation.fused()), activation) : value;
  };
}

void RecurrentCell::setMatrices(ops::Recurrence &recurrence, int64_t features) {
  int64_t columns = ops::Recurrence::gatesOf(kind) * units;
  recurrence.input = layer.weight("kernel", {features, columns}, kernel);
  recurrence.recurrent = layer.weight("recurrent_kernel", {units, columns}, recurrent);
  bool hasTwo = kind == Kind::Gru && resetsProduct;
  SmallVector<int64_t> shape{columns};
  if (hasTwo)
    shape.insert(shape.begin(), 2);
  Value both = useBias ? layer.weight("bias", shape, bias) : Value();
  recurrence.inputBias = both;
  if (both && hasTwo) {
    auto row = [&](int64_t i) { return ops::squeeze(layer, ops::slice(layer, both, 0, i, 1), 0); };
    recurrence.inputBias = row(0);
    recurrence.recurrentBias = row(1);
  }
}

/// The state keeps its size: its convolution has neither strides nor dilations.
void RecurrentCell::setConvolutions(ops::Recurrence &recurrence, ArrayRef<int64_t> step) {
  int64_t columns = 4 * units, channel = window.channelDim();
  SmallVector<int64_t> shape(window.size.begin(), window.size.end());
  shape.append({step[channel], columns});
  Value filter = layer.weight("kernel", shape, kernel);
  shape[rank] = units;
  Value own = layer.weight("recurrent_kernel", shape, recurrent);
  Value added = useBias ? layer.weight("bias", {columns}, bias) : Value();
  ops::Window same = window;
  same.strides.assign(rank, 1);
  same.dilations.assign(rank, 1);
  same.padding = ops::Window::Same;
  recurrence.gateDim = channel;
  recurrence.convolveInput = [=](ops::TensorBuilder &b, Value value) {
    return ops::convolution(b, window, value, filter, added, 1);
  };
  recurrence.convolveState = [=](ops::TensorBuilder &b, Value value) {
    return ops::convolution(b, same, value, own, {}, 1);
  };
}

/// Whether the states of a call have the shape that the cell's have.
bool RecurrentCell::checkStates(Value sequence, ArrayRef<Value> states) {
  SmallVector<int64_t> shape(ops::shapeOf(sequence));
  shape.erase(shape.begin() + 1);
  shape[rank ? window.channelDim() : 1] = units;
  for (size_t i = 0; i < rank && !states.empty(); ++i) {
    int64_t &size = shape[window.firstDim() + i];
    auto extent = ops::place(layer, window, i, size);
    if (!extent)
      return false;
    size = extent->output;
  }
  for (Value state : states)
    if (ops::shapeOf(state) != ArrayRef(shape)) {
      layer.error() << "expected a state of shape " << shown(shape) << ", found "
                    << shown(ops::shapeOf(state));
      return false;
    }
  return true;
}

ops::RecurrentResult RecurrentCell::run(Value sequence, int64_t first, bool isReverse,
                                        ArrayRef<Value> states) {
  if (!layer.ready() || !checkStates(sequence, states))
    return {};
  layer.skipWeights(layer.areWeightsByName() ? first : 0);
  ops::Recurrence recurrence;
  recurrence.kind = kind;
  SmallVector<int64_t> step(ops::shapeOf(sequence));
  step.erase(step.begin() + 1);
  if (rank)
    setConvolutions(recurrence, step);
  else
    setMatrices(recurrence, step.back());
  if (!layer.ready())
    return {};
  recurrence.gate = functionOf(gate);
  recurrence.fresh = recurrence.output = functionOf(fresh);
  recurrence.resetsProduct = resetsProduct;
  auto state = [&](size_t i) { return i < states.size() ? states[i] : Value(); };
  return ops::recurrent(layer, recurrence, sequence, state(0), state(1), isReverse);
}
