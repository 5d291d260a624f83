//===- CheckTensors.cpp - tensors that no kernel can be made for -----------------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/IR/Window.h"
#include "sepconv/Passes.h"

#include "llvm/ADT/DenseSet.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CHECKTENSORS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// What code can be made for; in between there are truth values and indices.
bool isElement(Type type) {
  return isa<Float16Type, BFloat16Type, Float32Type, Float64Type, IndexType>(type) ||
         (type.isInteger() &&
          llvm::is_contained({1u, 8u, 16u, 32u, 64u}, type.getIntOrFloatBitWidth()));
}

/// What is wrong with a type, or nothing.
StringRef problemWith(TensorType type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return "a tensor must have a static shape";
  if (isTooLarge(tensor.getShape()))
    return "a tensor must have sizes of at most 2^31 - 1 and at most 2^40 elements (C18)";
  if (!isElement(tensor.getElementType()))
    return "a tensor must have elements that C has a type for, or of f16 or bf16";
  return {};
}

/// Whether a constant, or a variable that becomes one, fits beside code, which addresses it by 32
/// bits. Its type has no problem.
bool isTooLargeConstant(Operation *op, RankedTensorType type) {
  return op && (op->hasTrait<OpTrait::ConstantLike>() || isa<VariableOp>(op)) &&
         type.getElementType().isIntOrFloat() &&
         type.getNumElements() * type.getElementTypeBitWidth() / 8 > kMaxSize;
}

struct CheckTensors : sepconv::impl::CheckTensorsBase<CheckTensors> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      for (Value result : op->getResults())
        check(result);
      for (Region &region : op->getRegions())
        for (Value argument : region.getArguments())
          check(argument);
    });
  }

  void check(Value value) {
    auto type = dyn_cast<TensorType>(value.getType());
    if (!type)
      return;
    StringRef problem = problemWith(type);
    if (problem.empty() && isTooLargeConstant(value.getDefiningOp(), cast<RankedTensorType>(type)))
      problem = "a constant must have at most 2^31 - 1 bytes";
    if (problem.empty() || !reported.insert(type).second)
      return;
    emitError(value.getLoc()) << problem << ", found " << type;
    signalPassFailure();
  }

  DenseSet<Type> reported;
};

} // namespace
