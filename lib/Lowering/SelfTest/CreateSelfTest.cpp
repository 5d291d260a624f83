//===- CreateSelfTest.cpp - a test of a product within it -------------------------===//

#include "SelfTestBuilder.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CREATESELFTEST
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

//===----------------------------------------------------------------------===//
// Tolerances
//===----------------------------------------------------------------------===//

/// What lowerings may differ by, relative to an output's largest magnitude, where the type that
/// floats are stored in is the least precise one of a model: of narrow types 16 times what rounding
/// to it takes, of others what sums of many terms take in other orders
/// (docs/decisions/036-let-a-product-test-itself.md). Where integers are made of floats, one in a
/// hundred may be rounded or chosen in another way; integers of integers are the same everywhere.
static double toleranceOf(FloatType least, bool isFloat) {
  if (!least)
    return 0;
  if (!isFloat)
    return 1.0 / 64;
  return least.isBF16() ? 1.0 / 16 : least.isF16() ? 1.0 / 128 : least.isF32() ? 1e-4 : 1e-10;
}

/// The least precise type of floats in a module; null if it has none.
static FloatType leastPreciseFloat(ModuleOp module) {
  FloatType least;
  auto see = [&](TypeRange types) {
    for (Type type : types)
      if (auto found = dyn_cast<FloatType>(getElementTypeOrSelf(type)))
        if (!least || found.getFPMantissaWidth() < least.getFPMantissaWidth())
          least = found;
  };
  module.walk([&](Operation *op) {
    see(op->getResultTypes());
    see(op->getOperandTypes());
  });
  return least;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct CreateSelfTestPass : public sepconv::impl::CreateSelfTestBase<CreateSelfTestPass> {
  using CreateSelfTestBase::CreateSelfTestBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<ModelInterface> model = ModelInterface::get(module);
    if (failed(model))
      return signalPassFailure();
    SmallVector<double> scales;
    for (func::FuncOp entry : module.getOps<func::FuncOp>())
      for (unsigned i = 0; entry.isPublic() && scales.size() < model->weights.size(); ++i)
        if (entry.getArgAttr(i, "sepconv.weight")) {
          auto scale = entry.getArgAttrOfType<FloatAttr>(i, kTestScale);
          scales.push_back(scale ? scale.getValueAsDouble() : 0);
        }
    FloatType least = leastPreciseFloat(module);
    for (const TensorInterface &output : model->outputs)
      model->selfTestTolerances.push_back(
          toleranceOf(least, StringRef(output.dtype).contains("float")));
    model->selfTestBytes = SelfTestLayout::get(*model).bytes;
    SelfTestBuilder builder(module, *model);
    builder.createFill(scales);
    builder.createCheck();
    model->set(module);
  }
};
} // namespace
