//===- ExprMemory.cpp - loads, stores and prefetches -----------------------------===//

#include "ExprTranslator.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

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
