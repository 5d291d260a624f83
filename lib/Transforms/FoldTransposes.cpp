//===- FoldTransposes.cpp - transposes of constants are constants ----------------===//

#include "sepconv/Passes.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_FOLDTRANSPOSES
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;

namespace {

struct FoldTransposes : sepconv::impl::FoldTransposesBase<FoldTransposes> {
  void runOnOperation() override {
    SmallVector<Operation *> transposes;
    getOperation().walk([&](linalg::TransposeOp op) {
      if (matchPattern(op.getInput(), m_Constant()))
        transposes.push_back(op);
    });
    if (transposes.empty())
      return;
    RewritePatternSet patterns(&getContext());
    linalg::populateConstantFoldLinalgOperations(patterns, [](OpOperand *) { return true; });
    GreedyRewriteConfig config;
    config.setStrictness(GreedyRewriteStrictness::ExistingOps);
    (void)applyOpPatternsGreedily(transposes, std::move(patterns), config);
  }
};

} // namespace
