//===- ExprTranslator.cpp - Halide expressions to MLIR values --------------------===//

#include "ExprTranslator.h"
#include "sepconv/Schedule/DotInstruction.h"

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
  else
    element = builder.getIntegerType(type.bits());
  return type.is_vector() ? VectorType::get({type.lanes()}, element) : element;
}

/// The type with the elements of another one.
static Type withElements(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(vector.clone(element)) : element;
}

Value ExprTranslator::index(const Halide::Expr &expr) {
  Value value = translate(expr);
  Type t = withElements(value.getType(), builder.getIndexType());
  return value.getType() == t ? value : arith::IndexCastOp::create(builder, loc, t, value);
}

Value ExprTranslator::asData(Value value) {
  if (!getElementTypeOrSelf(value.getType()).isIndex())
    return value;
  Type t = withElements(value.getType(), builder.getI32Type());
  return arith::IndexCastOp::create(builder, loc, t, value);
}

std::pair<Value, Value> ExprTranslator::both(Value a, Value b) {
  if (a.getType() == b.getType())
    return {a, b};
  return {asData(a), asData(b)};
}

std::pair<Value, Value> ExprTranslator::both(const Halide::Expr &a, const Halide::Expr &b) {
  Value first = translate(a);
  return both(first, translate(b));
}

Value ExprTranslator::buffer(const std::string &name) const {
  auto it = buffers.find(name);
  if (it == buffers.end())
    throw KernelError("no buffer named " + name);
  return it->second;
}

Value ExprTranslator::constant(Type t, int64_t value) {
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
  case HI::IRNodeType::IntImm: // an index until it meets data
    return constant(expr.type().bits() == 32 ? builder.getIndexType() : type(expr.type()),
                    expr.as<HI::IntImm>()->value);
  case HI::IRNodeType::UIntImm:
    return constant(type(expr.type()), expr.as<HI::UIntImm>()->value);
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
    Value value = translate(op->value);
    return splat(value, VectorType::get({expr.type().lanes()}, value.getType()));
  }
  case HI::IRNodeType::Ramp: {
    const auto *op = expr.as<HI::Ramp>();
    if (op->base.type().is_vector())
      unsupported(expr);
    auto t = VectorType::get({expr.type().lanes()}, builder.getIndexType());
    Value steps = vector::StepOp::create(builder, loc, t);
    Value scaled = arith::MulIOp::create(builder, loc, steps, splat(index(op->stride), t));
    return arith::AddIOp::create(builder, loc, splat(index(op->base), t), scaled);
  }
  case HI::IRNodeType::Let: {
    const auto *op = expr.as<HI::Let>();
    bind(op->name, translate(op->value));
    return translate(op->body);
  }
  case HI::IRNodeType::Select: {
    const auto *op = expr.as<HI::Select>();
    Value condition = translate(op->condition);
    auto [whenTrue, whenFalse] = both(op->true_value, op->false_value);
    return arith::SelectOp::create(builder, loc, condition, whenTrue, whenFalse);
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
  // What DotSums.cpp makes.
  if (StringRef name = op->name; name.consume_front("sepconv.")) {
    const DotInstruction *instruction = findDotInstruction(name);
    return instruction ? dotProduct(op, *instruction) : word(op);
  }
  SmallVector<Value> args;
  for (const Halide::Expr &arg : op->args)
    args.push_back(translate(arg));
  Type t = type(op->type);
  if (op->call_type == HI::Call::PureExtern) {
    SmallVector<Value> data(llvm::map_range(args, [&](Value arg) { return asData(arg); }));
    if (Value value = mathFunction(builder, loc, op->name, data, t))
      return value;
  }
  if (op->is_intrinsic(HI::Call::strict_lt))
    return compare(args[0], args[1], true, false, "<");
  if (op->is_intrinsic(HI::Call::strict_le))
    return compare(args[0], args[1], true, false, "<=");
  if (op->is_intrinsic(HI::Call::strict_eq))
    return compare(args[0], args[1], true, false, "==");
  if (op->is_intrinsic({HI::Call::if_then_else})) {
    auto [whenTrue, whenFalse] = both(args[1], args[2]);
    return arith::SelectOp::create(builder, loc, args[0], whenTrue, whenFalse);
  }
  if (args.size() != 2)
    unsupported(op);
  auto [a, b] = both(args[0], args[1]);
  // Halide shifts by unsigned numbers.
  if (op->is_intrinsic(HI::Call::shift_left))
    return arith::ShLIOp::create(builder, loc, a, b);
  if (op->is_intrinsic(HI::Call::shift_right))
    return op->type.is_uint() ? arith::ShRUIOp::create(builder, loc, a, b).getResult()
                              : arith::ShRSIOp::create(builder, loc, a, b).getResult();
  if (op->is_intrinsic(HI::Call::bitwise_and))
    return arith::AndIOp::create(builder, loc, a, b);
  if (op->is_intrinsic(HI::Call::bitwise_or))
    return arith::OrIOp::create(builder, loc, a, b);
  if (op->is_intrinsic(HI::Call::bitwise_xor))
    return arith::XOrIOp::create(builder, loc, a, b);
  unsupported(op);
}

Value ExprTranslator::shuffle(const HI::Shuffle *op) {
  SmallVector<Value> elements;
  for (const Halide::Expr &vector : op->vectors) {
    Value value =
        op->type.is_int() && op->type.bits() == 32 ? asData(translate(vector)) : translate(vector);
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
