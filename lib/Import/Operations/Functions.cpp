//===- Functions.cpp - functions of one element by their names -------------------===//

#include "Elementwise.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

namespace {

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

Value isNot0(OpBuilder &b, Location loc, Value x) {
  if (x.getType().isInteger(1))
    return x;
  return compare<arith::CmpFPredicate::UNE, arith::CmpIPredicate::ne>(
      b, loc, {x, number(b, loc, x.getType(), 0)});
}

template <typename Op> Value logical(OpBuilder &b, Location loc, ValueRange x) {
  return Op::create(b, loc, isNot0(b, loc, x[0]), isNot0(b, loc, x[1]));
}

Value chooseTruth(OpBuilder &b, Location loc, Value condition, bool yes, bool no) {
  return arith::SelectOp::create(b, loc, condition, number(b, loc, b.getI1Type(), yes),
                                 number(b, loc, b.getI1Type(), no));
}

Value logicalNot(OpBuilder &b, Location loc, ValueRange x) {
  return chooseTruth(b, loc, isNot0(b, loc, x[0]), false, true);
}

Value logicalXor(OpBuilder &b, Location loc, ValueRange x) {
  Value y = isNot0(b, loc, x[1]);
  return arith::SelectOp::create(b, loc, isNot0(b, loc, x[0]), logicalNot(b, loc, y), y);
}

Value isFinite(OpBuilder &b, Location loc, ValueRange x) {
  Value zero = arith::SubFOp::create(b, loc, x[0], x[0]); // NaN of infinities and NaN
  return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ORD, zero, zero);
}

Value isNan(OpBuilder &b, Location loc, ValueRange x) {
  return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, x[0], x[0]);
}

Value isInfinite(OpBuilder &b, Location loc, ValueRange x) {
  Value infinity = number(b, loc, x[0].getType(), std::numeric_limits<double>::infinity());
  return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ,
                               math::AbsFOp::create(b, loc, x[0]), infinity);
}

Value square(OpBuilder &b, Location loc, ValueRange x) {
  return arithmetic<arith::MulFOp, arith::MulIOp>(b, loc, {x[0], x[0]});
}

Value squaredDifference(OpBuilder &b, Location loc, ValueRange x) {
  Value difference = arith::SubFOp::create(b, loc, x[0], x[1]);
  return arith::MulFOp::create(b, loc, difference, difference);
}

Value reciprocal(OpBuilder &b, Location loc, ValueRange x) {
  return arith::DivFOp::create(b, loc, number(b, loc, x[0].getType(), 1), x[0]);
}

Value sign(OpBuilder &b, Location loc, ValueRange x) {
  Type type = x[0].getType();
  Value zero = number(b, loc, type, 0);
  Value above = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OGT, x[0], zero);
  Value below = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x[0], zero);
  Value rest = arith::SelectOp::create(b, loc, below, number(b, loc, type, -1), x[0]); // 0 or NaN
  return arith::SelectOp::create(b, loc, above, number(b, loc, type, 1), rest);
}

Value floorDivide(OpBuilder &b, Location loc, ValueRange x) {
  return math::FloorOp::create(b, loc, arith::DivFOp::create(b, loc, x[0], x[1]));
}

/// The remainder with the sign of the divisor, as in Python.
Value floorModulo(OpBuilder &b, Location loc, ValueRange x) {
  Value whole = arith::MulFOp::create(b, loc, floorDivide(b, loc, x), x[1]);
  return arith::SubFOp::create(b, loc, x[0], whole);
}

Value log2(OpBuilder &b, Location loc, ValueRange x) {
  Value scale = number(b, loc, x[0].getType(), 1.4426950408889634);
  return arith::MulFOp::create(b, loc, math::LogOp::create(b, loc, x[0]), scale);
}

Value log10(OpBuilder &b, Location loc, ValueRange x) {
  Value scale = number(b, loc, x[0].getType(), 0.43429448190325182);
  return arith::MulFOp::create(b, loc, math::LogOp::create(b, loc, x[0]), scale);
}

/// log(exp(x) + exp(y)) without overflow.
Value logAddExp(OpBuilder &b, Location loc, ValueRange x) {
  Value greatest = arith::MaximumFOp::create(b, loc, x[0], x[1]);
  Value distance = math::AbsFOp::create(b, loc, arith::SubFOp::create(b, loc, x[0], x[1]));
  Value small = math::ExpOp::create(b, loc, arith::NegFOp::create(b, loc, distance));
  return arith::AddFOp::create(b, loc, greatest, math::Log1pOp::create(b, loc, small));
}

using F = arith::CmpFPredicate;
using I = arith::CmpIPredicate;

constexpr Function table[] = {
    {"absolute", 1, unary<math::AbsFOp>},
    {"add", 2, arithmetic<arith::AddFOp, arith::AddIOp>},
    {"arctan", 1, unary<math::AtanOp>},
    {"ceil", 1, unary<math::CeilOp>},
    {"cos", 1, unary<math::CosOp>},
    {"cosh", 1, unary<math::CoshOp>},
    {"divide", 2, binary<arith::DivFOp>},
    {"equal", 2, compare<F::OEQ, I::eq>, true},
    {"erf", 1, unary<math::ErfOp>},
    {"exp", 1, unary<math::ExpOp>},
    {"expm1", 1, unary<math::ExpM1Op>},
    {"floor", 1, unary<math::FloorOp>},
    {"floor_divide", 2, floorDivide},
    {"greater", 2, compare<F::OGT, I::sgt>, true},
    {"greater_equal", 2, compare<F::OGE, I::sge>, true},
    {"isfinite", 1, isFinite, true},
    {"isinf", 1, isInfinite, true},
    {"isnan", 1, isNan, true},
    {"less", 2, compare<F::OLT, I::slt>, true},
    {"less_equal", 2, compare<F::OLE, I::sle>, true},
    {"log", 1, unary<math::LogOp>},
    {"log10", 1, log10},
    {"log1p", 1, unary<math::Log1pOp>},
    {"log2", 1, log2},
    {"logaddexp", 2, logAddExp},
    {"logical_and", 2, logical<arith::AndIOp>, true},
    {"logical_not", 1, logicalNot, true},
    {"logical_or", 2, logical<arith::OrIOp>, true},
    {"logical_xor", 2, logicalXor, true},
    {"maximum", 2, arithmetic<arith::MaximumFOp, arith::MaxSIOp>},
    {"minimum", 2, arithmetic<arith::MinimumFOp, arith::MinSIOp>},
    {"mod", 2, floorModulo},
    {"multiply", 2, arithmetic<arith::MulFOp, arith::MulIOp>},
    {"negative", 1, unary<arith::NegFOp>},
    {"not_equal", 2, compare<F::UNE, I::ne>, true},
    {"power", 2, binary<math::PowFOp>},
    {"reciprocal", 1, reciprocal},
    {"round", 1, unary<math::RoundEvenOp>},
    {"rsqrt", 1, unary<math::RsqrtOp>},
    {"sign", 1, sign},
    {"sin", 1, unary<math::SinOp>},
    {"sinh", 1, unary<math::SinhOp>},
    {"sqrt", 1, unary<math::SqrtOp>},
    {"square", 1, square},
    {"squared_difference", 2, squaredDifference},
    {"subtract", 2, arithmetic<arith::SubFOp, arith::SubIOp>},
    {"tan", 1, unary<math::TanOp>},
    {"tanh", 1, unary<math::TanhOp>},
    {"true_divide", 2, binary<arith::DivFOp>},
};

} // namespace

ArrayRef<Function> ops::functions() { return table; }

const Function *ops::findFunction(StringRef name) {
  const Function *found = llvm::find_if(table, [&](auto &f) { return f.name == name; });
  return found == std::end(table) ? nullptr : found;
}
