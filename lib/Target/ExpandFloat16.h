//===- ExpandFloat16.h - float16 for processors that do not know it --------------===//
#pragma once

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace mlir::sepconv {

/// Writes conversions between float16 and float32 as arithmetic in the functions whose processor
/// has no instruction for them; LLVM would call functions of the compiler's library.
void expandFloat16(llvm::Module &module, const llvm::TargetMachine &machine);

} // namespace mlir::sepconv
