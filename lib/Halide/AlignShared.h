//===- AlignShared.h - the alignment of what the threads of a block share --------===//
#pragma once

#include <Halide.h>

namespace mlir::sepconv {

/// Halide puts all that the threads of a block share into one allocation, one stage behind the
/// other, after it has noted how accesses are aligned within a stage. Notes it anew, within the
/// allocation.
Halide::Internal::Stmt alignShared(const Halide::Internal::Stmt &stmt);

} // namespace mlir::sepconv
