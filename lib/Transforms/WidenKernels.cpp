//===- WidenKernels.cpp - float32 between the operations of a kernel -------------===//

#include "FloatCasts.h"
#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_WIDENKERNELS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// An elementwise operation whose last step rounds from float32, for other operations of its
/// kernel.
static bool roundsWithin(linalg::GenericOp op) {
  if (op->getNumResults() != 1 || op.getNumParallelLoops() != op.getNumLoops())
    return false;
  auto rounding = op.getBody()->getTerminator()->getOperand(0).getDefiningOp<arith::TruncFOp>();
  auto isElementwise = [](Operation *user) { return isa<linalg::GenericOp>(user); };
  return rounding && rounding.getIn().getType().isF32() &&
         llvm::all_of(op.getRegionOutputArgs(), [](Value value) { return value.use_empty(); }) &&
         llvm::all_of(op->getUsers(), isElementwise);
}

namespace {
struct WidenKernels : sepconv::impl::WidenKernelsBase<WidenKernels> {
  void runOnOperation() override {
    SmallVector<KernelOp> kernels;
    getOperation().walk([&](KernelOp kernel) { kernels.push_back(kernel); });
    OpBuilder builder(&getContext());
    for (KernelOp kernel : kernels) {
      SmallVector<linalg::GenericOp> rounding;
      kernel.walk([&](linalg::GenericOp op) {
        if (roundsWithin(op))
          rounding.push_back(op);
      });
      for (linalg::GenericOp op : rounding) {
        Value result = op->getResult(0);
        builder.setInsertionPointAfter(op);
        Value wide = castFloats(builder, op.getLoc(), result, builder.getF32Type());
        Value back = castFloats(builder, op.getLoc(), wide, getElementTypeOrSelf(result));
        result.replaceAllUsesExcept(back, wide.getDefiningOp());
      }
      if (!rounding.empty() &&
          (failed(pushCasts(kernel, builder.getF32Type())) || failed(convertCasts(kernel))))
        return signalPassFailure();
    }
  }
};
} // namespace
