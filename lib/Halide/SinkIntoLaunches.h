//===- SinkIntoLaunches.h - a GPU computes what the host would --------------------===//
#pragma once

#include "Halide.h"

namespace mlir::sepconv {

/// Puts the definitions that a loop nest for a GPU has outside of its blocks, sums of dynamic
/// sizes, into the blocks that use them, and the conditions into the number of blocks: 0 where they
/// do not hold. What is left outside are blocks, whose numbers are expressions in dynamic sizes,
/// and storage.
Halide::Internal::Stmt sinkIntoLaunches(const Halide::Internal::Stmt &stmt);

} // namespace mlir::sepconv
