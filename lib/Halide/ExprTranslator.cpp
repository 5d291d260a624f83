//===- ExprTranslator.cpp - Halide expressions to MLIR values --------------------===//

#include "ExprTranslator.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::sepconv;
namespace HI = Halide::Internal;

void sepconv::unsupported(const Halide::Expr &expr) {
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

Type ExprTranslator::storedType(Halide::Type type) const {
  if (!type.is_int() || type.bits() != 32)
    return this->type(type);
  Type element = builder.getI32Type();
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
  // Halide shifts by unsigned numbers.
  if (op->is_intrinsic(HI::Call::shift_left))
    return arith::ShLIOp::create(builder, loc, args[0],
                                 convert(args[1], op->args[1].type(), op->type));
  if (op->is_intrinsic(HI::Call::shift_right))
    return arith::ShRSIOp::create(builder, loc, args[0],
                                  convert(args[1], op->args[1].type(), op->type));
  if (op->is_intrinsic(HI::Call::bitwise_and))
    return arith::AndIOp::create(builder, loc, args[0], args[1]);
  if (op->is_intrinsic(HI::Call::bitwise_or))
    return arith::OrIOp::create(builder, loc, args[0], args[1]);
  if (op->is_intrinsic(HI::Call::bitwise_xor))
    return arith::XOrIOp::create(builder, loc, args[0], args[1]);
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
  if (op->type.is_vector())
    unsupported(op);
  bool isFloat = op->type.is_float(), isUnsigned = op->type.is_uint();
  auto extremum = [&](auto ofFloats, auto ofSigned, auto ofUnsigned) {
    return isFloat ? ofFloats : isUnsigned ? ofUnsigned : ofSigned;
  };
  using Kind = vector::CombiningKind;
  Kind kind;
  switch (op->op) {
  case HI::VectorReduce::Add:
    kind = Kind::ADD;
    break;
  case HI::VectorReduce::Mul:
    kind = Kind::MUL;
    break;
  case HI::VectorReduce::Min:
    kind = extremum(Kind::MINIMUMF, Kind::MINSI, Kind::MINUI);
    break;
  case HI::VectorReduce::Max:
    kind = extremum(Kind::MAXIMUMF, Kind::MAXSI, Kind::MAXUI);
    break;
  default:
    unsupported(op);
  }
  // The lanes are summed pairwise, not in order: a schedule that vectorizes a reduction asks for
  // it.
  return vector::ReductionOp::create(builder, loc, kind, translate(op->value),
                                     isFloat ? arith::FastMathFlags::reassoc
                                             : arith::FastMathFlags::none);
}
