//===- FusionCost.cpp - whether fusing two layers pays ---------------------------===//

#include "FusionCost.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

static int64_t bytesOf(RankedTensorType type) {
  return type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

static FusionDecision notFused(std::string reason) { return {false, 0, std::move(reason)}; }

FusionDecision sepconv::decideDepthwisePointwise(RankedTensorType intermediate, Conv2DOp pointwise,
                                                 int64_t l2Bytes) {
  auto filter = cast<RankedTensorType>(pointwise.getFilter().getType());
  if (filter.getDimSize(0) != 1 || filter.getDimSize(1) != 1)
    return notFused("the second convolution is not 1x1");
  if (pointwise.getGroups() != 1)
    return notFused("the pointwise convolution is grouped");
  if (llvm::any_of(pointwise.getStrides(), [](int64_t s) { return s != 1; }))
    return notFused("the pointwise convolution is strided");
  if (llvm::any_of(pointwise.getPadding(), [](int64_t p) { return p != 0; }))
    return notFused("the pointwise convolution is padded");

  // Half of the L2 cache is for the tile between the two convolutions, half for everything else.
  int64_t budget = l2Bytes / 2;
  int64_t images = intermediate.getDimSize(0), rows = intermediate.getDimSize(1);
  int64_t rowBytes = bytesOf(intermediate) / (images * rows);
  if (rowBytes > budget)
    return notFused(llvm::formatv("a row of the depthwise result takes {0} bytes, more than half "
                                  "of the {1} bytes of L2",
                                  rowBytes, l2Bytes));
  // Each tile of rows reads the pointwise filter; one that stays in the cache costs nothing.
  int64_t tiles = images * llvm::divideCeil(rows, std::min(rows, budget / rowBytes));
  int64_t filterBytes = bytesOf(filter);
  int64_t reread = filterBytes > budget ? (tiles - 1) * filterBytes : 0;
  int64_t saved = 2 * bytesOf(intermediate);
  if (reread >= saved)
    return notFused(llvm::formatv("reading the pointwise filter for each of {0} tiles of rows "
                                  "costs {1} bytes, more than the {2} bytes that it saves",
                                  tiles, reread, saved));
  return {true, saved - reread, ""};
}
