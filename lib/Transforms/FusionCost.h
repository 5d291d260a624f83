//===- FusionCost.h - whether fusing two layers pays -----------------------------===//
#pragma once

#include "sepconv/IR/SepConv.h"
#include "sepconv/Support/Expression.h"

#include <string>

namespace mlir::sepconv {

struct FusionDecision {
  bool fuse;
  /// The bytes that are not written and read again.
  int64_t savedBytes;
  /// Why not, if `fuse` is false.
  std::string reason;
};

/// The facts of the target that decide; of a GPU if it has shared memory.
struct FusionMachine {
  explicit FusionMachine(const Facts &facts);
  int64_t l2Bytes;
  int64_t hidingPositions;  ///< take as long to multiply as their filter to come from L3, and spare
  int64_t sharedBytes;      ///< of a block
  int64_t blockOutputBytes; ///< the most output channels of a block, in bytes
  int64_t productsPerUs;    ///< of all multiprocessors
  int64_t bytesPerUs;       ///< from memory
  int64_t launchUs;
};

/// Decides on one kernel for operations of a `kind`, "depthwise" or "elementwise", whose result is
/// of type `intermediate`, and the pointwise convolution that reads it.
/// docs/decisions/001-fuse-depthwise-and-pointwise.md has the model's reasons, 012-fuse-on-a-gpu.md
/// those of a GPU's, 034-scale-on-the-way-into-a-convolution.md those of elementwise operations.
FusionDecision decidePointwise(RankedTensorType intermediate, StringRef kind, Conv2DOp pointwise,
                               const FusionMachine &machine);

/// Decides on one kernel for a pointwise convolution, whose result is `expanded`, and the depthwise
/// one that reads it, padded or not: docs/decisions/036-expand-rows-as-they-are-read.md.
FusionDecision decideExpansion(RankedTensorType expanded, Conv2DOp pointwise,
                               DepthwiseConv2DOp depthwise, const FusionMachine &machine);

/// Decides on one kernel for elementwise operations, whose result is `elements`, and a convolution
/// with windows: they are computed where its input is copied to be padded.
FusionDecision decidePaddedCopy(RankedTensorType elements, ArrayRef<Operation *> operations,
                                Conv2DOp conv, const FusionMachine &machine);

} // namespace mlir::sepconv
