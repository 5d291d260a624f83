//===- Float64Angles.cpp - functions of angles, and their inverses ----------===//

#include "Float64Functions.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

/// pi / 2 in three numbers.
static constexpr double kRightAngle[] = {1.5707963267948966, 6.123233995736766e-17,
                                         -1.4973849048591833e-33};
/// Up to here the number of right angles is the nearest one or as good as it.
static constexpr double kLargestAngle = 0x1p40;

/// sin(x + quarters * pi / 2): a polynomial of what is left of the nearest right angle, which is in
/// two parts.
Value Float64Functions::sine(Value x, int64_t quarters) {
  Value isAngle = is(Compare::OLT, abs(x), kLargestAngle);
  Value angle = select(isAngle, x, number(0));
  Value nearest = floor(add(mul(angle, number(2 * llvm::numbers::inv_pi)), number(0.5)));
  auto [first, firstError] = product(nearest, number(kRightAngle[0]));
  auto [second, secondError] = product(nearest, number(kRightAngle[1]));
  auto [difference, lost] = sum(sub(angle, first), neg(firstError));
  auto [closer, lostAgain] = sum(difference, neg(second));
  Value behind = sub(sub(add(lost, lostAgain), secondError), mul(nearest, number(kRightAngle[2])));
  auto [rest, low] = sum(closer, behind);

  SmallVector<double> sines, cosines;
  double factorial = 2;
  for (int n = 3; n <= 18; ++n) { // the next terms are below 1e-18
    factorial *= n;
    (n % 2 ? sines : cosines).push_back((n / 2 % 2 ? -1 : 1) / factorial);
  }
  Value square = mul(rest, rest), half = mul(square, number(0.5));
  Value sineOfRest = add(
      rest, add(mul(mul(square, rest), polynomial(square, sines)), mul(low, sub(number(1), half))));
  // What 1 - half loses is added again (fdlibm's k_cos.c).
  Value most = sub(number(1), half);
  Value correction = sub(mul(mul(square, square), polynomial(square, cosines)), mul(rest, low));
  Value cosineOfRest = add(most, add(sub(sub(number(1), most), half), correction));

  Value number64 = arith::FPToSIOp::create(b, integers(), nearest);
  Value quarter = arith::AddIOp::create(b, number64, integer(quarters));
  auto bit = [&](int64_t which) -> Value {
    Value masked = arith::AndIOp::create(b, quarter, integer(which));
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, masked, integer(0));
  };
  Value result = select(bit(1), cosineOfRest, sineOfRest);
  result = select(bit(2), neg(result), result);
  if (quarters == 0)
    result = select(is(Compare::OEQ, x, 0), x, result); // -0
  return select(isAngle, result, number(std::numeric_limits<double>::quiet_NaN()));
}

Value Float64Functions::tan(Value x) { return div(sin(x), cos(x)); }

/// With the angle of the nearest of 0, 1 and infinity taken off, the Taylor series of at most
/// sqrt(2) - 1.
Value Float64Functions::atan(Value x) {
  Value magnitude = abs(x);
  Value isSteep = is(Compare::OGT, magnitude, 2.414213562373095);
  Value isSome = is(Compare::OGT, magnitude, 0.41421356237309503);
  Value steep = div(number(-1), magnitude);
  Value some = div(sub(magnitude, number(1)), add(magnitude, number(1)));
  Value rest = select(isSteep, steep, select(isSome, some, magnitude));
  auto part = [&](double rightAngle) {
    return select(isSteep, number(rightAngle), select(isSome, number(rightAngle / 2), number(0)));
  };
  SmallVector<double> series;
  for (int n = 3; n <= 47; n += 2)
    series.push_back((n / 2 % 2 ? -1.0 : 1.0) / n);
  Value square = mul(rest, rest);
  Value small = mul(mul(rest, square), polynomial(square, series));
  auto [total, lost] = sum(part(kRightAngle[0]), rest);
  return signOf(x, add(total, add(lost, add(small, part(kRightAngle[1])))));
}

Value Float64Functions::asin(Value x) {
  Value cosine = sqrt(mul(sub(number(1), x), add(number(1), x)));
  return atan(div(x, cosine));
}

Value Float64Functions::acos(Value x) {
  Value half = atan(sqrt(div(sub(number(1), x), add(number(1), x))));
  return mul(number(2), half);
}

Value Float64Functions::atan2(Value y, Value x) {
  Value rise = abs(y), run = abs(x);
  Value equal = is(Compare::OEQ, rise, run);
  Value slope = select(equal, number(1), div(rise, run)); // of two infinities too
  slope = select(both(equal, is(Compare::OEQ, run, 0)), number(0), slope);
  Value angle = atan(slope);
  // The sign of the run counts, of 0 too.
  Value isBehind = is(Compare::OLT, signOf(x, number(1)), 0);
  Value behind = sub(number(2 * kRightAngle[0]), sub(angle, number(2 * kRightAngle[1])));
  Value result = signOf(y, select(isBehind, behind, angle));
  return select(is(Compare::UNO, x, y), add(x, y), result);
}
