//===- ApproximateMath.cpp - functions as polynomials ----------------------------===//

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

/// The exponential in 1 + exp(x), the denominator of sigmoid and silu.
math::ExpOp exponentialIn(Value denominator) {
  auto sum = denominator.getDefiningOp<arith::AddFOp>();
  if (!sum)
    return nullptr;
  if (matchPattern(sum.getRhs(), m_OneFloat()))
    return sum.getLhs().getDefiningOp<math::ExpOp>();
  return matchPattern(sum.getLhs(), m_OneFloat()) ? sum.getRhs().getDefiningOp<math::ExpOp>()
                                                  : nullptr;
}

/// Vectors of float32, for sigmoid and silu.
struct SigmoidBuilder {
  ImplicitLocOpBuilder b;
  VectorType type;

  Value number(float value) {
    return arith::ConstantOp::create(b, type, DenseElementsAttr::get(type, value));
  }
  template <typename Op> Value op(Value left, Value right) { return Op::create(b, left, right); }
  Value fma(Value x, Value factor, Value summand) {
    return math::FmaOp::create(b, x, factor, summand);
  }
  Value select(arith::CmpFPredicate predicate, Value left, Value right, Value yes, Value no) {
    Value condition = arith::CmpFOp::create(b, predicate, left, right);
    return arith::SelectOp::create(b, condition, yes, no);
  }
  Value exponential(Value x);
};

/// exp(x) for -87 < x < 88: 2^k * exp(r), where x = k * ln(2) + r, within 1.5 ulp. Half of what an
/// exponential of every x takes: the sum with 1.5 * 2^23 rounds to k, which is then what its lowest
/// bits hold; the polynomial is within 4e-9 of exp(r) (minimax, |r| <= ln(2) / 2).
Value SigmoidBuilder::exponential(Value x) {
  Value rounder = number(12582912.0f); // 1.5 * 2^23
  Value rounded = fma(x, number(1.44269504f), rounder);
  Value k = op<arith::SubFOp>(rounded, rounder);
  // ln(2) as two numbers; the products with the first one, of 15 bits, are exact.
  Value r = fma(k, number(-0.693359375f), x);
  r = fma(k, number(2.12194440e-4f), r);
  Value sum = number(0.0013814540579915047f);
  for (float coefficient : {0.00836874544620514f, 0.04166838899254799f, 0.1666652113199234f,
                            0.4999999403953552f, 1.0f, 1.0f})
    sum = fma(sum, r, number(coefficient));
  VectorType bits = type.clone(b.getI32Type());
  Value exponent = arith::ShLIOp::create(
      b, arith::BitcastOp::create(b, bits, rounded),
      arith::ConstantOp::create(b, bits, DenseElementsAttr::get(bits, int32_t(23))));
  Value scaled = arith::AddIOp::create(b, arith::BitcastOp::create(b, bits, sum), exponent);
  return arith::BitcastOp::create(b, type, scaled);
}

/// Whether 1 / (1 + exp(-x)) is a sigmoid of its own, and not the factor of x in silu.
bool isSigmoid(arith::DivFOp op, math::ExpOp exponential) {
  auto negation = exponential.getOperand().getDefiningOp<arith::NegFOp>();
  return matchPattern(op.getLhs(), m_OneFloat()) &&
         !(negation && llvm::all_of(op->getUsers(), [&](Operation *user) {
             return isa<arith::MulFOp>(user) &&
                    llvm::is_contained(user->getOperands(), negation.getOperand());
           }));
}

/// Multiplies by the reciprocal of 1 + exp(x), of which LLVM makes an estimate and a step of
/// Newton's where the processor has that (x86). The estimate needs a reciprocal that is no
/// subnormal: where it would be one, it is 0. A sigmoid is divided: the estimate is up to 2 ulp
/// below 1, of which a gate takes the difference to 1.
void multiplyByReciprocal(arith::DivFOp op) {
  constexpr float kGreatest = 87; // 1 + exp(87) < 2^126
  constexpr float kLeast = -80;   // 1 + exp(-80) is 1
  auto type = dyn_cast<VectorType>(op.getType());
  math::ExpOp exponential =
      type && type.getElementType().isF32() ? exponentialIn(op.getRhs()) : math::ExpOp();
  if (!exponential)
    return;
  SigmoidBuilder s{ImplicitLocOpBuilder(op.getLoc(), op), type};
  using Predicate = arith::CmpFPredicate;
  Value x = exponential.getOperand(), greatest = s.number(kGreatest), least = s.number(kLeast);
  Value limited = s.select(Predicate::OLT, x, least, least, x); // of what is no number, itself
  limited = s.select(Predicate::OGT, limited, greatest, greatest, limited);
  Value one = s.number(1), sum = s.op<arith::AddFOp>(s.exponential(limited), one);
  auto reciprocal = arith::DivFOp::create(s.b, one, sum);
  if (!isSigmoid(op, exponential))
    reciprocal.setFastmath(arith::FastMathFlags::arcp | arith::FastMathFlags::ninf);
  // Before the product, so that minus infinity times 0 is no number, as in frameworks.
  Value factor = s.select(Predicate::OGT, x, greatest, s.number(0), reciprocal);
  op.replaceAllUsesWith(
      matchPattern(op.getLhs(), m_OneFloat()) ? factor : s.op<arith::MulFOp>(op.getLhs(), factor));
  Operation *denominator = op.getRhs().getDefiningOp();
  op.erase();
  for (Operation *dead : {denominator, exponential.getOperation()})
    if (dead->use_empty())
      dead->erase();
}

struct ApproximateMathPass : public sepconv::impl::ApproximateMathBase<ApproximateMathPass> {
  void runOnOperation() override {
    getOperation()->walk([](arith::DivFOp op) { multiplyByReciprocal(op); });
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
