//===- Pipelines.h - sequences of passes from kernels on loops to LLVM -----------===//
#pragma once

#include "mlir/Pass/PassManager.h"

namespace mlir::sepconv {

/// Loops, vectors and buffers to the LLVM dialect. Functions on buffers take bare pointers.
void buildLoopsToLLVM(OpPassManager &pm);

/// The functions in each `gpu.module` to the LLVM and NVVM dialects, by the same expansions.
void buildGpuToNVVM(OpPassManager &pm);

/// Registers the pipelines of this library with the tools.
void registerLoweringPipelines();

} // namespace mlir::sepconv
