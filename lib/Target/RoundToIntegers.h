//===- RoundToIntegers.h - roundings that a conversion does ----------------------===//
#pragma once

namespace llvm {
class Module;
} // namespace llvm

namespace mlir::sepconv {

/// Lets the conversion of a float32 to an integer of 32 bits round to the nearest even number,
/// where the number was rounded so before, and perhaps clamped between integers. For x86-64, whose
/// conversion rounds as the caller's mode says: all arithmetic does.
void roundToIntegers(llvm::Module &module);

} // namespace mlir::sepconv
