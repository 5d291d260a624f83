//===- Control.cpp - operators that run other graphs -----------------------------===//
//
// What they run becomes part of the function, so which graph and how often must be known when the
// model is read.
//
//===----------------------------------------------------------------------===//

#include "../Operations/FoldConstants.h"
#include "Operators.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// Loops that are longer would be very large functions.
static constexpr unsigned maxIterations = 1024;

/// Whether a condition, of which there is one, is true; nothing after reporting.
static std::optional<bool> truthOf(OperatorContext &op, Value condition) {
  auto values = ops::constantNumbers(condition);
  if (values && values->size() == 1)
    return values->front() != 0;
  op.error("cond") << "expected a condition that is known when the model is compiled, found "
                   << (values ? "several" : "a tensor that is computed");
  return std::nullopt;
}

static Results importIf(OperatorContext &op) {
  const auto &options = op.options<schema::IfOptions>();
  std::optional<bool> condition = truthOf(op, op.input());
  if (!condition)
    return Value();
  return ArrayRef<Value>(
      op.runGraph(*condition ? options.then_subgraph_index() : options.else_subgraph_index(),
                  op.getInputs().drop_front()));
}

static Results importWhile(OperatorContext &op) {
  const auto &options = op.options<schema::WhileOptions>();
  SmallVector<Value> state(op.getInputs());
  for (unsigned i = 0; i <= maxIterations; ++i) {
    SmallVector<Value> answer = op.runGraph(options.cond_subgraph_index(), state);
    if (llvm::is_contained(answer, Value()))
      return Value();
    std::optional<bool> goesOn = truthOf(op, answer.size() == 1 ? answer.front() : Value());
    if (!goesOn)
      return Value();
    if (!*goesOn)
      return ArrayRef<Value>(state);
    state = op.runGraph(options.body_subgraph_index(), state);
    if (llvm::is_contained(state, Value()))
      return Value();
  }
  op.error() << "goes on after " << maxIterations << " iterations";
  return Value();
}

static Results importCall(OperatorContext &op) {
  return ArrayRef<Value>(op.runGraph(op.options<schema::CallOptions>().subgraph(), op.getInputs()));
}

/// What a composite operator is composed of says what it means.
static Results importComposite(OperatorContext &op) {
  const auto *options = op.op.builtin_options_2_as<schema::StableHLOCompositeOptions>();
  if (!options) {
    op.error() << "expected StableHLOCompositeOptions, found other options";
    return Value();
  }
  return ArrayRef<Value>(op.runGraph(options->decomposition_subgraph_index(), op.getInputs()));
}

ArrayRef<OperatorKind> tflite::controlOperators() {
  using O = BuiltinOperator;
  static constexpr size_t any = std::numeric_limits<size_t>::max();
  static const OperatorKind table[] = {
      {O::CALL, 1, 1, importCall, 0, any, BuiltinOptions::CallOptions},
      {O::IF, 1, 1, importIf, 1, any, BuiltinOptions::IfOptions},
      {O::STABLEHLO_COMPOSITE, 1, 1, importComposite, 0, any},
      {O::WHILE, 1, 1, importWhile, 0, any, BuiltinOptions::WhileOptions},
  };
  return table;
}
