//===- Constraints.cpp - what is made of variables after a step of training ------===//

#include "VariableBodies.h"

#include "sepconv/IR/Variable.h"

using namespace mlir;
using namespace mlir::sepconv;

/// keras.backend.epsilon()
static constexpr double kEpsilon = 1e-7;

/// What a constraint makes of a norm.
static Value desiredNorm(LoopBuilder &loops, ConstraintAttr constraint, Value norm) {
  auto number = [&](StringRef name) { return loops.number(constraint.number(name)); };
  auto atMost = [&](Value x, Value most) -> Value {
    return arith::MinimumFOp::create(loops.b, x, most);
  };
  if (constraint.is("unit_norm"))
    return loops.number(1);
  if (constraint.is("max_norm"))
    return atMost(norm, number("max_value"));
  assert(constraint.is("min_max_norm") && "all kinds are handled");
  Value least = arith::MaximumFOp::create(loops.b, norm, number("min_value"));
  Value rest = loops.multiply(loops.number(1 - constraint.number("rate")), norm);
  return loops.fma(number("rate"), atMost(least, number("max_value")), rest);
}

/// Scales the elements along `dimensions` to what their norm should be.
static void scaleNorms(LoopBuilder &loops, ConstraintAttr constraint, ArrayRef<int64_t> shape,
                       ArrayRef<int64_t> dimensions, Value buffer) {
  SmallVector<int64_t> outer(shape), inner;
  for (int64_t dimension : dimensions) {
    outer[dimension] = 1;
    inner.push_back(shape[dimension]);
  }
  loops.forEach(outer, [&](ValueRange kept) {
    auto at = [&](ValueRange i) {
      SmallVector<Value> indices(kept);
      for (auto [dimension, index] : llvm::zip_equal(dimensions, i))
        indices[dimension] = index;
      return indices;
    };
    auto addSquare = [&](ValueRange i, ValueRange sum) -> SmallVector<Value> {
      Value w = loops.load(buffer, at(i));
      return {loops.fma(w, w, sum.front())};
    };
    Value norm = loops.sqrt(loops.nest(inner, loops.number(0), addSquare).front());
    Value factor =
        loops.divide(desiredNorm(loops, constraint, norm), loops.add(loops.number(kEpsilon), norm));
    loops.forEach(inner, [&](ValueRange i) {
      loops.store(loops.multiply(factor, loops.load(buffer, at(i))), buffer, at(i));
    });
  });
}

void sepconv::buildConstraint(LoopBuilder &loops, ConstraintAttr constraint,
                              ArrayRef<int64_t> shape, Value buffer) {
  if (DenseI64ArrayAttr axes = constraint.axes("axis")) {
    SmallVector<int64_t> dimensions = *dimensionsOf(axes, shape.size());
    if (dimensions.empty())
      llvm::append_range(dimensions, llvm::seq<int64_t>(0, shape.size()));
    return scaleNorms(loops, constraint, shape, dimensions, loops.view(buffer, shape));
  }
  assert(constraint.is("non_neg") && "all kinds are handled");
  loops.forEach(cast<MemRefType>(buffer.getType()).getShape(), [&](ValueRange i) {
    Value w = loops.load(buffer, i);
    loops.store(arith::MaximumFOp::create(loops.b, w, loops.number(0)), buffer, i);
  });
}
