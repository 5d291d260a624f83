//===- BodyToExpr.cpp - the body of a linalg operation as an expression ----------===//

#include "BodyToExpr.h"
#include "ExprTranslator.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
using Halide::Internal::Call;

Halide::Type sepconv::halideType(Type type) {
  if (type.isBF16())
    return Halide::BFloat(16);
  if (auto real = dyn_cast<FloatType>(type))
    return Halide::Float(real.getWidth());
  if (type.isIndex())
    return Halide::Int(32);
  if (type.isInteger(1))
    return Halide::Bool();
  if (auto integer = dyn_cast<IntegerType>(type))
    return Halide::Int(integer.getWidth());
  std::string text;
  llvm::raw_string_ostream(text) << type;
  throw KernelError("cannot translate the type " + text);
}

Expr sepconv::toExpr(AffineExpr expr, ArrayRef<Expr> loops) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return loops[dim.getPosition()];
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return Expr(static_cast<int32_t>(constant.getValue()));
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Expr lhs = toExpr(binary.getLHS(), loops), rhs = toExpr(binary.getRHS(), loops);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return lhs + rhs;
  case AffineExprKind::Mul:
    return lhs * rhs;
  case AffineExprKind::Mod:
    return lhs % rhs;
  case AffineExprKind::FloorDiv:
    return lhs / rhs;
  case AffineExprKind::CeilDiv:
    return (lhs + rhs - 1) / rhs;
  default:
    throw KernelError("cannot translate a symbolic index");
  }
}

Expr sepconv::toExpr(TypedAttr literal) {
  Halide::Type type = halideType(getElementTypeOrSelf(literal.getType()));
  if (auto real = dyn_cast<FloatAttr>(literal))
    return Halide::Internal::make_const(type, real.getValueAsDouble());
  if (auto integer = dyn_cast<IntegerAttr>(literal))
    return Halide::Internal::make_const(type, integer.getValue().getSExtValue());
  throw KernelError("cannot translate a literal that is not a number");
}

static Expr strict(Call::IntrinsicOp op, const Expr &a, const Expr &b) {
  return Call::make(Halide::Bool(), op, {a, b}, Call::PureIntrinsic);
}

/// Comparisons are the strict ones: Halide's own may be simplified as if there were no NaN.
static Expr compare(arith::CmpFPredicate predicate, const Expr &a, const Expr &b) {
  using P = arith::CmpFPredicate;
  switch (predicate) {
  case P::OLT:
    return strict(Call::strict_lt, a, b);
  case P::OLE:
    return strict(Call::strict_le, a, b);
  case P::OGT:
    return strict(Call::strict_lt, b, a);
  case P::OGE:
    return strict(Call::strict_le, b, a);
  case P::OEQ:
    return strict(Call::strict_eq, a, b);
  case P::UNE:
    return !strict(Call::strict_eq, a, b);
  case P::ULT:
    return !strict(Call::strict_le, b, a);
  case P::ULE:
    return !strict(Call::strict_lt, b, a);
  case P::UGT:
    return !strict(Call::strict_le, a, b);
  case P::UGE:
    return !strict(Call::strict_lt, a, b);
  case P::UNO:
    return !strict(Call::strict_eq, a, a) || !strict(Call::strict_eq, b, b);
  case P::ORD:
    return strict(Call::strict_eq, a, a) && strict(Call::strict_eq, b, b);
  default:
    throw KernelError("cannot translate the comparison " +
                      arith::stringifyCmpFPredicate(predicate).str());
  }
}

/// Integers have a sign, unless an operation reads them without.
static Expr asUnsigned(const Expr &x) {
  return Halide::cast(x.type().with_code(halide_type_uint), x);
}

static Expr compare(arith::CmpIPredicate predicate, const Expr &a, const Expr &b) {
  using P = arith::CmpIPredicate;
  Expr ua = asUnsigned(a), ub = asUnsigned(b);
  switch (predicate) {
  case P::eq:
    return a == b;
  case P::ne:
    return a != b;
  case P::slt:
    return a < b;
  case P::sle:
    return a <= b;
  case P::sgt:
    return a > b;
  case P::sge:
    return a >= b;
  case P::ult:
    return ua < ub;
  case P::ule:
    return ua <= ub;
  case P::ugt:
    return ua > ub;
  case P::uge:
    return ua >= ub;
  }
  llvm_unreachable("all predicates are handled");
}

/// Functions that Halide has no operation for stay what they are: calls that ExprTranslator turns
/// back into them.
static Expr pureCall(Operation *op, ArrayRef<Expr> args) {
  return Call::make(halideType(op->getResult(0).getType()), op->getName().getStringRef().str(),
                    std::vector<Expr>(args.begin(), args.end()), Call::PureExtern);
}

/// Whether an operation is one of Halide's expressions under its own name.
static bool isPlain(Operation *op) {
  if (op->getNumResults() != 1)
    return false;
  return isa_and_nonnull<math::MathDialect>(op->getDialect()) ||
         isa<arith::DivSIOp, arith::RemSIOp, arith::CeilDivSIOp, arith::ShLIOp, arith::ShRSIOp,
             arith::DivUIOp, arith::RemUIOp, arith::ShRUIOp>(op);
}

/// Halide makes one conversion of two, of a float to a narrow integer: that of 200.0 to i8 by way
/// of i32 has a value, and the one straight to i8 has none.
static bool narrowsFloat(Operation *op) {
  return isa<arith::TruncIOp>(op) &&
         isa_and_nonnull<arith::FPToSIOp, arith::FPToUIOp>(op->getOperand(0).getDefiningOp());
}

static Expr translate(Operation *op, ArrayRef<Expr> in) {
  if (narrowsFloat(op))
    return pureCall(op, in);
  return llvm::TypeSwitch<Operation *, Expr>(op)
      .Case<arith::AddFOp, arith::AddIOp>([&](auto) { return in[0] + in[1]; })
      .Case<arith::SubFOp, arith::SubIOp>([&](auto) { return in[0] - in[1]; })
      .Case<arith::MulFOp, arith::MulIOp>([&](auto) { return in[0] * in[1]; })
      .Case<arith::DivFOp, arith::FloorDivSIOp>([&](auto) { return in[0] / in[1]; })
      .Case<arith::NegFOp>([&](auto) { return -in[0]; })
      .Case<arith::MaximumFOp, arith::MaxNumFOp, arith::MaxSIOp>(
          [&](auto) { return Halide::max(in[0], in[1]); })
      .Case<arith::MinimumFOp, arith::MinNumFOp, arith::MinSIOp>(
          [&](auto) { return Halide::min(in[0], in[1]); })
      .Case<arith::CmpFOp>([&](auto cmp) { return compare(cmp.getPredicate(), in[0], in[1]); })
      .Case<arith::CmpIOp>([&](auto cmp) { return compare(cmp.getPredicate(), in[0], in[1]); })
      .Case<arith::SelectOp>([&](auto) { return Halide::select(in[0], in[1], in[2]); })
      .Case<arith::MaxUIOp>([&](auto) {
        return Halide::cast(in[0].type(), Halide::max(asUnsigned(in[0]), asUnsigned(in[1])));
      })
      .Case<arith::MinUIOp>([&](auto) {
        return Halide::cast(in[0].type(), Halide::min(asUnsigned(in[0]), asUnsigned(in[1])));
      })
      .Case<arith::AndIOp>(
          [&](auto) { return in[0].type().is_bool() ? in[0] && in[1] : in[0] & in[1]; })
      .Case<arith::OrIOp>(
          [&](auto) { return in[0].type().is_bool() ? in[0] || in[1] : in[0] | in[1]; })
      .Case<arith::XOrIOp>(
          [&](auto) { return in[0].type().is_bool() ? in[0] != in[1] : in[0] ^ in[1]; })
      .Case<arith::ExtFOp, arith::TruncFOp, arith::SIToFPOp, arith::FPToSIOp, arith::ExtSIOp,
            arith::TruncIOp, arith::IndexCastOp>(
          [&](auto cast) { return Halide::cast(halideType(cast.getType()), in[0]); })
      .Case<arith::ExtUIOp, arith::UIToFPOp, arith::IndexCastUIOp>(
          [&](auto cast) { return Halide::cast(halideType(cast.getType()), asUnsigned(in[0])); })
      .Case<arith::FPToUIOp>([&](auto cast) {
        Halide::Type type = halideType(cast.getType());
        return Halide::cast(type, Halide::cast(type.with_code(halide_type_uint), in[0]));
      })
      .Case<arith::ConstantOp>([&](auto constant) { return toExpr(constant.getValue()); })
      .Default([&](Operation *other) -> Expr {
        if (isPlain(other))
          return pureCall(other, in);
        throw KernelError("cannot translate " + other->getName().getStringRef().str());
      });
}

Expr sepconv::bodyToExpr(linalg::LinalgOp op, ArrayRef<Expr> arguments, ArrayRef<Expr> loops,
                         llvm::function_ref<Expr(Value)> sizeOf,
                         llvm::function_ref<Expr(Value, ArrayRef<Expr>)> read) {
  Block *body = op.getBlock();
  llvm::DenseMap<Value, Expr> values;
  for (auto [argument, value] : llvm::zip(body->getArguments(), arguments))
    values[argument] = value;
  // A literal or a size may stand outside of the operation.
  auto valueOf = [&](Value value) {
    if (auto it = values.find(value); it != values.end())
      return it->second;
    if (auto constant = value.getDefiningOp<arith::ConstantOp>())
      return toExpr(constant.getValue());
    if (isa<IndexType>(value.getType()))
      return sizeOf(value);
    throw KernelError("a body uses a value from outside that is neither a constant nor a size");
  };
  for (Operation &inner : body->without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
      values[index.getResult()] = loops[index.getDim()];
      continue;
    }
    if (auto extract = dyn_cast<tensor::ExtractOp>(inner)) {
      SmallVector<Expr> at(llvm::map_range(extract.getIndices(), valueOf));
      values[extract.getResult()] = read(extract.getTensor(), at);
      continue;
    }
    SmallVector<Expr> in(llvm::map_range(inner.getOperands(), valueOf));
    values[inner.getResult(0)] = translate(&inner, in);
  }
  return valueOf(body->getTerminator()->getOperand(0));
}
