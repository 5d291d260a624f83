//===- CudaCode.h - PTX, and what launches it, from a module for a GPU ------------===//
#pragma once

#include "sepconv/Product/Cuda.h"

#include "mlir/Pass/PassManager.h"

namespace mlir::sepconv {

/// A GPU's functions for one chip.
struct ChipText {
  std::string chip; // sm_90a
  std::string ptx;
};

/// From functions of a GPU to PTX beside what launches them.
void buildPTX(OpPassManager &pm);
/// Does so, and returns it; nothing if the module has no such functions.
FailureOr<std::vector<ChipText>> makePTX(ModuleOp module);

/// Reads a module for a GPU that went through the stage 'loops', and writes its PTX into `code`;
/// the module is used up.
LogicalResult readCudaCode(ModuleOp module, CudaCode &code);

} // namespace mlir::sepconv
