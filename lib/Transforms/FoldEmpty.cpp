//===- FoldEmpty.cpp - tensors without elements are constants --------------------===//

#include "sepconv/Passes.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_FOLDEMPTY
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;

namespace {

bool isEmpty(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape() && tensor.getNumElements() == 0 &&
         tensor.getElementType().isIntOrFloat();
}

struct FoldEmpty : sepconv::impl::FoldEmptyBase<FoldEmpty> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      if (op->getNumResults() == 0 || op->hasTrait<OpTrait::ConstantLike>() ||
          !isMemoryEffectFree(op) || !llvm::all_of(op->getResultTypes(), isEmpty))
        return;
      OpBuilder builder(op);
      for (Value result : op->getResults()) {
        auto nothing =
            DenseElementsAttr::get(cast<ShapedType>(result.getType()), ArrayRef<Attribute>());
        result.replaceAllUsesWith(arith::ConstantOp::create(builder, op->getLoc(), nothing));
      }
      op->erase();
    });
  }
};

} // namespace
