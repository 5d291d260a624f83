//===- ConvertActivations.cpp - activation functions on arith and math -----------===//
//
// The formulas are those of keras.src.activations and of the TensorFlow operations behind them,
// written so that no intermediate overflows where the result does not, and so that a NaN passes
// through: comparisons are ordered and a NaN takes the branch that returns x.
//
//===----------------------------------------------------------------------===//

#include "LinalgForms.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// Arithmetic on scalars of one type, spelled shortly.
struct Scalars {
  OpBuilder &builder;
  Location loc;
  Type type;

  Value number(double value) { return createConstant(builder, loc, type, value); }
  Value add(Value a, Value b) { return arith::AddFOp::create(builder, loc, a, b); }
  Value sub(Value a, Value b) { return arith::SubFOp::create(builder, loc, a, b); }
  Value mul(Value a, Value b) { return arith::MulFOp::create(builder, loc, a, b); }
  Value div(Value a, Value b) { return arith::DivFOp::create(builder, loc, a, b); }
  Value neg(Value a) { return arith::NegFOp::create(builder, loc, a); }
  template <typename Op> Value math(Value a) { return Op::create(builder, loc, a); }

  /// a `predicate` b ? yes : no
  Value select(arith::CmpFPredicate predicate, Value a, Value b, Value yes, Value no) {
    Value condition = arith::CmpFOp::create(builder, loc, predicate, a, b);
    return arith::SelectOp::create(builder, loc, condition, yes, no);
  }
  Value ifLess(Value a, Value b, Value yes, Value no) {
    return select(arith::CmpFPredicate::OLT, a, b, yes, no);
  }
  Value clipAbove(Value x, double most) {
    Value limit = number(most);
    return select(arith::CmpFPredicate::OGT, x, limit, limit, x);
  }

  Value relu(Value x, double alpha, double maxValue, double threshold);
  Value elu(Value x, double alpha);
  Value sigmoidDenominator(Value x) { return add(number(1), math<math::ExpOp>(neg(x))); }
  Value hardSigmoid(Value x) { return mul(relu(add(x, number(3)), 0, 6, 0), number(1.0 / 6)); }
  Value gelu(Value x);
  Value geluTanh(Value x);
  Value softplus(Value x);
};

} // namespace

Value Scalars::relu(Value x, double alpha, double maxValue, double threshold) {
  Value limit = number(threshold), negative = limit;
  if (alpha != 0)
    negative = mul(number(alpha), threshold == 0 ? x : sub(x, limit));
  else if (threshold != 0)
    negative = number(0);
  // Keras lets only x > threshold through. For a threshold of 0 the two comparisons differ in the
  // sign of a zero, and OLT is the one that is a single maximum instruction.
  auto predicate = threshold == 0 ? arith::CmpFPredicate::OLT : arith::CmpFPredicate::OLE;
  Value result = select(predicate, x, limit, negative, x);
  return std::isinf(maxValue) ? result : clipAbove(result, maxValue);
}

Value Scalars::elu(Value x, double alpha) {
  Value below = math<math::ExpM1Op>(x);
  return ifLess(x, number(0), alpha == 1 ? below : mul(number(alpha), below), x);
}

/// 0.5 * x * (1 + erf(x / sqrt(2))), where TensorFlow rounds sqrt(1 / 2) to float32, in float64 too
Value Scalars::gelu(Value x) {
  Value erf = math<math::ErfOp>(mul(x, number(0.70710678118654752f)));
  return mul(mul(number(0.5), x), add(number(1), erf));
}

/// 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))), where the same happens to 0.044715
Value Scalars::geluTanh(Value x) {
  Value cube = mul(mul(x, x), x);
  Value inner = mul(number(0.79788456080286536), add(x, mul(number(0.044715f), cube)));
  return mul(mul(number(0.5), x), add(number(1), math<math::TanhOp>(inner)));
}

/// log(1 + exp(x)), written as max(x, 0) + log1p(exp(-|x|)), which does not overflow.
Value Scalars::softplus(Value x) {
  Value exp = math<math::ExpOp>(neg(math<math::AbsFOp>(x)));
  return add(relu(x, 0, INFINITY, 0), math<math::Log1pOp>(exp));
}

Value sepconv::createActivation(OpBuilder &builder, Location loc, ActivationAttr activation,
                                Value x) {
  Scalars s{builder, loc, x.getType()};
  double alpha = activation.getAlpha().convertToDouble();
  switch (activation.getKind()) {
  case ActivationKind::Linear:
    return x;
  case ActivationKind::Relu:
    return s.relu(x, alpha, activation.getMaxValue().convertToDouble(),
                  activation.getThreshold().convertToDouble());
  case ActivationKind::Elu:
    return s.elu(x, alpha);
  case ActivationKind::Selu:
    return s.mul(s.number(1.0507009873554804934), s.elu(x, 1.6732632423543772848));
  case ActivationKind::Sigmoid:
    return s.div(s.number(1), s.sigmoidDenominator(x));
  case ActivationKind::Tanh:
    return s.math<math::TanhOp>(x);
  case ActivationKind::Silu:
    return s.div(x, s.sigmoidDenominator(x));
  case ActivationKind::HardSigmoid:
    return s.hardSigmoid(x);
  case ActivationKind::HardSilu:
    return s.mul(x, s.hardSigmoid(x));
  case ActivationKind::Gelu:
    return s.gelu(x);
  case ActivationKind::GeluTanh:
    return s.geluTanh(x);
  case ActivationKind::Softplus:
    return s.softplus(x);
  case ActivationKind::Softsign:
    return s.div(x, s.add(s.number(1), s.math<math::AbsFOp>(x)));
  case ActivationKind::Exponential:
    return s.math<math::ExpOp>(x);
  case ActivationKind::Mish:
    return s.mul(x, s.math<math::TanhOp>(s.softplus(x)));
  case ActivationKind::LogSigmoid:
    return s.neg(s.softplus(s.neg(x)));
  }
  llvm_unreachable("unknown activation");
}
