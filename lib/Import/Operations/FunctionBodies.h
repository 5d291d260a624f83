//===- FunctionBodies.h - what functions of elements compute ---------------------===//
#pragma once

#include "Elementwise.h"

#include "mlir/Dialect/Math/IR/Math.h"

namespace mlir::sepconv::ops::bodies {

using F = arith::CmpFPredicate;
using I = arith::CmpIPredicate;

template <typename Op> Value unary(OpBuilder &b, Location loc, ValueRange x) {
  return Op::create(b, loc, x[0]);
}

template <typename Op> Value binary(OpBuilder &b, Location loc, ValueRange x) {
  return Op::create(b, loc, x[0], x[1]);
}

/// One operation of floats, another one of integers.
template <typename Float, typename Integer>
Value arithmetic(OpBuilder &b, Location loc, ValueRange x) {
  if (isa<FloatType>(x[0].getType()))
    return Float::create(b, loc, x[0], x[1]);
  return Integer::create(b, loc, x[0], x[1]);
}

template <arith::CmpFPredicate ofFloats, arith::CmpIPredicate ofIntegers>
Value compare(OpBuilder &b, Location loc, ValueRange x) {
  if (isa<FloatType>(x[0].getType()))
    return arith::CmpFOp::create(b, loc, ofFloats, x[0], x[1]);
  return arith::CmpIOp::create(b, loc, ofIntegers, x[0], x[1]);
}

Value isNot0(OpBuilder &b, Location loc, Value x);
/// Compares with a number.
Value compareWith(OpBuilder &b, Location loc, F ofFloats, I ofIntegers, Value x, double than);
/// What is asked whether it is a number.
Value real(OpBuilder &b, Location loc, Value x);

template <typename Op> Value logical(OpBuilder &b, Location loc, ValueRange x) {
  return Op::create(b, loc, isNot0(b, loc, x[0]), isNot0(b, loc, x[1]));
}

/// What rounds: integers are whole.
template <typename Op> Value whole(OpBuilder &b, Location loc, ValueRange x) {
  return isa<FloatType>(x[0].getType()) ? Op::create(b, loc, x[0]).getResult() : x[0];
}

Value logicalNot(OpBuilder &b, Location loc, ValueRange x);
Value logicalXor(OpBuilder &b, Location loc, ValueRange x);
Value isFinite(OpBuilder &b, Location loc, ValueRange x);
Value isNan(OpBuilder &b, Location loc, ValueRange x);
Value isInfinite(OpBuilder &b, Location loc, ValueRange x);
Value square(OpBuilder &b, Location loc, ValueRange x);
Value squaredDifference(OpBuilder &b, Location loc, ValueRange x);
Value reciprocal(OpBuilder &b, Location loc, ValueRange x);
Value sign(OpBuilder &b, Location loc, ValueRange x);
Value negative(OpBuilder &b, Location loc, ValueRange x);
Value absolute(OpBuilder &b, Location loc, ValueRange x);
Value quotient(OpBuilder &b, Location loc, ValueRange x);
Value remainder(OpBuilder &b, Location loc, ValueRange x);
Value floorDivide(OpBuilder &b, Location loc, ValueRange x);
Value floorModulo(OpBuilder &b, Location loc, ValueRange x);
Value power(OpBuilder &b, Location loc, ValueRange x);
Value bitwiseNot(OpBuilder &b, Location loc, ValueRange x);
Value log2(OpBuilder &b, Location loc, ValueRange x);
Value log10(OpBuilder &b, Location loc, ValueRange x);
Value logAddExp(OpBuilder &b, Location loc, ValueRange x);
Value cubeRoot(OpBuilder &b, Location loc, ValueRange x);
Value erfc(OpBuilder &b, Location loc, ValueRange x);
Value exp2(OpBuilder &b, Location loc, ValueRange x);
Value fmax(OpBuilder &b, Location loc, ValueRange x);
Value fmin(OpBuilder &b, Location loc, ValueRange x);
Value heaviside(OpBuilder &b, Location loc, ValueRange x);
Value hypotenuse(OpBuilder &b, Location loc, ValueRange x);
Value isPositiveInfinite(OpBuilder &b, Location loc, ValueRange x);
Value isNegativeInfinite(OpBuilder &b, Location loc, ValueRange x);
Value divideNoNan(OpBuilder &b, Location loc, ValueRange x);
Value sinc(OpBuilder &b, Location loc, ValueRange x);
Value sparsePlus(OpBuilder &b, Location loc, ValueRange x);
Value logAddExp2(OpBuilder &b, Location loc, ValueRange x);
Value toRadians(OpBuilder &b, Location loc, ValueRange x);
Value toDegrees(OpBuilder &b, Location loc, ValueRange x);

} // namespace mlir::sepconv::ops::bodies
