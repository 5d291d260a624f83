//===- SelectVariant.h - the best variant that the processor can -----------------===//
#pragma once

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::sepconv {

/// Makes a function with the attribute `sepconv.target` code for that target.
LogicalResult setTarget(LLVM::LLVMFuncOp function);

/// Adds the function `name`() -> i32: which of the entries, counted from 1, is the first whose
/// instructions the processor has; one more than there are if it is none. It asks the processor
/// once: CPUID takes microseconds in a virtual machine. What it learns is in a word that is written
/// atomically, always with the same value. Null if every processor of the architecture will do, or
/// none can be asked.
FailureOr<LLVM::LLVMFuncOp> createProcessorTest(ModuleOp module, StringRef name,
                                                ArrayRef<LLVM::LLVMFuncOp> entries);

} // namespace mlir::sepconv
