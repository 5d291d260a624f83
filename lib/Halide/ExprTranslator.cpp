//===- ExprTranslator.cpp - Halide expressions to MLIR values --------------------===//

#include "ExprTranslator.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::sepconv;
namespace HI = Halide::Internal;

// Products and sums may contract to fused multiply-adds; nothing else is relaxed.
static constexpr arith::FastMathFlags kFastMath = arith::FastMathFlags::contract;

[[noreturn]] static void unsupported(const Halide::Expr &expr) {
  throw KernelError("cannot translate the expression " + printed(expr));
}

Type ExprTranslator::type(Halide::Type type) const {
  Type element;
  if (type.is_bfloat())
    element = builder.getBF16Type();
  else if (type.is_float())
    element = type.bits() == 16   ? Type(builder.getF16Type())
              : type.bits() == 32 ? Type(builder.getF32Type())
                                  : Type(builder.getF64Type());
  else if (type.is_int() && type.bits() == 32)
    element = builder.getIndexType();
  else
    element = builder.getIntegerType(type.bits());
  return type.is_vector() ? VectorType::get({type.lanes()}, element) : element;
}

Value ExprTranslator::buffer(const std::string &name) const {
  auto it = buffers.find(name);
  if (it == buffers.end())
    throw KernelError("no buffer named " + name);
  return it->second;
}

Value ExprTranslator::constant(Halide::Type halideType, int64_t value) {
  Type t = type(halideType);
  if (auto vector = dyn_cast<VectorType>(t))
    return arith::ConstantOp::create(
        builder, loc,
        DenseElementsAttr::get(vector, builder.getIntegerAttr(vector.getElementType(), value)));
  return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(t, value));
}

Value ExprTranslator::zeros(Type t) {
  return arith::ConstantOp::create(builder, loc, builder.getZeroAttr(t));
}

Value ExprTranslator::splat(Value scalar, Type vector) {
  return vector::BroadcastOp::create(builder, loc, cast<VectorType>(vector), scalar);
}

Value ExprTranslator::translate(const Halide::Expr &expr) {
  switch (expr->node_type) {
  case HI::IRNodeType::IntImm:
    return constant(expr.type(), expr.as<HI::IntImm>()->value);
  case HI::IRNodeType::UIntImm:
    return constant(expr.type(), expr.as<HI::UIntImm>()->value);
  case HI::IRNodeType::FloatImm:
    return arith::ConstantOp::create(
        builder, loc, builder.getFloatAttr(type(expr.type()), expr.as<HI::FloatImm>()->value));
  case HI::IRNodeType::Variable: {
    auto it = symbols.find(expr.as<HI::Variable>()->name);
    if (it == symbols.end())
      throw KernelError("no value for " + expr.as<HI::Variable>()->name);
    return it->second;
  }
  case HI::IRNodeType::Broadcast: {
    const auto *op = expr.as<HI::Broadcast>();
    if (op->value.type().is_vector())
      unsupported(expr);
    return splat(translate(op->value), type(expr.type()));
  }
  case HI::IRNodeType::Ramp: {
    const auto *op = expr.as<HI::Ramp>();
    if (op->base.type().is_vector())
      unsupported(expr);
    auto t = cast<VectorType>(type(expr.type()));
    Value steps =
        vector::StepOp::create(builder, loc, VectorType::get(t.getShape(), builder.getIndexType()));
    Value scaled = arith::MulIOp::create(builder, loc, steps, splat(translate(op->stride), t));
    return arith::AddIOp::create(builder, loc, splat(translate(op->base), t), scaled);
  }
  case HI::IRNodeType::Let: {
    const auto *op = expr.as<HI::Let>();
    bind(op->name, translate(op->value));
    return translate(op->body);
  }
  case HI::IRNodeType::Select: {
    const auto *op = expr.as<HI::Select>();
    Value condition = translate(op->condition), whenTrue = translate(op->true_value);
    return arith::SelectOp::create(builder, loc, condition, whenTrue, translate(op->false_value));
  }
  case HI::IRNodeType::Cast: {
    const auto *op = expr.as<HI::Cast>();
    return convert(translate(op->value), op->value.type(), op->type);
  }
  case HI::IRNodeType::Load:
    return load(expr.as<HI::Load>());
  case HI::IRNodeType::Call:
    return call(expr.as<HI::Call>());
  case HI::IRNodeType::Shuffle:
    return shuffle(expr.as<HI::Shuffle>());
  case HI::IRNodeType::VectorReduce:
    return reduce(expr.as<HI::VectorReduce>());
  case HI::IRNodeType::EQ:
  case HI::IRNodeType::NE:
  case HI::IRNodeType::LT:
  case HI::IRNodeType::LE:
  case HI::IRNodeType::GT:
  case HI::IRNodeType::GE:
    return comparison(expr);
  default:
    return arithmetic(expr);
  }
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

template <typename FloatOp, typename IntOp, typename Node>
static Value binary(OpBuilder &b, Location loc, ExprTranslator &self, const Node *op) {
  Value lhs = self.translate(op->a), rhs = self.translate(op->b);
  if (op->type.is_float())
    return FloatOp::create(b, loc, lhs, rhs, kFastMath);
  return IntOp::create(b, loc, lhs, rhs);
}

Value ExprTranslator::arithmetic(const Halide::Expr &expr) {
  if (const auto *op = expr.as<HI::Add>())
    return binary<arith::AddFOp, arith::AddIOp>(builder, loc, *this, op);
  if (const auto *op = expr.as<HI::Sub>())
    return binary<arith::SubFOp, arith::SubIOp>(builder, loc, *this, op);
  if (const auto *op = expr.as<HI::Mul>())
    return binary<arith::MulFOp, arith::MulIOp>(builder, loc, *this, op);
  if (const auto *op = expr.as<HI::Div>()) {
    Value a = translate(op->a);
    return divide(a, translate(op->b), op->type);
  }
  if (const auto *op = expr.as<HI::Mod>()) {
    Value a = translate(op->a);
    return modulo(a, translate(op->b), op->type);
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
    return arith::XOrIOp::create(builder, loc, translate(op->a), constant(op->type, 1));
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
  Value x = translate(a), y = translate(b);
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
    Value a = translate(op->a);
    return compare(a, translate(op->b), op->a.type().is_float(), op->a.type().is_uint(), predicate);
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
  Type t = type(to);
  if (value.getType() == t)
    return value;
  auto isIndex = [](Halide::Type type) { return type.is_int() && type.bits() == 32; };
  if (from.is_float() && to.is_float())
    return from.bits() < to.bits() ? Value(arith::ExtFOp::create(builder, loc, t, value))
                                   : Value(arith::TruncFOp::create(builder, loc, t, value));
  if (to.is_float()) {
    if (isIndex(from))
      value = arith::IndexCastOp::create(builder, loc,
                                         type(Halide::Int(64).with_lanes(from.lanes())), value);
    return from.is_uint() ? Value(arith::UIToFPOp::create(builder, loc, t, value))
                          : Value(arith::SIToFPOp::create(builder, loc, t, value));
  }
  if (from.is_float())
    throw KernelError("cannot translate a cast of a floating-point number to an integer");
  if (isIndex(from) || isIndex(to))
    return from.is_uint() ? Value(arith::IndexCastUIOp::create(builder, loc, t, value))
                          : Value(arith::IndexCastOp::create(builder, loc, t, value));
  if (from.bits() > to.bits())
    return arith::TruncIOp::create(builder, loc, t, value);
  return from.is_uint() ? Value(arith::ExtUIOp::create(builder, loc, t, value))
                        : Value(arith::ExtSIOp::create(builder, loc, t, value));
}

//===----------------------------------------------------------------------===//
// Calls and shuffles
//===----------------------------------------------------------------------===//

/// The functions that lib/Halide itself puts into expressions are named as MLIR's operations.
static Value mathFunction(OpBuilder &b, Location loc, StringRef name, ArrayRef<Value> args,
                          Type type) {
  if (!name.starts_with("math.") && !name.starts_with("arith."))
    return {};
  OperationState state(loc, name, args, type);
  return b.create(state)->getResult(0);
}

Value ExprTranslator::call(const HI::Call *op) {
  if (op->is_intrinsic({HI::Call::likely, HI::Call::likely_if_innermost, HI::Call::promise_clamped,
                        HI::Call::unsafe_promise_clamped}))
    return translate(op->args[0]);
  SmallVector<Value> args;
  for (const Halide::Expr &arg : op->args)
    args.push_back(translate(arg));
  Type t = type(op->type);
  if (op->call_type == HI::Call::PureExtern)
    if (Value value = mathFunction(builder, loc, op->name, args, t))
      return value;
  if (op->is_intrinsic(HI::Call::strict_lt))
    return compare(args[0], args[1], true, false, "<");
  if (op->is_intrinsic(HI::Call::strict_le))
    return compare(args[0], args[1], true, false, "<=");
  if (op->is_intrinsic(HI::Call::strict_eq))
    return compare(args[0], args[1], true, false, "==");
  if (op->is_intrinsic(HI::Call::shift_left))
    return arith::ShLIOp::create(builder, loc, args[0], args[1]);
  if (op->is_intrinsic(HI::Call::shift_right))
    return arith::ShRSIOp::create(builder, loc, args[0], args[1]);
  if (op->is_intrinsic(HI::Call::bitwise_and))
    return arith::AndIOp::create(builder, loc, args[0], args[1]);
  if (op->is_intrinsic(HI::Call::bitwise_or))
    return arith::OrIOp::create(builder, loc, args[0], args[1]);
  if (op->is_intrinsic({HI::Call::if_then_else}))
    return arith::SelectOp::create(builder, loc, args[0], args[1], args[2]);
  unsupported(op);
}

Value ExprTranslator::shuffle(const HI::Shuffle *op) {
  SmallVector<Value> elements;
  for (const Halide::Expr &vector : op->vectors) {
    Value value = translate(vector);
    for (int i = 0; i < vector.type().lanes(); ++i)
      elements.push_back(
          vector.type().is_scalar()
              ? value
              : vector::ExtractOp::create(builder, loc, value, ArrayRef<int64_t>{i}).getResult());
  }
  if (op->indices.size() == 1)
    return elements[op->indices[0]];
  SmallVector<Value> picked;
  for (int index : op->indices)
    picked.push_back(elements[index]);
  return vector::FromElementsOp::create(builder, loc, cast<VectorType>(type(op->type)), picked);
}

Value ExprTranslator::reduce(const HI::VectorReduce *op) {
  if (op->type.is_vector() || !op->type.is_float())
    unsupported(op);
  vector::CombiningKind kind;
  switch (op->op) {
  case HI::VectorReduce::Add:
    kind = vector::CombiningKind::ADD;
    break;
  case HI::VectorReduce::Mul:
    kind = vector::CombiningKind::MUL;
    break;
  case HI::VectorReduce::Min:
    kind = vector::CombiningKind::MINIMUMF;
    break;
  case HI::VectorReduce::Max:
    kind = vector::CombiningKind::MAXIMUMF;
    break;
  default:
    unsupported(op);
  }
  // The lanes are summed pairwise, not in order: a schedule that vectorizes a reduction asks for
  // it.
  return vector::ReductionOp::create(builder, loc, kind, translate(op->value),
                                     arith::FastMathFlags::reassoc);
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value ExprTranslator::mask(const Halide::Expr &predicate, int lanes) {
  Value value = translate(predicate);
  if (predicate.type().is_vector())
    return value;
  return splat(value, VectorType::get({lanes}, builder.getI1Type()));
}

/// The first element of a vector of consecutive indices; null for any other.
static Halide::Expr denseBase(const Halide::Expr &index) {
  const auto *ramp = index.as<HI::Ramp>();
  return ramp && HI::is_const_one(ramp->stride) ? ramp->base : Halide::Expr();
}

Value ExprTranslator::load(const HI::Load *op) {
  Value memref = buffer(op->name);
  bool always = HI::is_const_one(op->predicate);
  if (op->type.is_scalar()) {
    if (!always)
      unsupported(op);
    return memref::LoadOp::create(builder, loc, memref, translate(op->index));
  }
  auto t = cast<VectorType>(type(op->type));
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  if (Halide::Expr base = denseBase(op->index); base.defined()) {
    Value at = translate(base);
    if (always)
      return vector::LoadOp::create(builder, loc, t, memref, at);
    Value where = mask(op->predicate, op->type.lanes());
    return vector::MaskedLoadOp::create(builder, loc, t, memref, at, where, zeros(t));
  }
  Value where = mask(op->predicate, op->type.lanes()), at = translate(op->index);
  return vector::GatherOp::create(builder, loc, t, memref, zero, at, where, zeros(t));
}

void ExprTranslator::store(Value memref, const Halide::Expr &value, const Halide::Expr &index,
                           const Halide::Expr &predicate) {
  Value stored = translate(value);
  bool always = HI::is_const_one(predicate);
  if (value.type().is_scalar()) {
    if (!always)
      throw KernelError("cannot translate a predicated store of a scalar");
    memref::StoreOp::create(builder, loc, stored, memref, translate(index));
    return;
  }
  if (Halide::Expr base = denseBase(index); base.defined()) {
    Value at = translate(base);
    if (always)
      vector::StoreOp::create(builder, loc, stored, memref, at);
    else
      vector::MaskedStoreOp::create(builder, loc, memref, at, mask(predicate, value.type().lanes()),
                                    stored);
    return;
  }
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value where = mask(predicate, value.type().lanes());
  vector::ScatterOp::create(builder, loc, /*result=*/Type(), memref, zero, translate(index), where,
                            stored);
}

/// The arguments: buffer, offset in elements, then extent and stride of each dimension, which
/// Halide has reduced to one cache line. What is read ahead has no extents: it is needed later,
/// and the first level of the cache is for what is in use.
void ExprTranslator::prefetch(const HI::Call *call) {
  const auto *variable = call->args.empty() ? nullptr : call->args[0].as<HI::Variable>();
  if (!variable || call->args.size() < 2)
    throw KernelError("cannot translate the prefetch " + printed(Halide::Expr(call)));
  memref::PrefetchOp::create(builder, loc, buffer(variable->name), translate(call->args[1]),
                             /*isWrite=*/false, /*localityHint=*/call->args.size() > 2 ? 3 : 2,
                             /*isDataCache=*/true);
}
