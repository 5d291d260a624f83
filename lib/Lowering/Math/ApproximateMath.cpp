//===- ApproximateMath.cpp - say functions by polynomials ------------------------===//

#include "sepconv/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_APPROXIMATEMATH
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// x^y = exp(y * log(|x|)), which is negative for a negative x and an odd y, and no number where y
/// is no integer. Upstream's own expansion leaves negative bases out; it is right for a constant y.
struct ExpandPower : OpRewritePattern<math::PowFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::PowFOp op, PatternRewriter &rewriter) const override {
    Value x = op.getLhs(), y = op.getRhs();
    Type type = x.getType();
    if (!getElementTypeOrSelf(type).isF32() || matchPattern(y, m_Constant()))
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto number = [&](float value) -> Value {
      TypedAttr attribute = b.getF32FloatAttr(value);
      if (auto vector = dyn_cast<VectorType>(type))
        attribute = DenseElementsAttr::get(vector, value);
      return arith::ConstantOp::create(b, type, attribute);
    };
    auto equal = [&](Value left, Value right) -> Value {
      return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, left, right);
    };
    Value zero = number(0);
    Value magnitude = math::ExpOp::create(
        b, arith::MulFOp::create(b, y, math::LogOp::create(b, math::AbsFOp::create(b, x))));
    Value half = arith::MulFOp::create(b, y, number(0.5f));
    Value isEven = equal(math::FloorOp::create(b, half), half);
    Value isInteger = equal(math::FloorOp::create(b, y), y);
    Value odd = arith::SelectOp::create(b, isInteger, arith::NegFOp::create(b, magnitude),
                                        number(std::numeric_limits<float>::quiet_NaN()));
    Value negative = arith::SelectOp::create(b, isEven, magnitude, odd);
    Value isNegative = arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, x, zero);
    Value power = arith::SelectOp::create(b, isNegative, negative, magnitude);
    rewriter.replaceOpWithNewOp<arith::SelectOp>(op, equal(y, zero), number(1), power);
    return success();
  }
};

/// For which there is no polynomial of its own.
struct ExpandLog10 : OpRewritePattern<math::Log10Op> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::Log10Op op, PatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type type = op.getType();
    TypedAttr factor = b.getFloatAttr(getElementTypeOrSelf(type), 1 / llvm::numbers::ln10);
    if (auto vector = dyn_cast<VectorType>(type))
      factor = DenseElementsAttr::get(vector, cast<Attribute>(factor));
    Value natural = math::LogOp::create(b, op.getOperand());
    rewriter.replaceOpWithNewOp<arith::MulFOp>(op, natural,
                                               arith::ConstantOp::create(b, type, factor));
    return success();
  }
};

struct ApproximateMathPass : public sepconv::impl::ApproximateMathBase<ApproximateMathPass> {
  void runOnOperation() override {
    // Functions that are said by other ones come first. The approximations use fma, which is a
    // function of libm where the processor has none; code generation contracts a product and a sum
    // again where it has.
    apply([](RewritePatternSet &patterns) {
      patterns.add<ExpandPower, ExpandLog10>(patterns.getContext());
    });
    apply([](RewritePatternSet &patterns) {
      math::populateExpansionPatterns(
          patterns, {"powf", "fpowi", "tan", "sinh", "cosh", "asinh", "acosh", "atanh", "exp2"});
    });
    apply(
        [](RewritePatternSet &patterns) { populateMathPolynomialApproximationPatterns(patterns); });
    apply([](RewritePatternSet &patterns) { math::populateExpansionPatterns(patterns, {"fma"}); },
          /*isForFloat64=*/true);
  }

  void apply(function_ref<void(RewritePatternSet &)> populate, bool isForFloat64 = false) {
    RewritePatternSet patterns(&getContext());
    populate(patterns);
    SmallVector<Operation *> functions;
    getOperation()->walk([&](Operation *op) {
      if (isa<math::MathDialect>(op->getDialect()) && op->getNumResults() == 1 &&
          (isForFloat64 || !getElementTypeOrSelf(op->getResult(0).getType()).isF64()))
        functions.push_back(op);
    });
    GreedyRewriteConfig config;
    config.setStrictness(GreedyRewriteStrictness::ExistingAndNewOps);
    if (failed(applyOpPatternsGreedily(functions, std::move(patterns), config)))
      signalPassFailure();
  }
};
} // namespace
