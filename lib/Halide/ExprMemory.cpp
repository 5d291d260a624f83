//===- ExprMemory.cpp - loads, stores and prefetches -----------------------------===//

#include "ExprTranslator.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <numeric>

using namespace mlir;
using namespace mlir::sepconv;
namespace HI = Halide::Internal;

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

void ExprTranslator::align(Operation *access, Halide::Type type,
                           const HI::ModulusRemainder &index) {
  if (!bufferAlignment)
    return;
  int64_t elements = std::gcd(index.modulus, index.remainder); // 0: the first one
  int64_t bytes = std::gcd(elements * type.bytes(), bufferAlignment);
  if (bytes > type.bytes())
    access->setAttr("alignment", builder.getI64IntegerAttr(bytes));
}

Value ExprTranslator::load(const HI::Load *op) {
  Value memref = buffer(op->name);
  bool always = HI::is_const_one(op->predicate);
  if (op->type.is_scalar()) {
    if (!always)
      unsupported(op);
    auto load = memref::LoadOp::create(builder, loc, memref, index(op->index));
    align(load, op->type, op->alignment);
    return load;
  }
  auto t = cast<VectorType>(type(op->type));
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  if (Halide::Expr base = denseBase(op->index); base.defined()) {
    Value at = index(base);
    if (always) {
      auto load = vector::LoadOp::create(builder, loc, t, memref, at);
      align(load, op->type.element_of(), op->alignment);
      return load;
    }
    Value where = mask(op->predicate, op->type.lanes());
    return vector::MaskedLoadOp::create(builder, loc, t, memref, at, where, zeros(t));
  }
  Value where = mask(op->predicate, op->type.lanes()), at = index(op->index);
  return vector::GatherOp::create(builder, loc, t, memref, zero, at, where, zeros(t));
}

void ExprTranslator::store(Value memref, const HI::Store *op) {
  Halide::Type type = op->value.type();
  Value stored = asData(translate(op->value));
  bool always = HI::is_const_one(op->predicate);
  if (type.is_scalar()) {
    if (!always)
      throw KernelError("cannot translate a predicated store of a scalar");
    auto store = memref::StoreOp::create(builder, loc, stored, memref, index(op->index));
    return align(store, type, op->alignment);
  }
  if (Halide::Expr base = denseBase(op->index); base.defined()) {
    Value at = index(base);
    if (always)
      return align(vector::StoreOp::create(builder, loc, stored, memref, at), type.element_of(),
                   op->alignment);
    vector::MaskedStoreOp::create(builder, loc, memref, at, mask(op->predicate, type.lanes()),
                                  stored);
    return;
  }
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value where = mask(op->predicate, type.lanes());
  vector::ScatterOp::create(builder, loc, /*result=*/Type(), memref, zero, index(op->index), where,
                            stored);
}

/// The arguments: buffer, offset in elements, then extent and stride of each dimension, which
/// Halide has reduced to one cache line. What is read ahead has no extents: it is needed later,
/// and the first level of the cache is for what is in use.
void ExprTranslator::prefetch(const HI::Call *call) {
  const auto *variable = call->args.empty() ? nullptr : call->args[0].as<HI::Variable>();
  if (!variable || call->args.size() < 2)
    throw KernelError("cannot translate the prefetch " + printed(Halide::Expr(call)));
  memref::PrefetchOp::create(builder, loc, buffer(variable->name), index(call->args[1]),
                             /*isWrite=*/false, /*localityHint=*/call->args.size() > 2 ? 3 : 2,
                             /*isDataCache=*/true);
}
