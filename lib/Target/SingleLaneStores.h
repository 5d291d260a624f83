//===- SingleLaneStores.h - masked stores of one element -------------------------===//
#pragma once

namespace llvm {
class Module;
} // namespace llvm

namespace mlir::sepconv {

/// Replaces masked stores of one constant lane by stores of the element. LLVM 22 has a truncation
/// in one for x86 store the wide element, over what follows.
void expandSingleLaneStores(llvm::Module &module);

} // namespace mlir::sepconv
