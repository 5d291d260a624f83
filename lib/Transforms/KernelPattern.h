//===- KernelPattern.h - what a kernel on linalg consists of ---------------------===//
#pragma once

#include "mlir/IR/Block.h"

namespace mlir::sepconv {

/// The names of a kernel's stages, in their order: "depthwise", "pointwise", "conv", "dense",
/// "pool" or "reduce" for each reduction with the elementwise operations that follow it,
/// "elementwise" where there is no reduction.
SmallVector<StringRef> kernelPattern(Block &body);

} // namespace mlir::sepconv
