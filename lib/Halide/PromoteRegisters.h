//===- PromoteRegisters.h - the registers of a block as those of its threads -----===//
#pragma once

#include <Halide.h>

namespace mlir::sepconv {

/// A stage in registers that is computed at a loop over blocks has its elements numbered through
/// the block, `base(thread) + constant`, and Halide gives each thread an array for all of them.
/// Here a thread keeps the constants, its own elements, which LLVM then finds in registers. Throws
/// KernelError if a thread would read what another one has written, as far as can be seen.
Halide::Internal::Stmt promoteRegisters(const Halide::Internal::Stmt &stmt);

} // namespace mlir::sepconv
