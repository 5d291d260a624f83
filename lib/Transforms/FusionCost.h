//===- FusionCost.h - whether fusing two layers pays -----------------------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

#include <string>

namespace mlir::sepconv {

struct FusionDecision {
  bool fuse;
  /// The bytes that are not written and read again.
  int64_t savedBytes;
  /// Why not, if `fuse` is false.
  std::string reason;
};

/// Decides on one kernel for a depthwise convolution of output type `intermediate` and the
/// pointwise one that reads it. docs/decisions/001-fuse-depthwise-and-pointwise.md has the model's
/// reasons.
FusionDecision decideDepthwisePointwise(RankedTensorType intermediate, Conv2DOp pointwise,
                                        int64_t l2Bytes);

} // namespace mlir::sepconv
