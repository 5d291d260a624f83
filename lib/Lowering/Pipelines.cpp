//===- Pipelines.cpp - sequences of passes from kernels on loops to LLVM ---------===//

#include "sepconv/Lowering/Pipelines.h"
#include "sepconv/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::sepconv;

/// From loops with vectors to blocks with arithmetic that every processor has: the same for all, so
/// that the numbers are.
static void buildExpansions(OpPassManager &pm) {
  // Narrow types are for memory: what a model or a simplification computes in them becomes float32.
  arith::ArithEmulateUnsupportedFloatsOptions narrow;
  narrow.sourceTypeStrs = {"f16", "bf16"};
  pm.addPass(arith::createArithEmulateUnsupportedFloats(narrow));
  pm.addPass(math::createMathExtendToSupportedTypes());
  pm.addPass(createApproximateMath());
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(arith::createArithExpandOpsPass());
  pm.addPass(createExpandNarrowFloats());
  pm.addPass(createSCFToControlFlowPass());
}

void sepconv::buildLoopsToLLVM(OpPassManager &pm) {
  OpPassManager &functions = pm.nest<func::FuncOp>(); // at the same time
  functions.addPass(createConvertVectorToSCFPass());
  buildExpansions(functions);
  functions.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createConvertToLLVM());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

void sepconv::buildGpuToNVVM(OpPassManager &pm) {
  OpPassManager &kernels = pm.nest<gpu::GPUModuleOp>();
  kernels.addNestedPass<gpu::GPUFuncOp>(createConvertVectorToSCFPass());
  buildExpansions(kernels);
  kernels.addPass(createConvertToNVVM());
  kernels.addPass(createReconcileUnrealizedCastsPass());
}

void sepconv::registerLoweringPipelines() {
  PassPipelineRegistration<>("sepconv-loops-to-llvm",
                             "lower loops, vectors and buffers to the LLVM dialect",
                             buildLoopsToLLVM);
  PassPipelineRegistration<>("sepconv-gpu-to-nvvm",
                             "lower the functions of a GPU to the NVVM dialect", buildGpuToNVVM);
}
