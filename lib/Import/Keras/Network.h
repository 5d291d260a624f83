//===- Network.h - from a model's graph to a function ----------------------------===//
#pragma once

#include "../ActivityLoss.h"
#include "Layers.h"
#include "sepconv/Import/Keras.h"

namespace mlir::sepconv::keras {

/// Imports the layers of a model, and of the models in it, in an order in which every tensor is
/// there when it is read. A layer that is wrong has no result; the layers after it are checked as
/// far as that goes without it.
class NetworkImporter {
public:
  /// Regularizers of activities are read if there is something to add them to.
  NetworkImporter(Problems &problems, Weights &weights, OpBuilder &builder, bool keras2,
                  ActivityLoss *activityLoss)
      : problems(problems), weights(weights), builder(builder), keras2(keras2),
        activityLoss(activityLoss) {}

  /// The outputs of a model for these inputs; null where something is wrong.
  SmallVector<Value> run(const Model &model, ArrayRef<Value> inputs, bool training = false);

private:
  SmallVector<Value> runCall(const Layer &layer, const Call &call, ArrayRef<Value> inputs,
                             bool training);
  SmallVector<Value> runModel(const Layer &layer, ArrayRef<Value> inputs, bool training);
  Value constant(const Layer &layer, const Numbers &numbers);
  void checkArguments(const Layer &layer, const LayerClass &kind, LayerContext &context);

  Problems &problems;
  Weights &weights;
  OpBuilder &builder;
  bool keras2;
  ActivityLoss *activityLoss;
  /// Layers that were found wrong, which says it all about their other calls.
  DenseSet<const Layer *> wrong;
  DenseSet<const Model *> reportedCycles;
  /// Whether it was said which layers and which operations there are.
  bool toldSupported[2] = {false, false};
  /// Models in models can be called more often than there is memory for.
  int64_t calls = 0;
};

/// The shape of an input of the model, of one image if the batch is dynamic; nothing after
/// reporting.
std::optional<SmallVector<int64_t>> readInputShape(Problems &problems, const Layer &layer,
                                                   const KerasImportOptions &options);

} // namespace mlir::sepconv::keras
