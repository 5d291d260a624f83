//===- Calls.h - how the layers of a Functional model are connected --------------===//
#pragma once

#include "../Problems.h"
#include "Model.h"

namespace mlir::sepconv::keras {

/// Reads the calls of the layers and the inputs and outputs of one Functional model.
class CallReader {
public:
  CallReader(Model &model, Problems &problems) : model(model), problems(problems) {}

  /// Reads `inbound_nodes`: one call for each.
  void readCalls(Layer &layer);
  /// Reads `input_layers` and `output_layers`.
  void readPorts(const llvm::json::Object &config);
  /// Checks what was read once all layers are known: every tensor exists.
  void resolve();

private:
  bool readLegacyCall(Layer &layer, const llvm::json::Array &node, Call &call);
  bool readCall(Layer &layer, const llvm::json::Object &node, Call &call);
  bool readArgument(Layer &layer, const llvm::json::Value &value, Call &call);
  void checkKeywords(Layer &layer, const llvm::json::Object &keywords, Call &call);
  bool readStructure(const llvm::json::Value &value, StringRef name, std::vector<Port> &ports);
  /// What is wrong with a reference, empty if nothing is.
  std::string resolve(TensorRef &tensor, bool ofPort);

  Model &model;
  Problems &problems;
  /// Keras 2 writes calls as lists and counts the call that a nested model is made with.
  bool legacy = false;
};

} // namespace mlir::sepconv::keras
