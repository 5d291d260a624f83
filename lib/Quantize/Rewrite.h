//===- Rewrite.h - a network of integers from one of floats ----------------------===//
#pragma once

#include "NetworkBuilder.h"
#include "Plan.h"

namespace mlir::sepconv::quantize {

/// What integers replace which numbers.
struct Rewriting {
  explicit Rewriting(const Plan &plan) : plan(plan) {}

  const Plan &plan;
  /// Of each tensor that is stored.
  Quantizations quantizations;
  /// What is added to the bias of layers.
  DenseMap<Operation *, SmallVector<float>> corrections;
  /// Whether the function takes and gives integers.
  bool integerInterface = false;
};

/// The network with integers. The function of `model` is the one that the plan was made for.
/// `floats` has, if it is not null, for each tensor the one in float32 that stands for it in the
/// result: as far as there is one.
OwningOpRef<ModuleOp> rewrite(ModuleOp model, const Rewriting &by, IRMapping *floats = nullptr);

/// The network in float, which also gives each layer's result if that layer alone had integers: for
/// each layer of the plan its result, and then what integers make of it.
OwningOpRef<ModuleOp> withLocalErrors(ModuleOp model, const Rewriting &by);

/// The network that also gives these tensors.
OwningOpRef<ModuleOp> withOutputs(ModuleOp model, ArrayRef<Value> tensors);

/// The one function that is not private.
func::FuncOp entryOf(ModuleOp model);

} // namespace mlir::sepconv::quantize
