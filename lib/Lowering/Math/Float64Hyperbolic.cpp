//===- Float64Hyperbolic.cpp - hyperbolic functions, roots and the error function ---===//

#include "Float64Functions.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Beyond 22 the smaller exponential is less than half a unit of the last place, and expm1
/// overflows before the result does.
Value Float64Functions::sinh(Value x) {
  Value magnitude = abs(x), power = expm1(magnitude);
  Value small = mul(number(0.5), add(power, div(power, add(power, number(1)))));
  Value result = select(is(Compare::OLT, magnitude, 22), small, scaledExp(magnitude, -1));
  return signOf(x, result);
}

Value Float64Functions::cosh(Value x) {
  Value half = scaledExp(abs(x), -1);
  return add(half, div(number(0.25), half));
}

Value Float64Functions::tanh(Value x) {
  Value magnitude = abs(x);
  Value power = expm1(mul(magnitude, number(2)));
  Value result = div(power, add(power, number(2)));
  result = select(is(Compare::OGT, magnitude, 22), number(1), result);
  return signOf(x, result);
}

/// Beyond 2^28 the square root is x itself, and below that its square does not overflow.
Value Float64Functions::asinh(Value x) {
  Value magnitude = abs(x), isLarge = is(Compare::OGT, magnitude, 0x1p28);
  Value some = select(isLarge, number(1), magnitude), square = mul(some, some);
  Value root = sqrt(add(square, number(1)));
  Value small = log1p(add(some, div(square, add(root, number(1)))));
  Value large = add(log(magnitude), number(llvm::numbers::ln2));
  return signOf(x, select(isLarge, large, small));
}

Value Float64Functions::acosh(Value x) {
  Value isLarge = is(Compare::OGT, x, 0x1p28);
  Value above = sub(select(isLarge, number(1), x), number(1));
  Value root = sqrt(add(mul(number(2), above), mul(above, above)));
  Value large = add(log(x), number(llvm::numbers::ln2));
  Value result = select(isLarge, large, log1p(add(above, root)));
  return select(is(Compare::ULT, x, 1), number(std::numeric_limits<double>::quiet_NaN()), result);
}

Value Float64Functions::atanh(Value x) {
  Value magnitude = abs(x);
  Value quotient = div(mul(number(2), magnitude), sub(number(1), magnitude));
  return signOf(x, mul(number(0.5), log1p(quotient)));
}

/// One step of Newton's on what the logarithm says.
Value Float64Functions::cbrt(Value x) {
  Value magnitude = abs(x);
  Value root = exp(mul(log(magnitude), number(1.0 / 3)));
  Value error = sub(root, div(magnitude, mul(root, root)));
  Value result = sub(root, mul(error, number(1.0 / 3)));
  Value isItself =
      arith::OrIOp::create(b, is(Compare::OEQ, x, 0), is(Compare::OEQ, magnitude, kInfinity));
  return signOf(x, select(isItself, magnitude, result));
}

//===----------------------------------------------------------------------===//
// The error function
//===----------------------------------------------------------------------===//

/// 1 - erf(x) from 1 on. Up to 6 it is exp(-x^2) p(t), where t goes with 1 / (x + 2) from 1 to -1:
/// p is a fit of exp(x^2) erfc(x) at 200 Chebyshev nodes. Beyond, the asymptotic series in 1 / x^2.
Value Float64Functions::complementOfErf(Value magnitude) {
  static const double fit[] = {
      0.22142954022993175,     0.16189356804102534,    0.03856057042518245,
      0.005588816281829828,    0.0001971391777567888,  -8.079220416052912e-05,
      -7.340518303955436e-06,  1.9795613415141138e-06, 1.6350115075169933e-07,
      -7.005206370536146e-08,  -5.92891069572943e-10,  2.622677186536749e-09,
      -2.6320776669308557e-10, -7.301537152670793e-11, 1.855369191616774e-11,
  };
  SmallVector<double> series{1};
  for (int n = 1; n <= 24; ++n)
    series.push_back(series.back() * -(2 * n - 1) / 2);
  Value clamped = select(is(Compare::OLT, magnitude, 30), magnitude, number(30));
  auto [square, error] = product(clamped, clamped);
  Value power = exp(neg(square));
  power = sub(power, mul(power, error));
  Value t = sub(div(number(9.6), add(clamped, number(2))), number(2.2));
  Value inverse = div(number(1), square);
  Value far = div(mul(polynomial(inverse, series), number(llvm::numbers::inv_sqrtpi)), clamped);
  return mul(power, select(is(Compare::OGT, clamped, 6), far, polynomial(t, fit)));
}

/// Up to 1 the Taylor series.
Value Float64Functions::erf(Value x) {
  Value magnitude = abs(x), square = mul(x, x);
  SmallVector<double> series;
  double factorial = 1;
  for (int n = 0; n <= 17; factorial *= ++n)
    series.push_back((n % 2 ? -1 : 1) * 2 * llvm::numbers::inv_sqrtpi / (factorial * (2 * n + 1)));
  Value small = mul(magnitude, polynomial(square, series));
  Value large = sub(number(1), complementOfErf(magnitude));
  Value result = select(is(Compare::OLT, magnitude, 1), small, large);
  return signOf(x, select(is(Compare::UNO, x, 0), x, result));
}

/// Of a small argument the complement of the series, which is at least 0.15 and loses two bits; the
/// fit is for results near 1. The error is up to 8 units.
Value Float64Functions::erfc(Value x) {
  Value complement = complementOfErf(abs(x));
  Value large = select(is(Compare::OLT, x, 0), sub(number(2), complement), complement);
  Value isSmall = is(Compare::OLT, abs(x), 1);
  Value result = select(isSmall, sub(number(1), erf(x)), large);
  return select(is(Compare::UNO, x, 0), x, result);
}
