//===- ConvertTosa.cpp - TOSA as linalg, by upstream's passes --------------------===//

#include "sepconv/Passes.h"

#include "mlir/Conversion/TosaToArith/TosaToArith.h"
#include "mlir/Conversion/TosaToLinalg/TosaToLinalg.h"
#include "mlir/Conversion/TosaToTensor/TosaToTensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CONVERTTOSA
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;

namespace {

bool isTosa(Operation *op) { return isa_and_nonnull<tosa::TosaDialect>(op->getDialect()); }

void buildPipeline(OpPassManager &pm) {
  // Filters in HWCF, the layout of layers: TOSA's transposes of constants fold.
  TosaToLinalgNamedOptions named;
  named.preferConv2DKernelLayoutHWCF = true;
  tosa::addTosaToLinalgPasses(pm, TosaToLinalgOptions(), named, std::nullopt);
  OpPassManager &functions = pm.nest<func::FuncOp>();
  functions.addPass(createTosaToArithPass());
  functions.addPass(createTosaToTensorPass());
  pm.addPass(createCanonicalizerPass());
}

struct ConvertTosa : sepconv::impl::ConvertTosaBase<ConvertTosa> {
  void getDependentDialects(DialectRegistry &registry) const override {
    OpPassManager pm(ModuleOp::getOperationName());
    buildPipeline(pm);
    pm.getDependentDialects(registry);
  }

  void runOnOperation() override {
    auto findTosa = [](Operation *op) {
      return isTosa(op) ? WalkResult::interrupt() : WalkResult::advance();
    };
    if (!getOperation().walk(findTosa).wasInterrupted())
      return;
    OpPassManager pm(ModuleOp::getOperationName());
    buildPipeline(pm);
    if (failed(runPipeline(pm, getOperation())))
      return signalPassFailure();
    getOperation().walk([&](Operation *op) {
      if (!isTosa(op))
        return;
      op->emitError(
          "cannot be lowered to linalg: write it as operations of linalg, tensor and arith");
      signalPassFailure();
    });
  }
};

} // namespace
