//===- ReadAhead.h - loads of what a stage reads next into the cache ------------===//
#pragma once

#include "KernelFuncs.h"

namespace mlir::sepconv {

/// Puts the prefetches that `schedule.read_ahead` asked for into a loop nest without assertions.
/// Throws KernelError if it cannot tell where a stage reads or how often a loop runs.
Halide::Internal::Stmt readAhead(const Halide::Internal::Stmt &stmt, const KernelFuncs &funcs);

} // namespace mlir::sepconv
