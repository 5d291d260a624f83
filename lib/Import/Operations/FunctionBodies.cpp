//===- FunctionBodies.cpp - what functions of any numbers compute ----------------===//

#include "FunctionBodies.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;
using namespace mlir::sepconv::ops::bodies;

Value bodies::compareWith(OpBuilder &b, Location loc, F ofFloats, I ofIntegers, Value x,
                          double than) {
  Value other = number(b, loc, x.getType(), than);
  if (isa<FloatType>(x.getType()))
    return arith::CmpFOp::create(b, loc, ofFloats, x, other);
  return arith::CmpIOp::create(b, loc, ofIntegers, x, other);
}

Value bodies::real(OpBuilder &b, Location loc, Value x) {
  return isa<FloatType>(x.getType()) ? x : convert(b, loc, x, b.getF32Type());
}

Value bodies::isNot0(OpBuilder &b, Location loc, Value x) {
  if (x.getType().isInteger(1))
    return x;
  return compare<arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne>(
      b, loc, {x, number(b, loc, x.getType(), 0)});
}

static Value chooseTruth(OpBuilder &b, Location loc, Value condition, bool yes, bool no) {
  return arith::SelectOp::create(b, loc, condition, number(b, loc, b.getI1Type(), yes),
                                 number(b, loc, b.getI1Type(), no));
}

Value bodies::logicalNot(OpBuilder &b, Location loc, ValueRange x) {
  return chooseTruth(b, loc, isNot0(b, loc, x[0]), false, true);
}

Value bodies::logicalXor(OpBuilder &b, Location loc, ValueRange x) {
  Value y = isNot0(b, loc, x[1]);
  return arith::SelectOp::create(b, loc, isNot0(b, loc, x[0]), logicalNot(b, loc, y), y);
}

Value bodies::isFinite(OpBuilder &b, Location loc, ValueRange x) {
  Value value = real(b, loc, x[0]);
  Value zero = arith::SubFOp::create(b, loc, value, value); // NaN of infinities and NaN
  return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ORD, zero, zero);
}

Value bodies::isNan(OpBuilder &b, Location loc, ValueRange x) {
  Value value = real(b, loc, x[0]);
  return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, value, value);
}

Value bodies::isInfinite(OpBuilder &b, Location loc, ValueRange x) {
  Value value = real(b, loc, x[0]);
  Value infinity = number(b, loc, value.getType(), std::numeric_limits<double>::infinity());
  return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ,
                               math::AbsFOp::create(b, loc, value), infinity);
}

Value bodies::square(OpBuilder &b, Location loc, ValueRange x) {
  return arithmetic<arith::MulFOp, arith::MulIOp>(b, loc, {x[0], x[0]});
}

Value bodies::squaredDifference(OpBuilder &b, Location loc, ValueRange x) {
  return square(b, loc, arithmetic<arith::SubFOp, arith::SubIOp>(b, loc, x));
}

Value bodies::reciprocal(OpBuilder &b, Location loc, ValueRange x) {
  return arith::DivFOp::create(b, loc, number(b, loc, x[0].getType(), 1), x[0]);
}

Value bodies::sign(OpBuilder &b, Location loc, ValueRange x) {
  Type type = x[0].getType();
  Value above = compareWith(b, loc, F::OGT, I::sgt, x[0], 0);
  Value below = compareWith(b, loc, F::OLT, I::slt, x[0], 0);
  Value rest = arith::SelectOp::create(b, loc, below, number(b, loc, type, -1), x[0]); // 0 or NaN
  return arith::SelectOp::create(b, loc, above, number(b, loc, type, 1), rest);
}

Value bodies::negative(OpBuilder &b, Location loc, ValueRange x) {
  if (isa<FloatType>(x[0].getType()))
    return arith::NegFOp::create(b, loc, x[0]);
  return arith::SubIOp::create(b, loc, number(b, loc, x[0].getType(), 0), x[0]);
}

Value bodies::absolute(OpBuilder &b, Location loc, ValueRange x) {
  if (isa<FloatType>(x[0].getType()))
    return math::AbsFOp::create(b, loc, x[0]);
  return arith::MaxSIOp::create(b, loc, x[0], negative(b, loc, x[0]));
}

/// Rounded towards 0. What a processor traps at, the divisors 0 and -1, is not divided by.
Value bodies::quotient(OpBuilder &b, Location loc, ValueRange x) {
  Type type = x[0].getType();
  if (isa<FloatType>(type))
    return arith::DivFOp::create(b, loc, x[0], x[1]);
  Value one = number(b, loc, type, 1);
  Value isZero = compareWith(b, loc, F::OEQ, I::eq, x[1], 0);
  Value isMinus1 = compareWith(b, loc, F::OEQ, I::eq, x[1], -1);
  Value divisor = arith::SelectOp::create(b, loc, isZero, one, x[1]);
  divisor = arith::SelectOp::create(b, loc, isMinus1, one, divisor);
  Value result = arith::DivSIOp::create(b, loc, x[0], divisor);
  return arith::SelectOp::create(b, loc, isMinus1, negative(b, loc, x[0]), result);
}

/// What a division that is rounded towards 0 leaves, with the sign of the dividend.
Value bodies::remainder(OpBuilder &b, Location loc, ValueRange x) {
  if (isa<FloatType>(x[0].getType())) {
    Value whole = math::TruncOp::create(b, loc, quotient(b, loc, x));
    return arith::SubFOp::create(b, loc, x[0], arith::MulFOp::create(b, loc, whole, x[1]));
  }
  Value multiple = arith::MulIOp::create(b, loc, quotient(b, loc, x), x[1]);
  return arith::SubIOp::create(b, loc, x[0], multiple);
}

/// Whether an integer remainder has not the sign of the divisor: the quotient is rounded down then.
static Value isRoundedUp(OpBuilder &b, Location loc, Value rest, Value divisor) {
  Value differs = arith::XOrIOp::create(b, loc, compareWith(b, loc, F::OLT, I::slt, rest, 0),
                                        compareWith(b, loc, F::OLT, I::slt, divisor, 0));
  return arith::AndIOp::create(b, loc, differs, compareWith(b, loc, F::UNE, I::ne, rest, 0));
}

Value bodies::floorDivide(OpBuilder &b, Location loc, ValueRange x) {
  Value result = quotient(b, loc, x);
  if (isa<FloatType>(x[0].getType()))
    return math::FloorOp::create(b, loc, result);
  Value rest = arith::SubIOp::create(b, loc, x[0], arith::MulIOp::create(b, loc, result, x[1]));
  Value less = arith::SubIOp::create(b, loc, result, number(b, loc, x[0].getType(), 1));
  return arith::SelectOp::create(b, loc, isRoundedUp(b, loc, rest, x[1]), less, result);
}

/// The remainder with the sign of the divisor, as in Python.
Value bodies::floorModulo(OpBuilder &b, Location loc, ValueRange x) {
  if (isa<FloatType>(x[0].getType())) {
    Value multiple = arith::MulFOp::create(b, loc, floorDivide(b, loc, x), x[1]);
    return arith::SubFOp::create(b, loc, x[0], multiple);
  }
  Value rest = remainder(b, loc, x), moved = arith::AddIOp::create(b, loc, rest, x[1]);
  return arith::SelectOp::create(b, loc, isRoundedUp(b, loc, rest, x[1]), moved, rest);
}

/// Of integers by way of float64, which holds them up to 2^53.
Value bodies::power(OpBuilder &b, Location loc, ValueRange x) {
  if (isa<FloatType>(x[0].getType()))
    return math::PowFOp::create(b, loc, x[0], x[1]);
  Type f64 = b.getF64Type();
  Value result =
      math::PowFOp::create(b, loc, convert(b, loc, x[0], f64), convert(b, loc, x[1], f64));
  return convert(b, loc, result, x[0].getType());
}

Value bodies::bitwiseNot(OpBuilder &b, Location loc, ValueRange x) {
  return arith::SubIOp::create(b, loc, number(b, loc, x[0].getType(), -1), x[0]);
}
