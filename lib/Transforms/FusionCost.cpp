//===- FusionCost.cpp - whether fusing two layers pays ---------------------------===//

#include "FusionCost.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

/// A core makes 32 products a cycle and gets 10 bytes of filter a cycle from its L3 cache, as
/// measured (docs/decisions/001): 13 positions take as long to multiply as their filter to come.
/// Twice that, rounded up, leaves bandwidth for the rest.
static constexpr int64_t kHidingPositions = 32;

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
  // Each tile of rows reads the pointwise filter. One that stays in the cache costs nothing, nor
  // does one that is multiplied with so many positions that the next cache makes it ready
  // meanwhile.
  int64_t tileRows = std::min(rows, budget / rowBytes);
  int64_t tiles = images * llvm::divideCeil(rows, tileRows);
  int64_t filterBytes = bytesOf(filter);
  bool isHidden =
      filterBytes <= budget || tileRows * intermediate.getDimSize(2) >= kHidingPositions;
  int64_t reread = isHidden ? 0 : (tiles - 1) * filterBytes;
  int64_t saved = 2 * bytesOf(intermediate);
  if (reread >= saved)
    return notFused(llvm::formatv("reading the pointwise filter for each of {0} tiles of rows "
                                  "costs {1} bytes, more than the {2} bytes that it saves",
                                  tiles, reread, saved));
  return {true, saved - reread, ""};
}
