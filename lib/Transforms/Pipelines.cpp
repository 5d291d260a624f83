//===- Pipelines.cpp - the stages from a network to its kernels ------------------===//

#include "sepconv/Transforms/Pipelines.h"
#include "sepconv/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::sepconv;

void sepconv::buildGraphPipeline(OpPassManager &passes, const FloatNames &floats) {
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createFoldEmpty());
  passes.addPass(createRaiseConvolutions());
  // First, so that the others find one layer right after the other.
  passes.addPass(createChooseLayout());
  passes.addPass(createFoldTransposes());
  passes.addPass(createFoldPadding());
  passes.addPass(createFoldBatchNorm());
  passes.addPass(createFuseActivation());
  // What was folded was computed in the model's own types.
  if (!floats.compute.empty() || !floats.io.empty())
    passes.addPass(createConvertFloats({floats.compute, floats.io}));
  passes.addPass(createResolveSizes());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

void sepconv::buildKernelsPipeline(OpPassManager &passes, const std::string &target, bool remarks,
                                   const FloatNames &floats) {
  passes.addPass(createSplitConcatenations());
  passes.addPass(createFormKernels({target, remarks}));
  passes.addPass(createConvertToLinalg());
  if (floats.isNarrow())
    passes.addPass(createWidenKernels());
  passes.addPass(createWidenSums());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  passes.addPass(createOutlineKernels());
  passes.addPass(createCSEPass()); // constants read by several kernels
}
