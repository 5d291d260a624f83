//===- ApproximateFloat64.cpp - functions of float64 where there is no libm -------===//
//
// Without branches, so that vectors stay vectors. Errors are up to 3 units in the last place; a
// test compares them with libm's (test/Execution/emulator/float64.test).
//
//===----------------------------------------------------------------------===//

#include "sepconv/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_APPROXIMATEFLOAT64
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// Of ln 2 the part of 33 bits, which multiples of an exponent are exact of, and the rest.
constexpr double kLn2High = 6.93147180369123816490e-01, kLn2Low = 1.90821492927058770002e-10;

/// Builds functions of values that are float64, or vectors of it.
class Functions {
public:
  Functions(Operation *op) : b(op->getLoc(), op), type(op->getResult(0).getType()) {}

  Value exp(Value x);
  Value expm1(Value x);
  Value log(Value x);
  Value log1p(Value x);
  Value tanh(Value x);
  Value erf(Value x);

private:
  using Compare = arith::CmpFPredicate;
  template <typename T> Value splat(Type of, T value) {
    auto vector = dyn_cast<VectorType>(of);
    Type element = getElementTypeOrSelf(of);
    TypedAttr one = isa<FloatType>(element) ? TypedAttr(b.getFloatAttr(element, double(value)))
                                            : TypedAttr(b.getIntegerAttr(element, int64_t(value)));
    return arith::ConstantOp::create(
        b, of, vector ? TypedAttr(DenseElementsAttr::get(vector, Attribute(one))) : one);
  }
  Value number(double value) { return splat(type, value); }
  Type integers() {
    Type element = b.getI64Type();
    auto vector = dyn_cast<VectorType>(type);
    return vector ? Type(VectorType::get(vector.getShape(), element)) : element;
  }
  Value integer(int64_t value) { return splat(integers(), value); }
  Value add(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, x, y); }
  Value is(Compare predicate, Value x, double y) {
    return arith::CmpFOp::create(b, predicate, x, number(y));
  }
  Value select(Value condition, Value x, Value y) {
    return arith::SelectOp::create(b, condition, x, y);
  }
  Value bitsOf(Value x) { return arith::BitcastOp::create(b, integers(), x); }
  Value fromBits(Value x) { return arith::BitcastOp::create(b, type, x); }
  Value polynomial(Value x, ArrayRef<double> coefficients);
  Value powerOf2(Value exponent);
  /// x = exponent * ln 2 + rest, with |rest| at most ln 2 / 2.
  std::pair<Value, Value> reduce(Value x);
  /// exp(rest) - 1.
  Value reducedExpm1(Value rest);

  ImplicitLocOpBuilder b;
  Type type;
};

} // namespace

/// The coefficients in ascending order.
Value Functions::polynomial(Value x, ArrayRef<double> coefficients) {
  Value result = number(coefficients.back());
  for (double coefficient : llvm::reverse(coefficients.drop_back()))
    result = add(mul(result, x), number(coefficient));
  return result;
}

Value Functions::powerOf2(Value exponent) {
  Value biased = arith::AddIOp::create(b, exponent, integer(1023));
  return fromBits(arith::ShLIOp::create(b, biased, integer(52)));
}

std::pair<Value, Value> Functions::reduce(Value x) {
  Value nearest =
      math::FloorOp::create(b, add(mul(x, number(1 / llvm::numbers::ln2)), number(0.5)));
  Value rest = sub(sub(x, mul(nearest, number(kLn2High))), mul(nearest, number(kLn2Low)));
  return {arith::FPToSIOp::create(b, integers(), nearest), rest};
}

/// The Taylor series up to the power 13: the next term is below 1e-17.
Value Functions::reducedExpm1(Value rest) {
  SmallVector<double> coefficients;
  double factorial = 1;
  for (int n = 2; n <= 13; ++n)
    coefficients.push_back(1 / (factorial *= n));
  return add(rest, mul(mul(rest, rest), polynomial(rest, coefficients)));
}

/// Two powers of 2, so that neither overflows where the result does not.
Value Functions::exp(Value x) {
  Value clamped = select(is(Compare::OGT, x, 710), number(710), x);
  clamped = select(is(Compare::OLT, clamped, -746), number(-746), clamped);
  auto [exponent, rest] = reduce(clamped);
  Value half = arith::ShRSIOp::create(b, exponent, integer(1));
  Value other = arith::SubIOp::create(b, exponent, half);
  Value result = mul(mul(add(reducedExpm1(rest), number(1)), powerOf2(half)), powerOf2(other));
  return select(is(Compare::UNO, x, 0), x, result);
}

/// Beyond 40 the 1 is less than half a unit of the last place.
Value Functions::expm1(Value x) {
  Value isSmall = is(Compare::OLT, math::AbsFOp::create(b, x), 40);
  auto [exponent, rest] = reduce(select(isSmall, x, number(0)));
  Value power = powerOf2(exponent);
  Value small = add(mul(reducedExpm1(rest), power), sub(power, number(1)));
  // Of the rest itself nothing is added: -0 stays -0.
  Value isZero = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, exponent, integer(0));
  small = select(isZero, reducedExpm1(rest), small);
  return select(isSmall, small, sub(exp(x), number(1)));
}

/// x = 2^e * (1 + f), f from sqrt(1/2) - 1 to sqrt(2) - 1; log(1 + f) is a series in f / (2 + f).
/// How the parts are added is fdlibm's (e_log.c): the error of s * f cancels.
Value Functions::log(Value x) {
  Value isTiny = is(Compare::OLT, x, 0x1p-1022);
  Value bits = bitsOf(select(isTiny, mul(x, number(0x1p54)), x));
  // Above the bits of sqrt(1/2), so that the exponent is that of 1 + f.
  constexpr int64_t kRootHalf = 0x3fe6a09e667f3bcd, kOne = 0x3ff0000000000000;
  Value shifted = arith::SubIOp::create(b, bits, integer(kRootHalf));
  Value exponent = arith::ShRSIOp::create(b, shifted, integer(52));
  Value mantissa = arith::SubIOp::create(b, bits, arith::ShLIOp::create(b, exponent, integer(52)));
  static_assert(kRootHalf < kOne);
  Value f = sub(fromBits(mantissa), number(1));
  Value e = arith::SIToFPOp::create(b, type, exponent);
  e = sub(e, select(isTiny, number(54), number(0)));
  Value s = div(f, add(f, number(2))), square = mul(s, s);
  SmallVector<double> coefficients;
  for (int n = 3; n <= 23; n += 2)
    coefficients.push_back(2.0 / n);
  Value rest = mul(square, polynomial(square, coefficients));
  Value half = mul(mul(f, f), number(0.5));
  Value low = add(mul(s, add(half, rest)), mul(e, number(kLn2Low)));
  Value result = sub(mul(e, number(kLn2High)), sub(sub(half, low), f));
  constexpr double infinity = std::numeric_limits<double>::infinity();
  result = select(is(Compare::OEQ, x, infinity), x, result);
  result = select(is(Compare::OEQ, x, 0), number(-infinity), result);
  Value isNone = is(Compare::ULT, x, 0);
  return select(isNone, number(std::numeric_limits<double>::quiet_NaN()), result);
}

/// What 1 + x loses of x is what makes the quotient right (Goldberg 1991, theorem 4).
Value Functions::log1p(Value x) {
  Value sum = add(x, number(1)), lost = sub(sum, number(1));
  Value result = mul(log(sum), div(x, lost));
  Value isExact = is(Compare::OEQ, lost, 0);
  Value isInfinite = is(Compare::OEQ, x, std::numeric_limits<double>::infinity());
  return select(arith::OrIOp::create(b, isExact, isInfinite), x, result);
}

Value Functions::tanh(Value x) {
  Value magnitude = math::AbsFOp::create(b, x);
  Value power = expm1(mul(magnitude, number(2)));
  Value result = div(power, add(power, number(2)));
  result = select(is(Compare::OGT, magnitude, 22), number(1), result);
  return math::CopySignOp::create(b, result, x);
}

/// Up to 1 the Taylor series; from there to 6 1 - exp(-x^2) p(t), where t goes with 1 / (x + 2)
/// from 1 to -1: p is a fit of exp(x^2) erfc(x) at 200 Chebyshev nodes.
Value Functions::erf(Value x) {
  Value magnitude = math::AbsFOp::create(b, x), square = mul(x, x);
  SmallVector<double> series;
  double factorial = 1;
  for (int n = 0; n <= 17; factorial *= ++n)
    series.push_back((n % 2 ? -1 : 1) * 2 * llvm::numbers::inv_sqrtpi / (factorial * (2 * n + 1)));
  static const double fit[] = {
      0.22142954022993175,     0.16189356804102534,    0.03856057042518245,
      0.005588816281829828,    0.0001971391777567888,  -8.079220416052912e-05,
      -7.340518303955436e-06,  1.9795613415141138e-06, 1.6350115075169933e-07,
      -7.005206370536146e-08,  -5.92891069572943e-10,  2.622677186536749e-09,
      -2.6320776669308557e-10, -7.301537152670793e-11, 1.855369191616774e-11,
  };
  Value small = mul(magnitude, polynomial(square, series));
  Value t = sub(div(number(9.6), add(magnitude, number(2))), number(2.2));
  Value complement = mul(polynomial(t, fit), exp(arith::NegFOp::create(b, square)));
  Value result = select(is(Compare::OLT, magnitude, 1), small, sub(number(1), complement));
  result = select(is(Compare::OGT, magnitude, 6), number(1), result);
  return math::CopySignOp::create(b, result, x);
}

namespace {
struct ApproximateFloat64 : public sepconv::impl::ApproximateFloat64Base<ApproximateFloat64> {
  void runOnOperation() override {
    getOperation()->walk([](Operation *op) {
      if (op->getNumResults() != 1 || !getElementTypeOrSelf(op->getResult(0).getType()).isF64())
        return;
      Value result =
          llvm::TypeSwitch<Operation *, Value>(op)
              .Case([](math::ExpOp exp) { return Functions(exp).exp(exp.getOperand()); })
              .Case([](math::ExpM1Op expm1) { return Functions(expm1).expm1(expm1.getOperand()); })
              .Case([](math::LogOp log) { return Functions(log).log(log.getOperand()); })
              .Case([](math::Log1pOp log1p) { return Functions(log1p).log1p(log1p.getOperand()); })
              .Case([](math::TanhOp tanh) { return Functions(tanh).tanh(tanh.getOperand()); })
              .Case([](math::ErfOp erf) { return Functions(erf).erf(erf.getOperand()); })
              .Default(Value());
      if (!result)
        return;
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
    });
  }
};
} // namespace
