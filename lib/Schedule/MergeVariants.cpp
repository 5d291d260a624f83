//===- MergeVariants.cpp - the variants' functions in one module -----------------===//

#include "sepconv/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringExtras.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_MERGEVARIANTS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// The ending of names that belong to a target; they are C's, for profilers.
static std::string suffixOf(StringAttr target) {
  std::string suffix = "_";
  for (char c : target.getValue())
    suffix += llvm::isAlnum(c) ? c : '_';
  return suffix;
}

namespace {
struct MergeVariants : sepconv::impl::MergeVariantsBase<MergeVariants> {
  void runOnOperation() override {
    for (ModuleOp variant : llvm::make_early_inc_range(getOperation().getOps<ModuleOp>())) {
      auto target = variant->getAttrOfType<StringAttr>("sepconv.target");
      if (!target) {
        variant.emitError("expected a variant, a module with the attribute 'sepconv.target'");
        return signalPassFailure();
      }
      if (failed(merge(variant, target)))
        return signalPassFailure();
      variant.erase();
    }
  }

  LogicalResult merge(ModuleOp variant, StringAttr target) {
    SymbolTable symbols(variant);
    std::string suffix = suffixOf(target);
    for (Operation &op : llvm::make_early_inc_range(*variant.getBody())) {
      if (auto symbol = dyn_cast<SymbolOpInterface>(op))
        if (failed(symbols.rename(symbol, symbol.getName().str() + suffix)))
          return op.emitError("cannot be renamed for the variant ") << target;
      if (isa<func::FuncOp>(op))
        op.setAttr("sepconv.target", target);
    }
    Block *body = getOperation().getBody();
    body->getOperations().splice(body->end(), variant.getBody()->getOperations());
    return success();
  }
};
} // namespace
