//===- LowerParallel.cpp - parallel loops to serial ones or to tasks -------------===//

#include "sepconv/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_LOWERPARALLEL
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// Moves stack buffers to the start of the function: one in a loop would grow the stack each time.
static void hoistStackBuffers(func::FuncOp function) {
  SmallVector<memref::AllocaOp> buffers;
  function.walk([&](memref::AllocaOp op) {
    if (op.getType().hasStaticShape() && op->getBlock() != &function.front())
      buffers.push_back(op);
  });
  Block &entry = function.front();
  for (memref::AllocaOp op : llvm::reverse(buffers))
    op->moveBefore(&entry, entry.begin());
}

/// The loop runs its iterations in order.
static void makeSerial(scf::ParallelOp loop) {
  IRRewriter rewriter(loop.getContext());
  rewriter.setInsertionPoint(loop);
  auto serial = scf::ForOp::create(rewriter, loop.getLoc(), loop.getLowerBound()[0],
                                   loop.getUpperBound()[0], loop.getStep()[0]);
  rewriter.eraseOp(loop.getBody()->getTerminator());
  rewriter.inlineBlockBefore(loop.getBody(), serial.getBody()->getTerminator(),
                             serial.getInductionVar());
  rewriter.eraseOp(loop);
}

namespace {
struct LowerParallelPass : public sepconv::impl::LowerParallelBase<LowerParallelPass> {
  using LowerParallelBase::LowerParallelBase;

  void runOnOperation() override {
    SmallVector<scf::ParallelOp> loops;
    WalkResult walk = getOperation().walk([&](scf::ParallelOp loop) {
      if (loop.getNumLoops() != 1 || loop.getNumResults() != 0) {
        loop.emitError("expected a parallel loop of one dimension without reductions");
        return WalkResult::interrupt();
      }
      loops.push_back(loop);
      return WalkResult::advance();
    });
    if (walk.wasInterrupted())
      return signalPassFailure();
    for (scf::ParallelOp loop : loops)
      makeSerial(loop);
    for (func::FuncOp function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal())
        hoistStackBuffers(function);
  }
};
} // namespace
