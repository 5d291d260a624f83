//===- Network.h - from a model's graph to a function ----------------------------===//
#pragma once

#include "../ActivityLoss.h"
#include "Layers.h"
#include "sepconv/Import/Keras.h"

#include "sepconv/IR/Sizes.h"

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
  Value constant(const Layer &layer, const Numbers &numbers, ArrayRef<Value> operands);
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
  /// Results that have a mask, which some layers would follow.
  DenseSet<Value> masked;
  /// Models in models can be called more often than there is memory for.
  int64_t calls = 0;
};

/// An input of the model, of one image if the batch is dynamic.
struct InputShape {
  SmallVector<int64_t> sizes;
  /// What is said of the sizes that are `?`.
  SmallVector<SizeAttr> dynamic;
};

/// Nothing after reporting. `used` are those of the command line's sizes that an input has.
std::optional<InputShape> readInputShape(Problems &problems, const Layer &layer,
                                         const KerasImportOptions &options,
                                         std::array<bool, 2> &used, MLIRContext *context);

} // namespace mlir::sepconv::keras
