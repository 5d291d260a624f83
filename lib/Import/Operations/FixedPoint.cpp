//===- FixedPoint.cpp - products with numbers that are integers and shifts -------===//

#include "FixedPoint.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

//===----------------------------------------------------------------------===//
// Of numbers that are known
//===----------------------------------------------------------------------===//

Multiplier ops::multiplierOf(double number) {
  constexpr int32_t greatest = std::numeric_limits<int32_t>::max();
  if (!(number < std::exp2(30))) // no file that means it has one
    return {greatest, 30};
  if (number == 0)
    return {};
  Multiplier result;
  auto value = static_cast<int64_t>(std::round(std::frexp(number, &result.shift) * (1ll << 31)));
  if (value == (1ll << 31)) {
    value /= 2;
    ++result.shift;
  }
  if (result.shift < -31)
    return {};
  result.value = value;
  return result;
}

int32_t ops::highProduct(int32_t a, int32_t b) {
  constexpr int32_t least = std::numeric_limits<int32_t>::min();
  if (a == least && b == least)
    return std::numeric_limits<int32_t>::max();
  return (int64_t(a) * b + (1 << 30)) >> 31;
}

int32_t ops::roundingShift(int32_t x, int shift) {
  int64_t half = (int64_t(1) << shift) >> 1;
  return (x + half - (shift && x < 0)) >> shift;
}

int32_t ops::multiply(int32_t x, Multiplier multiplier) {
  int left = std::max(multiplier.shift, 0), right = std::max(-multiplier.shift, 0);
  auto shifted = static_cast<int32_t>(static_cast<uint32_t>(x) << left);
  return roundingShift(highProduct(shifted, multiplier.value), right);
}

/// The nearest number of 32 bits.
static int32_t saturated(int64_t x) {
  return std::clamp<int64_t>(x, std::numeric_limits<int32_t>::min(),
                             std::numeric_limits<int32_t>::max());
}

/// exp(x / 2^31) for -1/4 <= x / 2^31 < 0: a polynomial around -1/8.
static int32_t expNearZero(int32_t x) {
  constexpr int32_t expOfEighth = 1895147668, third = 715827883; // exp(-1/8), 1/3
  int32_t a = x + (1 << 28), square = highProduct(a, a), cube = highProduct(square, a);
  int32_t quarter = roundingShift(highProduct(square, square), 2);
  int32_t rest = roundingShift(highProduct(quarter + cube, third) + square, 1);
  return saturated(int64_t(expOfEighth) + highProduct(expOfEighth, a + rest));
}

/// Of the part above quarters by the polynomial; for each bit of the quarters, a factor.
int32_t ops::expOfNegative(int32_t x) {
  if (x == 0)
    return std::numeric_limits<int32_t>::max();
  constexpr int32_t quarter = 1 << 24;
  int32_t part = (-x & (quarter - 1)) - quarter, quarters = part + x;
  int32_t result = expNearZero(saturated(int64_t(part) * 32));
  // exp(-2^i / 4), from i = 0 on.
  static constexpr int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                                        39332535,   720401,     242};
  for (auto [i, factor] : llvm::enumerate(factors))
    if (quarters & (quarter << i))
      result = highProduct(result, factor);
  return result;
}

//===----------------------------------------------------------------------===//
// As operations
//===----------------------------------------------------------------------===//

Value ops::integer(OpBuilder &b, Location loc, Type type, int64_t value) {
  return arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
}

Value ops::clamp(OpBuilder &b, Location loc, Value x, int64_t least, int64_t greatest) {
  Type type = x.getType();
  Value above = arith::MaxSIOp::create(b, loc, x, integer(b, loc, type, least));
  return arith::MinSIOp::create(b, loc, above, integer(b, loc, type, greatest));
}

static Value extended(OpBuilder &b, Location loc, Value x) {
  Type wide = b.getI64Type();
  return x.getType() == wide ? x : arith::ExtSIOp::create(b, loc, wide, x).getResult();
}

/// Known shifts become known numbers.
static std::optional<int64_t> known(Value shift) {
  auto constant = shift.getDefiningOp<arith::ConstantOp>();
  auto number = constant ? dyn_cast<IntegerAttr>(constant.getValue()) : IntegerAttr();
  return number ? std::optional(number.getInt()) : std::nullopt;
}

Value ops::roundingShift(OpBuilder &b, Location loc, Value x, Value shift) {
  if (known(shift) == 0)
    return x;
  Type type = x.getType();
  Value one = integer(b, loc, type, 1), sign = integer(b, loc, type, 63), half;
  Value amount = extended(b, loc, shift);
  if (auto number = known(shift)) {
    amount = integer(b, loc, type, *number);
    half = integer(b, loc, type, int64_t(1) << (*number - 1));
  } else {
    half = arith::ShRSIOp::create(b, loc, arith::ShLIOp::create(b, loc, one, amount), one);
  }
  // Below zero one less, so that halves round down; where nothing is shifted, nothing is rounded.
  Value negative = arith::ShRSIOp::create(b, loc, x, sign);
  Value less =
      known(shift)
          ? negative
          : arith::MaxSIOp::create(b, loc, negative,
                                   arith::SubIOp::create(b, loc, integer(b, loc, type, 0), half));
  Value nudged = arith::AddIOp::create(b, loc, arith::AddIOp::create(b, loc, x, half), less);
  return arith::ShRSIOp::create(b, loc, nudged, amount);
}

/// Of sums of 64 bits.
static Value multiplyWide(OpBuilder &b, Location loc, Value x, const MultiplierValues &by) {
  Type wide = b.getI64Type();
  auto number = [&](int64_t value) { return integer(b, loc, wide, value); };
  Value rounded = arith::AddIOp::create(b, loc, extended(b, loc, by.value), number(1 << 15));
  Value upper = arith::ShRSIOp::create(b, loc, rounded, number(16));
  upper = arith::MinSIOp::create(b, loc, upper, number(0x7fff));
  Value shift = arith::AddIOp::create(b, loc, extended(b, loc, by.right), number(15));
  if (by.left)
    shift = arith::SubIOp::create(b, loc, shift, extended(b, loc, by.left));
  Value before = arith::SubIOp::create(b, loc, shift, number(1));
  Value half = arith::ShLIOp::create(b, loc, number(1), before);
  Value product = arith::MulIOp::create(b, loc, x, upper);
  return arith::TruncIOp::create(
      b, loc, b.getI32Type(),
      arith::ShRSIOp::create(b, loc, arith::AddIOp::create(b, loc, product, half), shift));
}

Value ops::multiply(OpBuilder &b, Location loc, Value x, const MultiplierValues &by) {
  if (x.getType().isInteger(64))
    return multiplyWide(b, loc, x, by);
  if (by.left)
    x = arith::ShLIOp::create(b, loc, x, by.left);
  Type wide = b.getI64Type();
  Value product = arith::MulIOp::create(b, loc, extended(b, loc, x), extended(b, loc, by.value));
  Value rounded = arith::AddIOp::create(b, loc, product, integer(b, loc, wide, 1 << 30));
  Value high = arith::ShRSIOp::create(b, loc, rounded, integer(b, loc, wide, 31));
  return arith::TruncIOp::create(b, loc, b.getI32Type(), roundingShift(b, loc, high, by.right));
}

Value ops::multiply(OpBuilder &b, Location loc, Value x, Multiplier multiplier) {
  Type type = b.getI32Type();
  int left = std::max(multiplier.shift, 0), right = std::max(-multiplier.shift, 0);
  return multiply(b, loc, x,
                  MultiplierValues{integer(b, loc, type, multiplier.value),
                                   left ? integer(b, loc, type, left) : Value(),
                                   integer(b, loc, type, right)});
}
