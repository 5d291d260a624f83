//===- ApproximateMath.cpp - say functions by polynomials ------------------------===//

#include "sepconv/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {
struct ApproximateMathPass : public sepconv::impl::ApproximateMathBase<ApproximateMathPass> {
  void runOnOperation() override {
    // Functions that are said by other ones come first. The approximations use fma, which is a
    // function of libm where the processor has none; code generation contracts a product and a sum
    // again where it has.
    apply([](RewritePatternSet &patterns) {
      math::populateExpansionPatterns(
          patterns, {"powf", "fpowi", "tan", "sinh", "cosh", "asinh", "acosh", "atanh", "exp2f"});
    });
    apply(
        [](RewritePatternSet &patterns) { populateMathPolynomialApproximationPatterns(patterns); });
    apply([](RewritePatternSet &patterns) { math::populateExpansionPatterns(patterns, {"fma"}); });
  }

  void apply(function_ref<void(RewritePatternSet &)> populate) {
    RewritePatternSet patterns(&getContext());
    populate(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
