//===- Network.cpp - from the operators of a graph to operations -----------------===//

#include "Network.h"
#include "../Operations/FoldConstants.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// Tensors and operators of all calls.
static constexpr int64_t maxEntries = 1 << 22;
static constexpr unsigned maxDepth = 64;

namespace {

/// For what no operator reads: a constant that is an output.
class GraphBuilder : public ops::TensorBuilder {
public:
  GraphBuilder(Problems &problems, OpBuilder &builder)
      : TensorBuilder(builder, builder.getUnknownLoc()), problems(problems) {}
  InFlightDiagnostic error() override { return problems.error(); }
  InFlightDiagnostic error(StringRef) override { return problems.error(); }

private:
  Problems &problems;
};

} // namespace

StringRef tflite::nameOf(const schema::Tensor &tensor) {
  return textOf(tensor.name()).split(';').first;
}

/// Null if nothing has computed it; a constant is made when it is read first.
Value NetworkImporter::valueOf(Tensors &tensors, size_t index, ops::TensorBuilder &b) {
  Value &value = tensors.values[index];
  const schema::Tensor &tensor = *tensors.graph.tensors[index];
  if (value || tensors.failed[index])
    return value;
  if (auto bytes = model.bytesOf(tensor)) {
    value = makeConstant(b, tensor, *bytes);
    tensors.failed[index] = !value;
  } else if (Type element = elementType(builder, tensor.type()); tensor.is_variable() && element) {
    // A state, which is 0 before the first call; calls of a product do not know each other.
    SmallVector<int64_t> shape(numbers(tensor.shape()));
    value = b.fits(shape) ? b.splat(shape, element, 0) : Value();
    tensors.failed[index] = !value;
  } else {
    b.error() << "reads " << quoted(textOf(tensor.name())) << ", which nothing before it computes";
  }
  return value;
}

/// Whether the inputs and the options are those that the operator has.
static bool checkOperator(const OperatorKind &kind, OperatorContext &op) {
  if (op.inputCount() < kind.minInputs || op.inputCount() > kind.maxInputs) {
    op.error() << "expected " << kind.minInputs
               << (kind.maxInputs > kind.minInputs ? " or more inputs, found " : " inputs, found ")
               << op.inputCount();
    return false;
  }
  for (size_t i = 0; i < kind.minInputs; ++i)
    if (!op.input(i)) {
      op.error() << "input " << i << " is left out";
      return false;
    }
  BuiltinOptions found = op.op.builtin_options_type();
  if (found == BuiltinOptions::NONE || kind.options == BuiltinOptions::NONE ||
      found == kind.options)
    return true;
  op.error() << "expected " << schema::EnumNameBuiltinOptions(kind.options)
             << ", found other options";
  return false;
}

/// What only moves complex numbers moves each of their parts.
static bool checkComplex(const OperatorKind &kind, OperatorContext &op) {
  if (takesComplex(kind) || !(op.hasComplexInput() || op.hasComplexOutput()))
    return true;
  op.error() << "complex numbers are not supported; make floats of them by REAL, IMAG or "
                "COMPLEX_ABS before it";
  return false;
}

Results NetworkImporter::importOperator(const OperatorKind &kind, OperatorContext &op) {
  if (!op.dequantizeWeights() || !checkOperator(kind, op) || !checkComplex(kind, op))
    return Value();
  Results results = op.isQuantized() ? findQuantized(kind)(op) : kind.import(op);
  if (llvm::is_contained(results, Value()) || results.size() == op.outputCount())
    return results;
  op.error() << "expected " << results.size() << " outputs, found " << op.outputCount();
  return Value();
}

void NetworkImporter::runOperator(const schema::Operator &op, Tensors &tensors) {
  const Code &code = model.codeOf(op);
  const OperatorKind *kind = findOperator(code);
  ArrayRef<int32_t> outputs = numbers(op.outputs());
  auto described =
      llvm::map_to_vector(outputs, [&](int32_t output) { return tensors.graph.tensors[output]; });
  StringRef name = described.empty() ? "" : nameOf(*described.front());
  auto runGraph = [&](int64_t graph, ArrayRef<Value> inputs) { return run(graph, inputs); };
  OperatorContext context(problems, builder, name, code, op, described, runGraph);
  bool isReadable = kind;
  for (int32_t input : numbers(op.inputs())) {
    Value value = input < 0 ? Value() : valueOf(tensors, input, context);
    isReadable &= input < 0 || value;
    context.addInput(value, input < 0 ? nullptr : tensors.graph.tensors[input],
                     input < 0 ? Value() : tensors.imaginaries[input]);
  }
  Results results = isReadable ? importOperator(*kind, context) : Results(Value()), imaginary;
  bool isWrong = llvm::is_contained(results, Value());
  if (!isWrong && context.hasComplexOutput()) {
    context.takeImaginary();
    imaginary = importOperator(*kind, context);
    isWrong = llvm::is_contained(imaginary, Value());
  }
  for (auto [i, output] : llvm::enumerate(outputs)) {
    tensors.failed[output] = isWrong;
    tensors.values[output] = isWrong ? Value() : ops::foldConstants(context, results[i]);
    tensors.imaginaries[output] =
        isWrong || imaginary.empty() ? Value() : ops::foldConstants(context, imaginary[i]);
  }
}

SmallVector<Value> NetworkImporter::run(size_t index, ArrayRef<Value> inputs) {
  if (index >= model.getGraphs().size()) {
    problems.error() << "expected the index of one of " << model.getGraphs().size()
                     << " graphs, found " << int64_t(index);
    return {Value()};
  }
  const Graph &graph = model.getGraphs()[index];
  size_t count = graph.tensors.size();
  entries += count + graph.operators.size();
  bool tooMany = entries > maxEntries || depth == maxDepth;
  if (tooMany || graph.inputs.size() != inputs.size()) {
    problems.error() << "graph " << index << ": "
                     << (tooMany ? "is called too often" : "is called with other inputs");
    return {Value()};
  }
  Tensors tensors(graph);
  for (auto [tensor, value] : llvm::zip_equal(graph.inputs, inputs))
    tensors.values[tensor] = value;
  ++depth;
  for (const schema::Operator *op : graph.operators)
    runOperator(*op, tensors);
  --depth;
  GraphBuilder b(problems, builder);
  return llvm::map_to_vector(graph.outputs, [&](int32_t output) {
    if (tensors.imaginaries[output])
      b.error() << "output " << quoted(nameOf(*graph.tensors[output]))
                << ": complex numbers are not supported; make floats of them by REAL, IMAG or "
                   "COMPLEX_ABS";
    return valueOf(tensors, output, b);
  });
}

//===----------------------------------------------------------------------===//
// What is not supported
//===----------------------------------------------------------------------===//

SmallVector<int64_t> tflite::calledGraphs(const schema::Operator &op) {
  if (auto *options = op.builtin_options_as<schema::IfOptions>())
    return {options->then_subgraph_index(), options->else_subgraph_index()};
  if (auto *options = op.builtin_options_as<schema::WhileOptions>())
    return {options->cond_subgraph_index(), options->body_subgraph_index()};
  if (auto *options = op.builtin_options_as<schema::CallOptions>())
    return {options->subgraph()};
  if (auto *options = op.builtin_options_2_as<schema::StableHLOCompositeOptions>())
    return {options->decomposition_subgraph_index()};
  return {};
}

/// The graphs that are called from one, and itself.
static SmallVector<size_t> reachableGraphs(const Model &model, size_t first) {
  SmallVector<size_t> graphs{first};
  std::vector<bool> seen(model.getGraphs().size(), false);
  seen[first] = true;
  for (size_t i = 0; i < graphs.size(); ++i)
    for (const schema::Operator *op : model.getGraphs()[graphs[i]].operators)
      for (int64_t called : calledGraphs(*op))
        if (called >= 0 && size_t(called) < seen.size() && !seen[called]) {
          seen[called] = true;
          graphs.push_back(called);
        }
  return graphs;
}

/// Whether an operator computes with the numbers of quantized tensors.
static bool computesQuantized(const Graph &graph, const schema::Operator &op) {
  auto is = [&](int32_t tensor) { return tensor >= 0 && isQuantized(*graph.tensors[tensor]); };
  return llvm::any_of(numbers(op.outputs()), is) ||
         (op.inputs() && op.inputs()->size() && is(op.inputs()->Get(0)));
}

bool tflite::checkOperators(const Model &model, size_t first, Problems &problems) {
  std::map<std::string, size_t> quantized;
  std::map<std::pair<std::string, int32_t>, std::pair<const Code *, size_t>> unsupported;
  for (size_t index : reachableGraphs(model, first)) {
    const Graph &graph = model.getGraphs()[index];
    for (const schema::Operator *op : graph.operators) {
      const Code &code = model.codeOf(*op);
      const OperatorKind *known = findOperator(code);
      if (known && computesQuantized(graph, *op) && !findQuantized(*known))
        ++quantized[code.name];
      if (!known) {
        auto &[kind, count] = unsupported[{code.name, code.version}];
        kind = &code;
        ++count;
      }
    }
  }
  for (const auto &[name, count] : quantized)
    problems.error() << "operator " << quoted(name) << " (" << count
                     << (count == 1 ? " time" : " times")
                     << ") is not supported on quantized tensors; convert the model without "
                        "quantization, or keep this operator in float";
  for (const auto &[key, found] : unsupported)
    reportUnsupported(problems, *found.first, found.second);
  return unsupported.empty() && quantized.empty();
}
