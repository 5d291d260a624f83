//===- AssignOffsets.h - offsets for buffers that live for a while ----------------===//
#pragma once

#include "mlir/Support/LLVM.h"

#include <cstdint>

namespace mlir::sepconv {

/// A buffer that is in use from step `first` to step `last`.
struct BufferLife {
  int64_t bytes = 0;
  int64_t first = 0;
  int64_t last = 0;
  int64_t offset = 0; // the answer
};

/// Gives buffers whose lives overlap disjoint ranges of bytes; returns the bytes needed. Greedy by
/// size: the largest buffer first, each into the smallest gap that holds it.
int64_t assignOffsets(MutableArrayRef<BufferLife> buffers);

} // namespace mlir::sepconv
