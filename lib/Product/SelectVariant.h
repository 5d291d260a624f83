//===- SelectVariant.h - the best variant that the processor can -----------------===//
#pragma once

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::sepconv {

/// Makes a function with the attribute `sepconv.target` code for that target.
LogicalResult setTarget(LLVM::LLVMFuncOp function);

/// Adds the function `name` that is one of the variants, functions of the same type with the
/// attribute `sepconv.target`: the first whose instructions the processor has, else `otherwise`.
/// It is an indirect function of ELF: the dynamic loader runs the resolver `resolver` once.
LogicalResult createIndirectFunction(ModuleOp module, StringRef name, StringRef resolver,
                                     ArrayRef<LLVM::LLVMFuncOp> variants,
                                     LLVM::LLVMFuncOp otherwise);

} // namespace mlir::sepconv
