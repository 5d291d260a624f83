//===- ExprArithmetic.cpp - Halide's arithmetic, comparisons and casts -----------===//

#include "ExprTranslator.h"

using namespace mlir;
using namespace mlir::sepconv;
namespace HI = Halide::Internal;

// Products and sums may contract to fused multiply-adds; nothing else is relaxed.
static constexpr arith::FastMathFlags kFastMath = arith::FastMathFlags::contract;

template <typename FloatOp, typename IntOp, typename Node>
static Value binary(OpBuilder &b, Location loc, std::pair<Value, Value> operands, const Node *op) {
  if (op->type.is_float())
    return FloatOp::create(b, loc, operands.first, operands.second, kFastMath);
  return IntOp::create(b, loc, operands.first, operands.second);
}

Value ExprTranslator::arithmetic(const Halide::Expr &expr) {
  if (const auto *op = expr.as<HI::Add>())
    return binary<arith::AddFOp, arith::AddIOp>(builder, loc, both(op->a, op->b), op);
  if (const auto *op = expr.as<HI::Sub>())
    return binary<arith::SubFOp, arith::SubIOp>(builder, loc, both(op->a, op->b), op);
  if (const auto *op = expr.as<HI::Mul>())
    return binary<arith::MulFOp, arith::MulIOp>(builder, loc, both(op->a, op->b), op);
  if (const auto *op = expr.as<HI::Div>()) {
    auto [a, b] = both(op->a, op->b);
    return divide(a, b, op->type);
  }
  if (const auto *op = expr.as<HI::Mod>()) {
    auto [a, b] = both(op->a, op->b);
    return modulo(a, b, op->type);
  }
  if (const auto *op = expr.as<HI::Min>())
    return extremum(op->a, op->b, /*isMax=*/false);
  if (const auto *op = expr.as<HI::Max>())
    return extremum(op->a, op->b, /*isMax=*/true);
  if (const auto *op = expr.as<HI::And>()) {
    Value a = translate(op->a);
    return arith::AndIOp::create(builder, loc, a, translate(op->b));
  }
  if (const auto *op = expr.as<HI::Or>()) {
    Value a = translate(op->a);
    return arith::OrIOp::create(builder, loc, a, translate(op->b));
  }
  if (const auto *op = expr.as<HI::Not>())
    return arith::XOrIOp::create(builder, loc, translate(op->a), constant(type(op->type), 1));
  unsupported(expr);
}

/// Halide rounds integer quotients towards minus infinity.
Value ExprTranslator::divide(Value a, Value b, Halide::Type t) {
  if (t.is_float())
    return arith::DivFOp::create(builder, loc, a, b, kFastMath);
  if (t.is_uint())
    return arith::DivUIOp::create(builder, loc, a, b);
  return arith::FloorDivSIOp::create(builder, loc, a, b);
}

Value ExprTranslator::modulo(Value a, Value b, Halide::Type t) {
  if (t.is_uint())
    return arith::RemUIOp::create(builder, loc, a, b);
  Value quotient = divide(a, b, t);
  return arith::SubIOp::create(builder, loc, a, arith::MulIOp::create(builder, loc, quotient, b));
}

/// A NaN in the operand that is not a constant comes out, as it does of Keras's relu.
Value ExprTranslator::extremum(const Halide::Expr &a, const Halide::Expr &b, bool isMax) {
  Halide::Type t = a.type();
  auto [x, y] = both(a, b);
  if (t.is_int())
    return isMax ? Value(arith::MaxSIOp::create(builder, loc, x, y))
                 : Value(arith::MinSIOp::create(builder, loc, x, y));
  if (t.is_uint())
    return isMax ? Value(arith::MaxUIOp::create(builder, loc, x, y))
                 : Value(arith::MinUIOp::create(builder, loc, x, y));
  if (HI::is_const(a))
    std::swap(x, y);
  Value replaces = compare(x, y, /*isFloat=*/true, false, isMax ? "<" : ">");
  return arith::SelectOp::create(builder, loc, replaces, y, x);
}

Value ExprTranslator::compare(Value a, Value b, bool isFloat, bool isUnsigned,
                              const char *predicate) {
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  struct Row {
    const char *text;
    F real;
    I isSigned, isUnsigned;
  };
  static const Row rows[] = {{"==", F::OEQ, I::eq, I::eq},  {"!=", F::UNE, I::ne, I::ne},
                             {"<", F::OLT, I::slt, I::ult}, {"<=", F::OLE, I::sle, I::ule},
                             {">", F::OGT, I::sgt, I::ugt}, {">=", F::OGE, I::sge, I::uge}};
  for (const Row &row : rows)
    if (StringRef(row.text) == predicate) {
      if (isFloat)
        return arith::CmpFOp::create(builder, loc, row.real, a, b);
      return arith::CmpIOp::create(builder, loc, isUnsigned ? row.isUnsigned : row.isSigned, a, b);
    }
  llvm_unreachable("no such comparison");
}

Value ExprTranslator::comparison(const Halide::Expr &expr) {
  auto of = [&](const auto *op, const char *predicate) {
    auto [a, b] = both(op->a, op->b);
    return compare(a, b, op->a.type().is_float(), op->a.type().is_uint(), predicate);
  };
  if (const auto *op = expr.as<HI::EQ>())
    return of(op, "==");
  if (const auto *op = expr.as<HI::NE>())
    return of(op, "!=");
  if (const auto *op = expr.as<HI::LT>())
    return of(op, "<");
  if (const auto *op = expr.as<HI::LE>())
    return of(op, "<=");
  if (const auto *op = expr.as<HI::GT>())
    return of(op, ">");
  return of(expr.as<HI::GE>(), ">=");
}

Value ExprTranslator::convert(Value value, Halide::Type from, Halide::Type to) {
  // A number of loops and sizes becomes one of the model, if it is converted at all.
  Type t = type(to);
  value = asData(value);
  if (value.getType() == t)
    return value;
  if (from.is_float() && to.is_float())
    return from.bits() < to.bits() ? Value(arith::ExtFOp::create(builder, loc, t, value))
                                   : Value(arith::TruncFOp::create(builder, loc, t, value));
  if (to.is_float())
    return from.is_uint() ? Value(arith::UIToFPOp::create(builder, loc, t, value))
                          : Value(arith::SIToFPOp::create(builder, loc, t, value));
  if (from.is_float())
    return to.is_uint() ? Value(arith::FPToUIOp::create(builder, loc, t, value))
                        : Value(arith::FPToSIOp::create(builder, loc, t, value));
  if (from.bits() > to.bits())
    return arith::TruncIOp::create(builder, loc, t, value);
  return from.is_uint() ? Value(arith::ExtUIOp::create(builder, loc, t, value))
                        : Value(arith::ExtSIOp::create(builder, loc, t, value));
}
