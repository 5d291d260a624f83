//===- StackBytes.h - how much stack a module's functions need -------------------===//
#pragma once

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/Function.h"

namespace mlir::sepconv {

/// Adds up the frames of a module's functions along their calls, while LLVM makes code of it.
/// Private to lib/Target.
class StackBytes {
public:
  /// Before code is made: notes who calls whom, and asks LLVM for the size of each frame.
  explicit StackBytes(llvm::Module &module);
  ~StackBytes();

  /// After code was made: what a thread needs that calls any function of the module.
  int64_t most();

private:
  class Collector;
  int64_t below(const llvm::Function *function);

  llvm::Module &module;
  llvm::DenseMap<const llvm::Function *, int64_t> frames, chains;
  llvm::DenseMap<const llvm::Function *, llvm::SmallSetVector<const llvm::Function *, 4>> callees;
};

} // namespace mlir::sepconv
