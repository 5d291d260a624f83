//===- ApproximateFloat64.cpp - functions of float64 where there is no libm -------===//

#include "Float64Functions.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_APPROXIMATEFLOAT64
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {
struct ApproximateFloat64 : public sepconv::impl::ApproximateFloat64Base<ApproximateFloat64> {
  void runOnOperation() override {
    getOperation()->walk([](Operation *op) {
      if (op->getNumResults() != 1 || !getElementTypeOrSelf(op->getResult(0).getType()).isF64())
        return;
      Value result = approximate(op);
      if (!result)
        return;
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
    });
  }

  static Value approximate(Operation *op) {
    using F = Float64Functions;
    if (!isa<math::MathDialect>(op->getDialect()))
      return {};
    F f(op);
    Value x = op->getOperand(0);
    return llvm::TypeSwitch<Operation *, Value>(op)
        .Case([&](math::ExpOp) { return f.exp(x); })
        .Case([&](math::Exp2Op) { return f.exp2(x); })
        .Case([&](math::ExpM1Op) { return f.expm1(x); })
        .Case([&](math::LogOp) { return f.log(x); })
        .Case([&](math::Log1pOp) { return f.log1p(x); })
        .Case([&](math::Log2Op) { return f.log2(x); })
        .Case([&](math::Log10Op) { return f.log10(x); })
        .Case([&](math::PowFOp) { return f.pow(x, op->getOperand(1)); })
        .Case([&](math::SinhOp) { return f.sinh(x); })
        .Case([&](math::CoshOp) { return f.cosh(x); })
        .Case([&](math::TanhOp) { return f.tanh(x); })
        .Case([&](math::AsinhOp) { return f.asinh(x); })
        .Case([&](math::AcoshOp) { return f.acosh(x); })
        .Case([&](math::AtanhOp) { return f.atanh(x); })
        .Case([&](math::CbrtOp) { return f.cbrt(x); })
        .Case([&](math::ErfOp) { return f.erf(x); })
        .Case([&](math::ErfcOp) { return f.erfc(x); })
        .Case([&](math::SinOp) { return f.sin(x); })
        .Case([&](math::CosOp) { return f.cos(x); })
        .Case([&](math::TanOp) { return f.tan(x); })
        .Case([&](math::AsinOp) { return f.asin(x); })
        .Case([&](math::AcosOp) { return f.acos(x); })
        .Case([&](math::AtanOp) { return f.atan(x); })
        .Case([&](math::Atan2Op) { return f.atan2(x, op->getOperand(1)); })
        .Default(Value());
  }
};
} // namespace
