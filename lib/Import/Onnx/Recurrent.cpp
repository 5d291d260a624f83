//===- Recurrent.cpp - LSTM, GRU and RNN -----------------------------------------===//

#include "../Operations/Recurrent.h"
#include "../Operations/Activations.h"
#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"
#include "../Operations/Shaping.h"
#include "Node.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

using Kind = ops::Recurrence::Kind;

namespace {

class RecurrentNode {
public:
  RecurrentNode(NodeContext &node, Kind kind) : node(node), kind(kind) {}

  Results import();

private:
  bool read();
  bool checkLengths(int64_t batch, int64_t steps);
  bool checkShapes();
  ops::Recurrence::Function functionOf(size_t direction, size_t index);
  ops::Recurrence recurrenceOf(int64_t direction);
  /// The part of an input, [directions, ...], that is a direction's.
  Value part(size_t index, int64_t direction);
  /// The rows of a matrix or the elements of a vector in the order of ops::Recurrence.
  Value ordered(Value gates);

  NodeContext &node;
  const Kind kind;
  int64_t gates() const { return ops::Recurrence::gatesOf(kind); }
  int64_t hidden = 0, directions = 1;
  bool isReverse = false, isBatchFirst = false, resetsProduct = false;
};

} // namespace

bool RecurrentNode::read() {
  hidden = node.rank(2) == 3 ? node.shape(2)[2] : 0;
  StringRef direction = node.choice("direction", {"forward", "reverse", "bidirectional"});
  directions = direction == "bidirectional" ? 2 : 1;
  isReverse = direction == "reverse";
  isBatchFirst = node.integer("layout", 0);
  if (node.has("clip"))
    node.unsupported("clip", "none");
  if (kind == Kind::Lstm && node.integer("input_forget", 0) != 0)
    node.unsupported("input_forget", "0");
  if (kind == Kind::Gru)
    resetsProduct = node.integer("linear_before_reset", 0);
  for (StringRef name : {"activation_alpha", "activation_beta"})
    if (node.has(name))
      node.unsupported(name, "none");
  return !node.failed() && checkShapes();
}

bool RecurrentNode::checkShapes() {
  auto check = [&](size_t index, StringRef name, ArrayRef<int64_t> expected) {
    if (!node.input(index) || node.shape(index) == expected)
      return true;
    node.error(name) << "expected shape " << shown(expected) << ", found shape "
                     << shown(node.shape(index));
    return false;
  };
  if (node.rank() != 3 || hidden < 1) {
    node.error() << "expected an input of rank 3 and weights of such, found shape "
                 << shown(node.shape());
    return false;
  }
  int64_t batch = node.shape()[isBatchFirst ? 0 : 1], rows = gates() * hidden;
  SmallVector<int64_t> state{directions, batch, hidden};
  if (isBatchFirst)
    std::swap(state[0], state[1]);
  return check(1, "W", {directions, rows, node.shape()[2]}) &&
         check(2, "R", {directions, rows, hidden}) && check(3, "B", {directions, 2 * rows}) &&
         check(5, "initial_h", state) && (kind != Kind::Lstm || check(6, "initial_c", state)) &&
         (kind != Kind::Lstm || check(7, "P", {directions, 3 * hidden})) &&
         checkLengths(batch, node.shape()[isBatchFirst ? 1 : 0]);
}

/// Where sequences are shorter than the longest, states would have to stand still.
bool RecurrentNode::checkLengths(int64_t batch, int64_t steps) {
  if (!node.input(4))
    return true;
  auto lengths = ops::constantIntegers(node.input(4));
  if (lengths && llvm::all_of(*lengths, [&](int64_t length) { return length == steps; }))
    return true;
  node.error("sequence_lens") << "expected the length of all sequences, " << steps
                              << ", known when the model is compiled";
  return false;
}

/// Of each direction: those of the gates, of the new numbers and of the output.
ops::Recurrence::Function RecurrentNode::functionOf(size_t direction, size_t index) {
  static constexpr std::pair<StringLiteral, ActivationKind> kinds[] = {
      {"relu", ActivationKind::Relu},
      {"sigmoid", ActivationKind::Sigmoid},
      {"softplus", ActivationKind::Softplus},
      {"softsign", ActivationKind::Softsign},
      {"tanh", ActivationKind::Tanh}};
  size_t perDirection = kind == Kind::Lstm ? 3 : kind == Kind::Gru ? 2 : 1;
  std::string name = kind != Kind::Simple && index == 0 ? "sigmoid" : "tanh";
  if (const onnxproto::AttributeProto *names = node.attribute("activations")) {
    int64_t at = direction * perDirection + std::min(index, perDirection - 1);
    name = at < names->strings_size() ? StringRef(names->strings(at)).lower() : "";
  }
  auto found = llvm::find_if(kinds, [&](auto &entry) { return entry.first == name; });
  if (found == std::end(kinds)) {
    node.unsupported("activations", "Relu, Sigmoid, Softplus, Softsign and Tanh");
    return {};
  }
  auto function = ActivationAttr::get(node.builder.getContext(), found->second);
  return [function](ops::TensorBuilder &b, Value value) {
    return value ? ops::activate(b, value, function) : value;
  };
}

Value RecurrentNode::part(size_t index, int64_t direction) {
  Value value = node.input(index);
  return value ? ops::squeeze(node, ops::slice(node, value, 0, direction, 1), 0) : Value();
}

Value RecurrentNode::ordered(Value value) {
  if (!value || kind != Kind::Lstm)
    return value;
  SmallVector<Value> parts; // from input, output, forget, new
  for (int64_t gate : {0, 2, 3, 1})
    parts.push_back(ops::slice(node, value, 0, gate * hidden, hidden));
  return ops::concatenate(node, parts, 0);
}

ops::Recurrence RecurrentNode::recurrenceOf(int64_t direction) {
  ops::Recurrence recurrence;
  recurrence.kind = kind;
  recurrence.resetsProduct = resetsProduct;
  recurrence.input = ops::transpose(node, ordered(part(1, direction)), {1, 0});
  recurrence.recurrent = ops::transpose(node, ordered(part(2, direction)), {1, 0});
  if (Value both = part(3, direction)) {
    int64_t rows = gates() * hidden;
    recurrence.inputBias = ordered(ops::slice(node, both, 0, 0, rows));
    recurrence.recurrentBias = ordered(ops::slice(node, both, 0, rows, rows));
  }
  if (Value peepholes = kind == Kind::Lstm ? part(7, direction) : Value())
    for (auto [place, from] : {std::pair(0, 0), {1, 2}, {2, 1}}) // of input, output, forget
      recurrence.peepholes[place] = ops::slice(node, peepholes, 0, from * hidden, hidden);
  recurrence.gate = functionOf(direction, 0);
  recurrence.fresh = functionOf(direction, kind == Kind::Simple ? 0 : 1);
  recurrence.output = functionOf(direction, 2);
  return recurrence;
}

Results RecurrentNode::import() {
  if (!read())
    return Value();
  Value sequence = isBatchFirst ? node.input() : ops::transpose(node, node.input(), {1, 0, 2});
  auto state = [&](size_t index, int64_t direction) -> Value {
    Value value = node.input(index);
    int64_t dim = isBatchFirst ? 1 : 0;
    return value ? ops::squeeze(node, ops::slice(node, value, dim, direction, 1), dim) : Value();
  };
  SmallVector<Value> sequences, lasts, cells;
  for (int64_t direction = 0; direction < directions; ++direction) {
    ops::Recurrence recurrence = recurrenceOf(direction);
    if (node.failed())
      return Value();
    bool isLstm = kind == Kind::Lstm;
    auto result =
        ops::recurrent(node, recurrence, sequence, state(5, direction),
                       isLstm ? state(6, direction) : Value(), isReverse || direction == 1);
    if (!result.sequence)
      return Value();
    sequences.push_back(ops::expandDims(node, result.sequence, 2)); // [batch, steps, 1, hidden]
    int64_t dim = isBatchFirst ? 1 : 0;
    lasts.push_back(ops::expandDims(node, result.hidden, dim));
    if (isLstm)
      cells.push_back(ops::expandDims(node, result.cell, dim));
  }
  Value whole = ops::concatenate(node, sequences, 2);
  int64_t dim = isBatchFirst ? 1 : 0;
  Results results = isBatchFirst ? whole : ops::transpose(node, whole, {1, 2, 0, 3});
  results.push_back(ops::concatenate(node, lasts, dim));
  if (!cells.empty())
    results.push_back(ops::concatenate(node, cells, dim));
  return results;
}

template <Kind kind> static Results importRecurrent(NodeContext &node) {
  return RecurrentNode(node, kind).import();
}

ArrayRef<Operator> sepconv::onnx::recurrentOperators() {
  static const std::vector<StringRef> common{
      "activation_alpha", "activation_beta", "activations", "clip",
      "direction",        "hidden_size",     "layout",      "output_sequence"};
  auto with = [](StringRef name) {
    std::vector<StringRef> names(common);
    names.push_back(name);
    return names;
  };
  static const Operator table[] = {
      {"GRU", 7, newest, importRecurrent<Kind::Gru>, with("linear_before_reset"), 3, 6},
      {"LSTM", 7, newest, importRecurrent<Kind::Lstm>, with("input_forget"), 3, 8},
      {"RNN", 7, newest, importRecurrent<Kind::Simple>, common, 3, 6},
  };
  return table;
}
