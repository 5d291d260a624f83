//===- CheckAccess.h - whether a loop nest stays in its buffers ------------------===//
#pragma once

#include "KernelFuncs.h"

namespace mlir::sepconv {

/// Halide guards a loop nest with assertions about the sizes of its buffers. They are decided now,
/// for all that dynamic sizes can be: throws KernelError if a schedule reads or writes outside of a
/// buffer, a tile larger than what it tiles for instance. Returns the loop nest without them.
Halide::Internal::Stmt checkAccess(const Halide::Internal::Stmt &stmt, const KernelFuncs &funcs);

} // namespace mlir::sepconv
