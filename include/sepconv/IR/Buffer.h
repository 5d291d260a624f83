//===- Buffer.h - how tensors lie in memory --------------------------------------===//
#pragma once

#include "mlir/IR/Types.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace mlir::sepconv {

/// The alignment of the workspace, of the weights and of every buffer in them: a cache line, and
/// the widest vector that there is.
inline constexpr int64_t kBufferAlignment = 64;

inline constexpr int64_t alignToBuffer(int64_t bytes) {
  return (bytes + kBufferAlignment - 1) / kBufferAlignment * kBufferAlignment;
}

/// The arguments of a function that LLVM optimizes: of functions with more, which only call
/// kernels, it would take time that grows as the square of their number.
inline constexpr unsigned kMostOptimizedArguments = 256;

/// The attribute of a kernel's argument that is memory of a task: its offset in all that a task
/// has.
inline constexpr llvm::StringLiteral kTaskOffset = "sepconv.task_offset";

/// The bytes of one element of a tensor in memory: a truth value has one too.
int64_t elementBytes(Type type);

/// What says of an entry's argument or result what NumPy calls its elements, where the type does
/// not: "uint8" of i8, "bool" of i8.
inline constexpr llvm::StringLiteral kDtype = "sepconv.dtype";
/// What NumPy calls elements of a type; integers have a sign, and i1 is "bool".
std::string dtypeOf(Type type);
/// Whether elements of this type can be called so.
bool canBe(Type type, llvm::StringRef dtype);

} // namespace mlir::sepconv
