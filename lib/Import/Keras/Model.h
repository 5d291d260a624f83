//===- Model.h - the layers of a model and how they are connected ----------------===//
//
// What a model's config says, Sequential and Functional alike, as Keras 2 and Keras 3 write it:
// layers, their calls, and the tensors that go from call to call. Nothing is known of what a layer
// computes.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Numbers.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <memory>
#include <string>
#include <vector>

namespace mlir::sepconv::keras {

/// The `result`th result of the `call`th call of a layer.
struct TensorRef {
  std::string layer;
  int64_t call = 0, result = 0;
};

/// A tensor, or the numbers that stand in its place in the call of an operation.
struct Operand : TensorRef {
  std::optional<Numbers> numbers;
};

/// What one call of a layer reads.
struct Call {
  SmallVector<Operand, 1> inputs;
  /// Inputs by their keywords, and keywords that are True.
  llvm::StringMap<size_t> keywords;
  llvm::StringSet<> flags;
  /// What stands between the brackets of x[key]; null for other operations.
  const llvm::json::Value *key = nullptr;
  /// What Keras 2 wrote, whose models go by it whenever they are called.
  std::optional<bool> training;
  /// What it reads could not be read; that was reported.
  bool broken = false;
};

struct Model;

struct Layer {
  std::string name;
  /// The names of the models around it and its own, "backbone/conv1".
  std::string path;
  std::string className;
  /// One of keras.ops, which stands in a model like a layer and has no variables.
  bool isOperation = false;
  /// The entry, if it is not the config's own.
  std::unique_ptr<llvm::json::Value> rewritten;
  /// The config's entry and its `config`; null for an InputLayer that the config leaves out.
  const llvm::json::Object *entry = nullptr, *config = nullptr;
  std::vector<Call> calls;
  /// Where the weights file has its variables, "layers/functional/layers/conv2d".
  std::string weights;
  /// The shape of an InputLayer with its batch; null if the config has none.
  const llvm::json::Value *inputShape = nullptr;
  /// The layers of a model that is used as a layer, or the one that a wrapper has.
  std::unique_ptr<Model> model;

  bool isInput() const { return className == "InputLayer"; }
  /// Whether it computes what the layer in it does, of all of its input or of each step.
  bool isWrapper() const {
    return className == "TimeDistributed" || className == "SpectralNormalization";
  }
};

/// An input or output of a model, by name.
struct Port {
  std::string name;
  TensorRef tensor;
};

struct Model {
  std::vector<Layer> layers;
  std::vector<Port> inputs, outputs;
  llvm::StringMap<size_t> indices;

  Layer *find(StringRef name) {
    auto it = indices.find(name);
    return it == indices.end() ? nullptr : &layers[it->second];
  }
};

} // namespace mlir::sepconv::keras
