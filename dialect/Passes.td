//===- Passes.td - every pass of sepconv ------------------------*- tablegen -*-===//
#ifndef SEPCONV_PASSES
#define SEPCONV_PASSES

include "mlir/Pass/PassBase.td"

include "Passes/Graph.td"
include "Passes/Kernels.td"
include "Passes/Schedules.td"
include "Passes/Loops.td"
include "Passes/Product.td"
include "Passes/LLVM.td"
include "Passes/GPU.td"

#endif // SEPCONV_PASSES
