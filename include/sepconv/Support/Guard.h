//===- Guard.h - whatever a tool meets, it ends with a message -------------------===//
#pragma once

#include "mlir/Support/LLVM.h"

#include <cstdint>
#include <optional>
#include <string>

namespace mlir::sepconv {

/// How a tool's work is guarded.
struct Guard {
  std::string tool;
  /// What it works on, as messages name it.
  std::string subject;
  /// The bytes that it may allocate, and what to do where they do not suffice.
  std::optional<uint64_t> memory;
  std::string advice;
};

/// Does a tool's work in a child process, on a large stack, and returns the exit code. Libraries
/// that are not ours recurse into what they read, abort and dereference null; the system ends what
/// takes its memory. Each becomes an error message, and files that are being written are removed.
int runGuarded(const Guard &guard, llvm::function_ref<int()> work);

/// What a tool may allocate unless told otherwise: three quarters of the memory that the machine,
/// or the container, has.
uint64_t defaultMemory();

/// "512M", "4G", with or without "iB"; nothing if it is no size.
std::optional<uint64_t> parseMemory(StringRef text);

/// "4.0 GiB"
std::string shownBytes(uint64_t bytes);

} // namespace mlir::sepconv
