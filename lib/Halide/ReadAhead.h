//===- ReadAhead.h - loads of what a stage reads next into the cache ------------===//
#pragma once

#include "KernelFuncs.h"

namespace mlir::sepconv {

/// Puts the prefetches that `schedule.read_ahead` and `schedule.prefetch_next` asked for into a
/// loop nest without assertions, one for each line of the cache. Throws KernelError if it cannot
/// tell how large a line is, where a stage reads or how often a loop runs.
Halide::Internal::Stmt readAhead(const Halide::Internal::Stmt &stmt, const KernelFuncs &funcs,
                                 std::optional<int64_t> lineBytes);

} // namespace mlir::sepconv
