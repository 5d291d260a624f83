//===- FuseActivation.cpp - activations into the layers before them --------------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_FUSEACTIVATION
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

template <typename Op> void fuseInto(Op layer, ActivationOp activation) {
  ActivationAttr before = layer.getActivationAttr();
  if (!layer.getOutput().hasOneUse() || (before && before.getKind() != ActivationKind::Linear))
    return;
  layer.setActivationAttr(activation.getFunction());
  layer->setLoc(FusedLoc::get(layer.getContext(), {layer.getLoc(), activation.getLoc()}));
  activation.replaceAllUsesWith(layer.getOutput());
  activation.erase();
}

struct FuseActivation : sepconv::impl::FuseActivationBase<FuseActivation> {
  void runOnOperation() override {
    getOperation().walk([](ActivationOp activation) {
      if (Operation *producer = activation.getInput().getDefiningOp())
        llvm::TypeSwitch<Operation *>(producer)
            .Case<Conv2DOp, DepthwiseConv2DOp, SeparableConv2DOp, DenseOp>(
                [&](auto layer) { fuseInto(layer, activation); });
    });
  }
};

} // namespace
