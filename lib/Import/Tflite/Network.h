//===- Network.h - from the operators of a graph to operations -------------------===//
#pragma once

#include "Operators.h"

namespace mlir::sepconv::tflite {

/// Imports the graphs of a model. An operator that is wrong has no result; those after it are
/// looked at as far as that goes without it.
class NetworkImporter {
public:
  NetworkImporter(const Model &model, Problems &problems, OpBuilder &builder)
      : model(model), problems(problems), builder(builder) {}

  /// The outputs of a graph for these inputs; null where something is wrong.
  SmallVector<Value> run(size_t graph, ArrayRef<Value> inputs);

private:
  /// The tensors of a graph that are constants or were computed, and those of which it was reported
  /// why they are not.
  struct Tensors {
    explicit Tensors(const Graph &graph)
        : graph(graph), values(graph.tensors.size()), imaginaries(values.size()),
          failed(values.size(), false) {}

    const Graph &graph;
    /// Of complex numbers the real part, and the other one.
    std::vector<Value> values, imaginaries;
    std::vector<bool> failed;
  };

  Value valueOf(Tensors &tensors, size_t index, ops::TensorBuilder &b);
  Results importOperator(const OperatorKind &kind, OperatorContext &op);
  void runOperator(const schema::Operator &op, Tensors &tensors);

  const Model &model;
  Problems &problems;
  OpBuilder &builder;
  /// Graphs that call each other can stand for more operators than there is memory for.
  int64_t entries = 0;
  unsigned depth = 0;
};

/// What a tensor is called; converters join the names of what they fused by semicolons.
StringRef nameOf(const schema::Tensor &tensor);

/// Reports all operators that a graph and those that it calls have and the tables have not, or that
/// the model is quantized; false if there is something.
bool checkOperators(const Model &model, size_t graph, Problems &problems);

/// The graphs that an operator calls.
SmallVector<int64_t> calledGraphs(const schema::Operator &op);

} // namespace mlir::sepconv::tflite
