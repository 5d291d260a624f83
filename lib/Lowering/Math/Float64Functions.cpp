//===- Float64Functions.cpp - exponentials, logarithms and powers -----------===//

#include "Float64Functions.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

/// Of ln 2 the part of 33 bits, which multiples of an exponent are exact of, and the rest.
static constexpr double kLn2High = 6.93147180369123816490e-01, kLn2Low = 1.90821492927058770002e-10;
static constexpr double kInfinity = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

Value Float64Functions::abs(Value x) { return math::AbsFOp::create(b, x); }
Value Float64Functions::sqrt(Value x) { return math::SqrtOp::create(b, x); }
Value Float64Functions::floor(Value x) { return math::FloorOp::create(b, x); }
Value Float64Functions::signOf(Value of, Value magnitude) {
  return math::CopySignOp::create(b, magnitude, of);
}

/// The coefficients in ascending order.
Value Float64Functions::polynomial(Value x, ArrayRef<double> coefficients) {
  Value result = number(coefficients.back());
  for (double coefficient : llvm::reverse(coefficients.drop_back()))
    result = add(mul(result, x), number(coefficient));
  return result;
}

Value Float64Functions::powerOf2(Value exponent) {
  Value biased = arith::AddIOp::create(b, exponent, integer(1023));
  return fromBits(arith::ShLIOp::create(b, biased, integer(52)));
}

/// Knuth's, for any order of magnitudes.
Float64Functions::Pair Float64Functions::sum(Value x, Value y) {
  Value total = add(x, y), ofY = sub(total, x);
  return {total, add(sub(x, sub(total, ofY)), sub(y, ofY))};
}

/// Dekker's, of the upper 26 bits of each factor and the rest, whose products are exact.
Float64Functions::Pair Float64Functions::product(Value x, Value y) {
  auto upper = [&](Value value) {
    return fromBits(arith::AndIOp::create(b, bitsOf(value), integer(-(int64_t(1) << 27))));
  };
  Value total = mul(x, y), xHigh = upper(x), yHigh = upper(y);
  Value xLow = sub(x, xHigh), yLow = sub(y, yHigh);
  Value error = add(sub(mul(xHigh, yHigh), total), mul(xHigh, yLow));
  return {total, add(add(error, mul(xLow, yHigh)), mul(xLow, yLow))};
}

//===----------------------------------------------------------------------===//
// Exponentials
//===----------------------------------------------------------------------===//

Float64Functions::Pair Float64Functions::reduce(Value x) {
  Value nearest = floor(add(mul(x, number(1 / llvm::numbers::ln2)), number(0.5)));
  Value rest = sub(sub(x, mul(nearest, number(kLn2High))), mul(nearest, number(kLn2Low)));
  return {arith::FPToSIOp::create(b, integers(), nearest), rest};
}

/// The Taylor series up to the power 13: the next term is below 1e-17.
Value Float64Functions::reducedExpm1(Value rest) {
  SmallVector<double> coefficients;
  double factorial = 1;
  for (int n = 2; n <= 13; ++n)
    coefficients.push_back(1 / (factorial *= n));
  return add(rest, mul(mul(rest, rest), polynomial(rest, coefficients)));
}

/// Two powers of 2, so that neither overflows where the result does not.
Value Float64Functions::scaled(Value rest, Value exponent) {
  Value half = arith::ShRSIOp::create(b, exponent, integer(1));
  Value other = arith::SubIOp::create(b, exponent, half);
  return mul(mul(add(reducedExpm1(rest), number(1)), powerOf2(half)), powerOf2(other));
}

Value Float64Functions::scaledExp(Value x, int64_t exponent) {
  Value clamped = select(is(Compare::OGT, x, 712), number(712), x);
  clamped = select(is(Compare::OLT, clamped, -746), number(-746), clamped);
  clamped = select(is(Compare::UNO, x, 0), number(0), clamped);
  auto [nearest, rest] = reduce(clamped);
  Value result = scaled(rest, arith::AddIOp::create(b, nearest, integer(exponent)));
  return select(is(Compare::UNO, x, 0), x, result);
}

Value Float64Functions::exp2(Value x) {
  Value clamped = select(is(Compare::OGT, x, 1100), number(1100), x);
  clamped = select(is(Compare::OLT, clamped, -1100), number(-1100), clamped);
  clamped = select(is(Compare::UNO, x, 0), number(0), clamped);
  Value nearest = floor(add(clamped, number(0.5)));
  Value rest = mul(sub(clamped, nearest), number(llvm::numbers::ln2));
  Value result = scaled(rest, arith::FPToSIOp::create(b, integers(), nearest));
  return select(is(Compare::UNO, x, 0), x, result);
}

/// Beyond 40 the 1 is less than half a unit of the last place.
Value Float64Functions::expm1(Value x) {
  Value isSmall = is(Compare::OLT, abs(x), 40);
  auto [exponent, rest] = reduce(select(isSmall, x, number(0)));
  Value power = powerOf2(exponent);
  Value small = add(mul(reducedExpm1(rest), power), sub(power, number(1)));
  // Of the rest itself nothing is added: -0 stays -0.
  Value isZero = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, exponent, integer(0));
  small = select(isZero, reducedExpm1(rest), small);
  return select(isSmall, small, sub(exp(x), number(1)));
}

//===----------------------------------------------------------------------===//
// Logarithms
//===----------------------------------------------------------------------===//

Float64Functions::Pair Float64Functions::mantissa(Value x) {
  Value isTiny = is(Compare::OLT, x, 0x1p-1022);
  Value bits = bitsOf(select(isTiny, mul(x, number(0x1p54)), x));
  // Above the bits of sqrt(1/2), so that the exponent is that of 1 + f.
  constexpr int64_t kRootHalf = 0x3fe6a09e667f3bcd;
  Value shifted = arith::SubIOp::create(b, bits, integer(kRootHalf));
  Value exponent = arith::ShRSIOp::create(b, shifted, integer(52));
  Value rest = arith::SubIOp::create(b, bits, arith::ShLIOp::create(b, exponent, integer(52)));
  Value e = arith::SIToFPOp::create(b, type, exponent);
  return {sub(e, select(isTiny, number(54), number(0))), sub(fromBits(rest), number(1))};
}

/// A series in s = f / (2 + f), whose first term, 2 s, is in two parts; the other ones are a
/// hundredth of it.
Float64Functions::Pair Float64Functions::logOfMantissa(Value f) {
  auto [divisor, lost] = sum(number(2), f);
  Value s = div(f, divisor), square = mul(s, s);
  auto [back, error] = product(s, divisor);
  Value rest = sub(sub(sub(f, back), error), mul(s, lost));
  SmallVector<double> coefficients;
  for (int n = 3; n <= 23; n += 2)
    coefficients.push_back(2.0 / n);
  Value tail = add(mul(mul(square, s), polynomial(square, coefficients)),
                   mul(number(2), div(rest, divisor)));
  return sum(mul(number(2), s), tail);
}

Float64Functions::Pair Float64Functions::logParts(Value x) {
  auto [exponent, f] = mantissa(x);
  auto [high, low] = logOfMantissa(f);
  auto [total, error] = sum(mul(exponent, number(kLn2High)), high);
  return sum(total, add(error, add(low, mul(exponent, number(kLn2Low)))));
}

Value Float64Functions::specialLog(Value x, Value result) {
  result = select(is(Compare::OEQ, x, kInfinity), x, result);
  result = select(is(Compare::OEQ, x, 0), number(-kInfinity), result);
  Value isNone = is(Compare::ULT, x, 0);
  return select(isNone, number(std::numeric_limits<double>::quiet_NaN()), result);
}

Value Float64Functions::log(Value x) { return specialLog(x, logParts(x).first); }

/// What 1 + x loses of x is what makes the quotient right (Goldberg 1991, theorem 4).
Value Float64Functions::log1p(Value x) {
  Value sum = add(x, number(1)), lost = sub(sum, number(1));
  Value result = mul(log(sum), div(x, lost));
  Value isExact = is(Compare::OEQ, lost, 0);
  Value isInfinite = is(Compare::OEQ, x, kInfinity);
  return select(arith::OrIOp::create(b, isExact, isInfinite), x, result);
}

/// The exponent is not rounded: powers of 2 have whole logarithms.
Value Float64Functions::log2(Value x) {
  auto [exponent, f] = mantissa(x);
  auto [high, low] = logOfMantissa(f);
  // 1 / ln 2, of which the second number is the rest.
  auto [total, error] = product(high, number(1.4426950408889634));
  Value rest = add(add(error, mul(high, number(2.0355273740931033e-17))),
                   mul(low, number(1.4426950408889634)));
  auto [whole, lost] = sum(exponent, total);
  return specialLog(x, add(whole, add(lost, rest)));
}

Value Float64Functions::log10(Value x) {
  auto [high, low] = logParts(x);
  // 1 / ln 10, likewise.
  auto [total, error] = product(high, number(0.4342944819032518));
  Value rest = add(add(error, mul(high, number(1.098319650216765e-17))),
                   mul(low, number(0.4342944819032518)));
  return specialLog(x, add(total, rest));
}

/// exp(y * log|x|), whose exponent is in two parts; negative for a negative x and an odd y, and no
/// number where y is no integer.
Value Float64Functions::pow(Value x, Value y) {
  Value magnitude = abs(x);
  auto [high, low] = logParts(magnitude);
  auto [exponent, error] = product(y, high);
  Value rest = add(error, mul(y, low));
  // Where the result is 0 or infinite there is no error to see to.
  rest = select(is(Compare::OLT, abs(exponent), 800), rest, number(0));
  Value power = exp(exponent);
  Value result = add(power, mul(power, rest));
  result = select(is(Compare::OEQ, power, kInfinity), power, result);
  Value isLarge = is(Compare::OEQ, magnitude, kInfinity);
  Value isExtreme = arith::OrIOp::create(b, isLarge, is(Compare::OEQ, magnitude, 0));
  Value isUp = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, isLarge, is(Compare::OGT, y, 0));
  result = select(isExtreme, select(isUp, number(kInfinity), number(0)), result);
  // An infinite y, against which the error of the logarithm is nothing.
  Value isAbove = is(Compare::OGT, magnitude, 1);
  Value grows = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, isAbove, is(Compare::OGT, y, 0));
  result = select(is(Compare::OEQ, abs(y), kInfinity), select(grows, number(kInfinity), number(0)),
                  result);
  Value half = mul(y, number(0.5));
  Value isOdd = both(is(Compare::OEQ, floor(y), y), is(Compare::UNE, floor(half), half));
  Value isFinite = is(Compare::OLT, magnitude, kInfinity);
  Value isNegative = both(is(Compare::OLT, x, 0), isFinite);
  Value isNone = both(isNegative, is(Compare::UNE, floor(y), y));
  result = select(isNone, number(std::numeric_limits<double>::quiet_NaN()), result);
  result = select(isOdd, signOf(x, result), result);
  Value unordered = is(Compare::UNO, x, y);
  result = select(unordered, add(x, y), result);
  Value isOne = arith::OrIOp::create(b, is(Compare::OEQ, x, 1), is(Compare::OEQ, y, 0));
  isOne = arith::OrIOp::create(b, isOne,
                               both(is(Compare::OEQ, x, -1), is(Compare::OEQ, abs(y), kInfinity)));
  return select(isOne, number(1), result);
}
