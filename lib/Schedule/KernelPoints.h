//===- KernelPoints.h - where the stages of a kernel end -------------------------===//
#pragma once

#include "mlir/IR/Block.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::sepconv {

/// Whether an operation is one of linalg that goes over more than its result's elements.
bool isReduction(Operation *op);

/// The points of a kernel (see KernelStages.h), in the order of the body, and the last reduction
/// that each one contains, or null.
struct KernelPoints {
  explicit KernelPoints(Block &body);

  /// The name of each point, without numbers.
  SmallVector<StringRef> roles() const;

  llvm::SetVector<Value> values;
  llvm::DenseMap<Value, Operation *> last;

private:
  void find(Block &body);
  Operation *lastReduction(Value point) const;
};

} // namespace mlir::sepconv
