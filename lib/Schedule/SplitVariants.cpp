//===- SplitVariants.cpp - a copy of the model for each variant of the target ----===//

#include "sepconv/IR/Layers.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/TargetDescription.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_SPLITVARIANTS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// Whether the module is further on: split before, or its memory is planned.
static bool isSplit(ModuleOp module) {
  auto functions = module.getOps<func::FuncOp>();
  return functions.empty() || module->hasAttr("sepconv.interface") ||
         llvm::any_of(functions,
                      [](func::FuncOp function) { return function->hasAttr("sepconv.target"); });
}

/// Those of the target, before them those that only layers of integers have a use for.
static SmallVector<std::string> variantsFor(ModuleOp module, const TargetDescription &target) {
  SmallVector<std::string> names(target.variants.begin(), target.variants.end());
  WalkResult found = module.walk([](Operation *op) {
    return isIntegerLayer(op) ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (found.wasInterrupted())
    names.insert(names.begin(), target.integerVariants.begin(), target.integerVariants.end());
  return names;
}

namespace {
struct SplitVariants : sepconv::impl::SplitVariantsBase<SplitVariants> {
  using SplitVariantsBase::SplitVariantsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    llvm::Expected<TargetDescription> description = loadTarget(target);
    if (!description) {
      module.emitError() << llvm::toString(description.takeError());
      return signalPassFailure();
    }
    if (description->variants.empty() || isSplit(module))
      return;
    OpBuilder builder(&getContext());
    SmallVector<Operation *> originals;
    for (Operation &op : *module.getBody())
      originals.push_back(&op);
    for (const std::string &name : variantsFor(module, *description)) {
      builder.setInsertionPointToEnd(module.getBody());
      auto variant = ModuleOp::create(builder, module.getLoc(), StringRef(name));
      variant->setAttr("sepconv.target", builder.getStringAttr(name));
      builder.setInsertionPointToStart(variant.getBody());
      for (Operation *op : originals)
        builder.clone(*op);
    }
    for (Operation *op : originals)
      op->erase();
  }
};
} // namespace
