//===- Arithmetic.cpp - operations of keras.ops, element by element --------------===//
//
// x + 1, ops.exp(x) and the like stand in a Functional model as calls of operations, with tensors
// and numbers as their inputs.
//
//===----------------------------------------------------------------------===//

#include "Layers.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

template <typename Op> static Value unary(LayerContext &layer) {
  return broadcastInputs(
      layer, /*keepBatch=*/false,
      [](OpBuilder &b, Location loc, ValueRange x) -> Value { return Op::create(b, loc, x[0]); });
}

template <typename Op> static Value binary(LayerContext &layer) {
  return broadcastInputs(layer, /*keepBatch=*/false,
                         [](OpBuilder &b, Location loc, ValueRange x) -> Value {
                           return Op::create(b, loc, x[0], x[1]);
                         });
}

static Value importSquare(LayerContext &layer) {
  return broadcastInputs(layer, /*keepBatch=*/false,
                         [](OpBuilder &b, Location loc, ValueRange x) -> Value {
                           return arith::MulFOp::create(b, loc, x[0], x[0]);
                         });
}

static Value importReciprocal(LayerContext &layer) {
  return broadcastInputs(layer, /*keepBatch=*/false,
                         [](OpBuilder &b, Location loc, ValueRange x) -> Value {
                           Value one = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(1));
                           return arith::DivFOp::create(b, loc, one, x[0]);
                         });
}

static Value importClip(LayerContext &layer) {
  float least = layer.number("x_min", std::nullopt), most = layer.number("x_max", std::nullopt);
  return broadcastInputs(layer, /*keepBatch=*/false,
                         [&](OpBuilder &b, Location loc, ValueRange x) -> Value {
                           Value low = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(least));
                           Value high = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(most));
                           Value above = arith::MaximumFOp::create(b, loc, x[0], low);
                           return arith::MinimumFOp::create(b, loc, above, high);
                         });
}

ArrayRef<LayerClass> sepconv::keras::arithmeticOperations() {
  static const LayerClass table[] = {
      {"Absolute", unary<math::AbsFOp>, {}},
      {"Add", binary<arith::AddFOp>, {}, 2, 2},
      {"Ceil", unary<math::CeilOp>, {}},
      {"Clip", importClip, {"x_min", "x_max"}},
      {"Cos", unary<math::CosOp>, {}},
      {"Divide", binary<arith::DivFOp>, {}, 2, 2},
      {"Erf", unary<math::ErfOp>, {}},
      {"Exp", unary<math::ExpOp>, {}},
      {"Expm1", unary<math::ExpM1Op>, {}},
      {"Floor", unary<math::FloorOp>, {}},
      {"Log", unary<math::LogOp>, {}},
      {"Log1p", unary<math::Log1pOp>, {}},
      {"Maximum", binary<arith::MaximumFOp>, {}, 2, 2},
      {"Minimum", binary<arith::MinimumFOp>, {}, 2, 2},
      {"Multiply", binary<arith::MulFOp>, {}, 2, 2},
      {"Negative", unary<arith::NegFOp>, {}},
      {"Power", binary<math::PowFOp>, {}, 2, 2},
      {"Reciprocal", importReciprocal, {}},
      {"Rsqrt", unary<math::RsqrtOp>, {}},
      {"Sin", unary<math::SinOp>, {}},
      {"Sqrt", unary<math::SqrtOp>, {}},
      {"Square", importSquare, {}},
      {"Subtract", binary<arith::SubFOp>, {}, 2, 2},
      {"TrueDivide", binary<arith::DivFOp>, {}, 2, 2},
  };
  return table;
}
