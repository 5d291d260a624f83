//===- Control.cpp - graphs in nodes -----------------------------------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"
#include "../Operations/Shaping.h"
#include "Node.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

/// A condition that is a constant chooses a graph; with another one both are computed.
static Results importIf(NodeContext &node) {
  auto condition = ops::constantNumbers(node.input());
  if (condition && condition->size() == 1)
    return node.subgraph(condition->front() != 0 ? "then_branch" : "else_branch", {});
  Results yes = node.subgraph("then_branch", {}), no = node.subgraph("else_branch", {});
  Results results;
  for (auto [x, y] : llvm::zip(yes, no)) {
    if (x && y && ops::shapeOf(x) != ops::shapeOf(y)) {
      node.error() << "expected graphs with outputs of the same shapes, or a condition that is "
                      "known when the model is compiled, found "
                   << shown(ops::shapeOf(x)) << " and " << shown(ops::shapeOf(y));
      return {};
    }
    Value condition = ops::reshape(node, node.input(), {});
    results.push_back(ops::select(node, condition, x, y));
    if (results.back())
      node.setDataType(results.back(), node.dataType(x));
  }
  return results;
}

static constexpr int64_t maxSteps = 1 << 12;

/// A list with a number for each of `count` tensors, 0 where there is none.
static SmallVector<int64_t> numberOfEach(NodeContext &node, StringRef name, size_t count) {
  auto list = node.integers(name).value_or(SmallVector<int64_t>(count, 0));
  if (list.size() == count)
    return list;
  node.unsupported(name, Twine(count) + " integers");
  return SmallVector<int64_t>(count, 0);
}

namespace {

/// The inputs and outputs of a Scan: first the state, then what has a part for each step.
class ScanReader {
public:
  explicit ScanReader(NodeContext &node) : node(node) {}

  /// False after reporting.
  bool read();
  SmallVector<Value> argumentsOf(int64_t step, ArrayRef<Value> state);
  /// The parts of output `i` along its axis; null after reporting.
  Value join(size_t i, SmallVector<Value> parts);

  size_t carried = 0, made = 0;
  int64_t steps = 0;

private:
  NodeContext &node;
  SmallVector<int64_t> dims, directions, resultAxes, resultDirections;
};

} // namespace

bool ScanReader::read() {
  int64_t scanned = node.integer("num_scan_inputs"), inputs = node.inputCount();
  if (node.failed() || scanned < 1 || scanned > inputs) {
    node.unsupported("num_scan_inputs", "an integer from 1 to " + Twine(inputs));
    return false;
  }
  carried = inputs - scanned;
  made = node.outputCount() - std::min(node.outputCount(), carried);
  SmallVector<int64_t> axes = numberOfEach(node, "scan_input_axes", scanned);
  directions = numberOfEach(node, "scan_input_directions", scanned);
  resultAxes = numberOfEach(node, "scan_output_axes", made);
  resultDirections = numberOfEach(node, "scan_output_directions", made);
  for (int64_t i = 0; i < scanned && !node.failed(); ++i) {
    auto dim = node.dimension(node.input(carried + i), "scan_input_axes", axes[i]);
    if (!dim)
      return false;
    dims.push_back(*dim);
    int64_t count = node.shape(carried + i)[*dim];
    steps = i == 0 ? count : steps;
    if (count != steps || count < 1 || count > maxSteps)
      node.error() << "expected the same number of steps of all inputs, from 1 to " << maxSteps
                   << ", found " << count;
  }
  return !node.failed();
}

SmallVector<Value> ScanReader::argumentsOf(int64_t step, ArrayRef<Value> state) {
  SmallVector<Value> arguments(state);
  for (auto [i, dim] : llvm::enumerate(dims)) {
    int64_t at = directions[i] ? steps - 1 - step : step;
    Value part = ops::slice(node, node.input(carried + i), dim, at, 1);
    arguments.push_back(ops::squeeze(node, part, dim));
    if (arguments.back())
      node.setDataType(arguments.back(), node.dataType(node.input(carried + i)));
  }
  return arguments;
}

Value ScanReader::join(size_t i, SmallVector<Value> parts) {
  int64_t rank = ops::rankOf(parts.front()) + 1;
  int64_t axis = resultAxes[i] < 0 ? resultAxes[i] + rank : resultAxes[i];
  if (axis < 0 || axis >= rank) {
    node.unsupported("scan_output_axes", "dimensions of a result of rank " + Twine(rank));
    return {};
  }
  for (Value &part : parts)
    part = ops::expandDims(node, part, axis);
  if (resultDirections[i])
    std::reverse(parts.begin(), parts.end());
  return ops::concatenate(node, parts, axis);
}

/// A step for each element of the last inputs along an axis.
static Results importScan(NodeContext &node) {
  ScanReader reader(node);
  if (!reader.read())
    return {};
  SmallVector<Value> state(node.getInputs().take_front(reader.carried));
  std::vector<SmallVector<Value>> scans(reader.made);
  for (int64_t step = 0; step < reader.steps; ++step) {
    Results results = node.subgraph("body", reader.argumentsOf(step, state));
    if (results.size() != reader.carried + reader.made || llvm::is_contained(results, Value())) {
      if (!node.failed())
        node.error() << "expected " << reader.carried + reader.made
                     << " outputs of its graph, found " << results.size();
      return {};
    }
    state.assign(results.begin(), results.begin() + reader.carried);
    for (size_t i = 0; i < reader.made; ++i)
      scans[i].push_back(results[reader.carried + i]);
  }
  Results results = ArrayRef<Value>(state);
  for (size_t i = 0; i < reader.made; ++i)
    results.push_back(reader.join(i, scans[i]));
  return results;
}

static Value counter(NodeContext &node, int64_t step) {
  Value value = node.splat({}, node.builder.getI64Type(), double(step));
  node.setDataType(value, Int64);
  return value;
}

/// A loop of a known number of steps, one after the other.
static Results importLoop(NodeContext &node) {
  auto count = node.constants(0, "M");
  size_t carried = node.inputCount() < 2 ? 0 : node.inputCount() - 2;
  int64_t steps = count && !count->empty() ? count->front() : maxSteps + 1;
  SmallVector<Value> state(node.getInputs().drop_front(std::min<size_t>(2, node.inputCount())));
  Value condition = node.input(1);
  std::vector<SmallVector<Value>> scans;
  for (int64_t step = 0; step < steps && !node.failed(); ++step) {
    if (condition) {
      auto goesOn = ops::constantNumbers(condition);
      if (!goesOn || goesOn->size() != 1) {
        node.error() << "expected a condition that is known when the model is compiled";
        return {};
      }
      if (goesOn->front() == 0)
        break;
    }
    if (step == maxSteps) {
      node.error() << "expected at most " << maxSteps << " steps, found more";
      return {};
    }
    Value truth = node.cast(node.splat({}, node.builder.getI64Type(), 1), Bool);
    SmallVector<Value> arguments{counter(node, step), condition ? condition : truth};
    llvm::append_range(arguments, state);
    Results results = node.subgraph("body", arguments);
    if (results.size() < carried + 1 || llvm::is_contained(results, Value()))
      return {};
    condition = results.front();
    state.assign(results.begin() + 1, results.begin() + 1 + carried);
    scans.resize(results.size() - 1 - carried);
    for (auto [scan, value] : llvm::zip(scans, ArrayRef<Value>(results).drop_front(1 + carried)))
      scan.push_back(ops::expandDims(node, value, 0));
  }
  Results results = ArrayRef<Value>(state);
  for (const SmallVector<Value> &scan : scans)
    results.push_back(ops::concatenate(node, scan, 0));
  return results;
}

ArrayRef<Operator> sepconv::onnx::controlOperators() {
  static const Operator table[] = {
      {"If", 1, newest, importIf, {"else_branch", "then_branch"}},
      {"Loop", 1, newest, importLoop, {"body"}, 0, 1 << 10},
      {"Scan",
       9,
       newest,
       importScan,
       {"body", "num_scan_inputs", "scan_input_axes", "scan_input_directions", "scan_output_axes",
        "scan_output_directions"},
       1,
       1 << 10},
  };
  return table;
}
