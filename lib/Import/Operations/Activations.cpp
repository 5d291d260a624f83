//===- Activations.cpp - activation functions ------------------------------------===//

#include "Activations.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Shaping.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::activate(TensorBuilder &b, Value value, ActivationAttr function) {
  if (!function || function.getKind() == ActivationKind::Linear)
    return value;
  if (!areFloats(b, value))
    return {};
  return ActivationOp::create(b.builder, b.loc, value.getType(), value, function);
}

static Value ofKind(TensorBuilder &b, Value value, ActivationKind kind) {
  return activate(b, value, ActivationAttr::get(b.builder.getContext(), kind));
}

static Value each(TensorBuilder &b, Value value, Body body) {
  return areFloats(b, value) ? broadcast(b, value, /*keepBatch=*/false, body) : Value();
}

Value ops::hardSigmoid(TensorBuilder &b, Value value, double slope, double offset) {
  return each(b, value, [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Type type = x[0].getType();
    Value scaled = arith::MulFOp::create(builder, loc, x[0], number(builder, loc, type, slope));
    Value moved = arith::AddFOp::create(builder, loc, scaled, number(builder, loc, type, offset));
    Value above = arith::MaximumFOp::create(builder, loc, moved, number(builder, loc, type, 0));
    return arith::MinimumFOp::create(builder, loc, above, number(builder, loc, type, 1));
  });
}

/// The first value where x compares so with the number, the second elsewhere.
static Value where(OpBuilder &b, Location loc, arith::CmpFPredicate predicate, Value x, double than,
                   Value yes, Value no) {
  Value is = arith::CmpFOp::create(b, loc, predicate, x, number(b, loc, x.getType(), than));
  return arith::SelectOp::create(b, loc, is, yes, no);
}

Value ops::prelu(TensorBuilder &b, Value value, Value slope) {
  if (!areFloats(b, {value, slope}))
    return {};
  return broadcast(b, {value, slope}, /*keepBatch=*/false,
                   [](OpBuilder &builder, Location loc, ValueRange x) {
                     return where(builder, loc, arith::CmpFPredicate::OGE, x[0], 0, x[0],
                                  arith::MulFOp::create(builder, loc, x[0], x[1]));
                   });
}

Value ops::celu(TensorBuilder &b, Value value, double alpha) {
  return each(b, value, [&](OpBuilder &builder, Location loc, ValueRange x) {
    Value scale = number(builder, loc, x[0].getType(), alpha);
    Value power =
        math::ExpM1Op::create(builder, loc, arith::DivFOp::create(builder, loc, x[0], scale));
    return where(builder, loc, arith::CmpFPredicate::OGT, x[0], 0, x[0],
                 arith::MulFOp::create(builder, loc, scale, power));
  });
}

Value ops::shrink(TensorBuilder &b, Value value, double threshold, double bias) {
  return each(b, value, [&](OpBuilder &builder, Location loc, ValueRange x) {
    Value by = number(builder, loc, x[0].getType(), bias);
    Value zero = number(builder, loc, x[0].getType(), 0);
    Value less = bias != 0 ? arith::SubFOp::create(builder, loc, x[0], by).getResult() : x[0];
    Value more = bias != 0 ? arith::AddFOp::create(builder, loc, x[0], by).getResult() : x[0];
    Value below = where(builder, loc, arith::CmpFPredicate::OLT, x[0], -threshold, more, zero);
    return where(builder, loc, arith::CmpFPredicate::OGT, x[0], threshold, less, below);
  });
}

Value ops::threshold(TensorBuilder &b, Value value, double threshold, double otherwise) {
  return each(b, value, [&](OpBuilder &builder, Location loc, ValueRange x) {
    return where(builder, loc, arith::CmpFPredicate::OGT, x[0], threshold, x[0],
                 number(builder, loc, x[0].getType(), otherwise));
  });
}

Value ops::squareplus(TensorBuilder &b, Value value, double offset) {
  return each(b, value, [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Type type = x[0].getType();
    Value square = arith::MulFOp::create(builder, loc, x[0], x[0]);
    Value moved = arith::AddFOp::create(builder, loc, square, number(builder, loc, type, offset));
    Value sum =
        arith::AddFOp::create(builder, loc, x[0], math::SqrtOp::create(builder, loc, moved));
    return arith::MulFOp::create(builder, loc, sum, number(builder, loc, type, 0.5));
  });
}

Value ops::gatedLinearUnit(TensorBuilder &b, Value value, int64_t dim) {
  int64_t size = shapeOf(value)[dim];
  if (size % 2) {
    b.error("axis") << "expected a dimension of even size, found " << size << " in shape "
                    << shown(shapeOf(value));
    return {};
  }
  Value gate = slice(b, value, dim, size / 2, size / 2);
  return apply(b, "multiply",
               {slice(b, value, dim, 0, size / 2), ofKind(b, gate, ActivationKind::Sigmoid)});
}

//===----------------------------------------------------------------------===//
// By name
//===----------------------------------------------------------------------===//

namespace {

struct Named {
  StringRef name;
  ActivationBuilder build;
};

} // namespace

static constexpr Named table[] = {
    {"glu", [](TensorBuilder &b, Value x) { return gatedLinearUnit(b, x, rankOf(x) - 1); }},
    {"hard_shrink", [](TensorBuilder &b, Value x) { return shrink(b, x, 0.5, 0); }},
    {"hard_tanh", [](TensorBuilder &b, Value x) { return clip(b, x, -1, 1); }},
    {"log_softmax", [](TensorBuilder &b, Value x) { return logSoftmax(b, x, rankOf(x) - 1); }},
    {"soft_shrink", [](TensorBuilder &b, Value x) { return shrink(b, x, 0.5, 0.5); }},
    {"sparse_sigmoid", [](TensorBuilder &b, Value x) { return hardSigmoid(b, x, 0.5, 0.5); }},
    {"squareplus", [](TensorBuilder &b, Value x) { return squareplus(b, x, 4); }},
    {"tanh_shrink",
     [](TensorBuilder &b, Value x) {
       return apply(b, "subtract", {x, ofKind(b, x, ActivationKind::Tanh)});
     }},
};

ActivationBuilder ops::findActivation(StringRef name) {
  const Named *found = llvm::find_if(table, [&](const Named &named) { return named.name == name; });
  return found == std::end(table) ? nullptr : found->build;
}

SmallVector<StringRef> ops::activationNames() {
  return llvm::map_to_vector(table, [](const Named &named) { return named.name; });
}

Value ops::fakeQuantize(TensorBuilder &b, Value value, double least, double greatest, int64_t bits,
                        bool isNarrow) {
  if (!value)
    return {};
  if (bits < 2 || bits > 16 || !(least < greatest && least <= 0 && greatest >= 0)) {
    b.error() << "expected 2 to 16 bits, and numbers below and above 0, found " << bits << " bits, "
              << std::to_string(least) << " and " << std::to_string(greatest);
    return {};
  }
  double first = isNarrow, last = double(int64_t(1) << bits) - 1;
  double step = (greatest - least) / (last - first);
  double zero = std::round(std::clamp(first - least / step, first, last));
  double lowest = (first - zero) * step, highest = (last - zero) * step;
  Type element = elementOf(value);
  auto of = [&](double number) { return b.splat({}, element, number); };
  Value moved = apply(b, "subtract", {clip(b, value, lowest, highest), of(lowest)});
  Value places = apply(b, "add", {apply(b, "multiply", {moved, of(1 / step)}), of(0.5)});
  return scale(b, apply(b, "floor", places), of(step), of(lowest));
}
