//===- Graph.h - from the nodes of a graph to operations -------------------------===//
#pragma once

#include "../Operations/Quantization.h"
#include "Node.h"

#include <cmath>

namespace mlir::sepconv::onnx {

/// The tensors that nodes of a graph can read: its own, and those of the graph that it is in.
struct Scope {
  const Scope *outer = nullptr;
  llvm::StringMap<Value> values;

  Value lookup(StringRef name) const;
  bool contains(StringRef name) const;
};

/// What the nodes of a model or of a function are read with.
struct Frame {
  const Scope *scope = nullptr;
  /// The version of each domain's operators.
  llvm::StringMap<int64_t> versions;
  /// Of a function: the attributes of its call.
  const llvm::StringMap<const onnxproto::AttributeProto *> *attributes = nullptr;
  unsigned depth = 0;
};

/// Integers that floats were made of: bytes, or the sums of a layer, of 32 bits. An activation may
/// have left those of their numbers that are between two.
struct Integers : ops::Quantized {
  double least = -INFINITY, greatest = INFINITY;

  bool isLimited() const { return least > -INFINITY || greatest < INFINITY; }
};

class GraphImporter {
public:
  GraphImporter(const onnxproto::ModelProto &model, Problems &problems, OpBuilder &builder);

  /// Reports all operators of the model that are not supported, each once; false if there are some.
  bool checkOperators();
  /// The outputs of the model's graph.
  SmallVector<Value> run(Scope &scope);

  // For nodes.
  Results importSubgraph(const onnxproto::GraphProto &graph, const Frame &frame,
                         ArrayRef<Value> arguments, NodeContext &node);
  Value constant(const onnxproto::TensorProto &tensor, NodeContext &node);
  int32_t dataType(Value value) const;
  void setDataType(Value value, int32_t type) { types[value] = type; }

  Problems &problems;
  OpBuilder &builder;
  /// What floats were made of, and unsigned integers in their own width.
  DenseMap<Value, Integers> integers;
  DenseMap<Value, Value> narrow;

private:
  using Nodes = google::protobuf::RepeatedPtrField<onnxproto::NodeProto>;
  using Unsupported = std::map<std::tuple<std::string, std::string, int64_t>, unsigned>;

  void findUnsupported(const Nodes &nodes, const Frame &frame, Unsupported &found);
  const onnxproto::FunctionProto *findFunction(const onnxproto::NodeProto &node) const;
  bool importInitializers(const onnxproto::GraphProto &graph, Scope &scope);
  void importNodes(const Nodes &nodes, const Frame &frame, Scope &scope);
  Results importNode(const onnxproto::NodeProto &node, const Frame &frame, ArrayRef<Value> inputs);
  Results importCall(const onnxproto::FunctionProto &function, NodeContext &node);
  void finish(NodeContext &node, const Operator &op, Results &results);

  const onnxproto::ModelProto &model;
  TensorReader tensors;
  Frame main;
  DenseMap<Value, int32_t> types;
  /// Nodes that were imported: calls and loops can make very many of a small file.
  int64_t imported = 0;
};

} // namespace mlir::sepconv::onnx
