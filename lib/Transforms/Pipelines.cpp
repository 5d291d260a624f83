//===- Pipelines.cpp - the stages from a network to its kernels ------------------===//

#include "sepconv/Transforms/Pipelines.h"
#include "sepconv/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::sepconv;

void sepconv::buildGraphPipeline(OpPassManager &passes) {
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createFoldEmpty());
  passes.addPass(createRaiseConvolutions());
  // First, so that the others find one layer right after the other.
  passes.addPass(createChooseLayout());
  passes.addPass(createFoldTransposes());
  passes.addPass(createFoldPadding());
  passes.addPass(createFoldBatchNorm());
  passes.addPass(createFuseActivation());
  passes.addPass(createResolveSizes());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

void sepconv::buildKernelsPipeline(OpPassManager &passes, const std::string &target, bool remarks) {
  passes.addPass(createSplitConcatenations());
  passes.addPass(createFormKernels({target, remarks}));
  passes.addPass(createConvertToLinalg());
  passes.addPass(createWidenSums());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  passes.addPass(createOutlineKernels());
  passes.addPass(createCSEPass()); // constants read by several kernels
}
