//===- RealFunctions.cpp - what functions of real numbers compute ----------------===//

#include "FunctionBodies.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;
using namespace mlir::sepconv::ops::bodies;

Value bodies::log2(OpBuilder &b, Location loc, ValueRange x) {
  Value scale = number(b, loc, x[0].getType(), 1.4426950408889634);
  return arith::MulFOp::create(b, loc, math::LogOp::create(b, loc, x[0]), scale);
}

Value bodies::log10(OpBuilder &b, Location loc, ValueRange x) {
  Value scale = number(b, loc, x[0].getType(), 0.43429448190325182);
  return arith::MulFOp::create(b, loc, math::LogOp::create(b, loc, x[0]), scale);
}

/// log(exp(x) + exp(y)) without overflow.
Value bodies::logAddExp(OpBuilder &b, Location loc, ValueRange x) {
  Value greatest = arith::MaximumFOp::create(b, loc, x[0], x[1]);
  Value distance = math::AbsFOp::create(b, loc, arith::SubFOp::create(b, loc, x[0], x[1]));
  Value small = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, distance));
  return arith::AddFOp::create(b, loc, greatest, math::Log1pOp::create(b, loc, small));
}

/// A number of x's type.
static Value like(OpBuilder &b, Location loc, Value x, double value) {
  return number(b, loc, x.getType(), value);
}

Value bodies::cubeRoot(OpBuilder &b, Location loc, ValueRange x) {
  Value root =
      math::PowFOp::create(b, loc, math::AbsFOp::create(b, loc, x[0]), like(b, loc, x[0], 1.0 / 3));
  return math::CopySignOp::create(b, loc, root, x[0]);
}

Value bodies::erfc(OpBuilder &b, Location loc, ValueRange x) {
  return arith::SubFOp::create(b, loc, like(b, loc, x[0], 1), math::ErfOp::create(b, loc, x[0]));
}

Value bodies::exp2(OpBuilder &b, Location loc, ValueRange x) {
  return math::ExpOp::create(
      b, loc, arith::MulFOp::create(b, loc, x[0], like(b, loc, x[0], 0.69314718055994531)));
}

/// The other operand in place of one that is NaN.
template <typename Op> static Value extremumOfNumbers(OpBuilder &b, Location loc, ValueRange x) {
  Value result = Op::create(b, loc, x[0], x[1]);
  result = arith::SelectOp::create(b, loc, isNan(b, loc, x[0]), x[1], result);
  return arith::SelectOp::create(b, loc, isNan(b, loc, x[1]), x[0], result);
}

Value bodies::fmax(OpBuilder &b, Location loc, ValueRange x) {
  return extremumOfNumbers<arith::MaximumFOp>(b, loc, x);
}

Value bodies::fmin(OpBuilder &b, Location loc, ValueRange x) {
  return extremumOfNumbers<arith::MinimumFOp>(b, loc, x);
}

Value bodies::heaviside(OpBuilder &b, Location loc, ValueRange x) {
  Value above = compareWith(b, loc, F::OGT, I::sgt, x[0], 0);
  Value below = compareWith(b, loc, F::OLT, I::slt, x[0], 0);
  Value rest = arith::SelectOp::create(b, loc, below, like(b, loc, x[0], 0), x[1]);
  return arith::SelectOp::create(b, loc, above, like(b, loc, x[0], 1), rest);
}

Value bodies::hypotenuse(OpBuilder &b, Location loc, ValueRange x) {
  Value sum = arith::AddFOp::create(b, loc, square(b, loc, x[0]), square(b, loc, x[1]));
  return math::SqrtOp::create(b, loc, sum);
}

Value bodies::isPositiveInfinite(OpBuilder &b, Location loc, ValueRange x) {
  return compareWith(b, loc, F::OEQ, I::eq, real(b, loc, x[0]),
                     std::numeric_limits<double>::infinity());
}

Value bodies::isNegativeInfinite(OpBuilder &b, Location loc, ValueRange x) {
  return compareWith(b, loc, F::OEQ, I::eq, real(b, loc, x[0]),
                     -std::numeric_limits<double>::infinity());
}

Value bodies::divideNoNan(OpBuilder &b, Location loc, ValueRange x) {
  Value isZero = compareWith(b, loc, F::OEQ, I::eq, x[1], 0);
  Value quotient = arith::DivFOp::create(b, loc, x[0], x[1]);
  return arith::SelectOp::create(b, loc, isZero, like(b, loc, x[0], 0), quotient);
}

Value bodies::sinc(OpBuilder &b, Location loc, ValueRange x) {
  Value angle = arith::MulFOp::create(b, loc, x[0], like(b, loc, x[0], 3.14159265358979324));
  Value result = arith::DivFOp::create(b, loc, math::SinOp::create(b, loc, angle), angle);
  Value isZero = compareWith(b, loc, F::OEQ, I::eq, x[0], 0);
  return arith::SelectOp::create(b, loc, isZero, like(b, loc, x[0], 1), result);
}

/// keras/src/activations/activations.py
Value bodies::sparsePlus(OpBuilder &b, Location loc, ValueRange x) {
  Value sum = arith::AddFOp::create(b, loc, x[0], like(b, loc, x[0], 1));
  Value middle = arith::MulFOp::create(b, loc, square(b, loc, sum), like(b, loc, x[0], 0.25));
  Value below = compareWith(b, loc, F::OLE, I::sle, x[0], -1);
  Value above = compareWith(b, loc, F::OGE, I::sge, x[0], 1);
  Value rest = arith::SelectOp::create(b, loc, below, like(b, loc, x[0], 0), middle);
  return arith::SelectOp::create(b, loc, above, x[0], rest);
}

/// log2(2^x + 2^y)
Value bodies::logAddExp2(OpBuilder &b, Location loc, ValueRange x) {
  Value ln2 = like(b, loc, x[0], 0.69314718055994531);
  Value sum = logAddExp(b, loc,
                        {arith::MulFOp::create(b, loc, x[0], ln2).getResult(),
                         arith::MulFOp::create(b, loc, x[1], ln2).getResult()});
  return arith::DivFOp::create(b, loc, sum, ln2);
}

Value bodies::toRadians(OpBuilder &b, Location loc, ValueRange x) {
  return arith::MulFOp::create(b, loc, x[0], like(b, loc, x[0], 0.017453292519943295));
}

Value bodies::toDegrees(OpBuilder &b, Location loc, ValueRange x) {
  return arith::MulFOp::create(b, loc, x[0], like(b, loc, x[0], 57.295779513082321));
}
