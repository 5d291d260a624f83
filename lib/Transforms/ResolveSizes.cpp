//===- ResolveSizes.cpp - every size by those that are dynamic ----------------------===//

#include "sepconv/IR/Sizes.h"
#include "sepconv/Passes.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_RESOLVESIZES
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

void resolve(func::FuncOp entry) {
  Sizes sizes(entry);
  if (sizes.dynamicSizes().empty())
    return;
  SmallVector<tensor::DimOp> dims;
  entry.walk([&](tensor::DimOp dim) { dims.push_back(dim); });
  OpBuilder builder = OpBuilder::atBlockBegin(&entry.front());
  SmallVector<OpFoldResult> dynamic = getAsOpFoldResult(dynamicSizeValues(builder, entry));
  for (tensor::DimOp dim : dims) {
    AffineExpr size = sizes.of(dim.getResult());
    if (!size)
      continue; // reported where it is needed
    builder.setInsertionPoint(dim);
    OpFoldResult value = affine::makeComposedFoldedAffineApply(
        builder, dim.getLoc(), AffineMap::get(dynamic.size(), 0, size), dynamic);
    dim.replaceAllUsesWith(getValueOrCreateConstantIndexOp(builder, dim.getLoc(), value));
    dim.erase();
  }
}

struct ResolveSizes : sepconv::impl::ResolveSizesBase<ResolveSizes> {
  void runOnOperation() override {
    for (auto entry : getOperation().getOps<func::FuncOp>())
      if (!entry.isExternal() && !entry.isPrivate())
        resolve(entry);
  }
};

} // namespace
