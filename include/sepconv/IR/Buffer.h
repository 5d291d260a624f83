//===- Buffer.h - how tensors lie in memory --------------------------------------===//
#pragma once

#include "mlir/IR/Types.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace mlir::sepconv {

/// The alignment of the workspace, of the weights and of every buffer in them: a cache line, and
/// the widest vector that there is.
inline constexpr int64_t kBufferAlignment = 64;

inline constexpr int64_t alignToBuffer(int64_t bytes) {
  return (bytes + kBufferAlignment - 1) / kBufferAlignment * kBufferAlignment;
}

/// The attribute of a kernel's argument that is memory of a task: its offset in all that a task
/// has.
inline constexpr llvm::StringLiteral kTaskOffset = "sepconv.task_offset";

/// The bytes of one element of a tensor in memory: a truth value has one too.
int64_t elementBytes(Type type);

} // namespace mlir::sepconv
