//===- ForkedWork.h - pieces of work in processes of their own --------------------===//
#pragma once

#include "mlir/Support/LLVM.h"

#include <optional>
#include <string>

namespace mlir::sepconv {

/// Calls `work` for each number below `count`, each in a process of its own that begins as this one
/// is now: what one piece does changes nothing for another, so that the results are the same
/// however many `jobs` there are at a time. `take` gets what `work` returned, or nothing if it
/// returned nothing or died; in any order, and in this process.
void forEachInProcess(unsigned jobs, size_t count,
                      llvm::function_ref<std::optional<std::string>(size_t)> work,
                      llvm::function_ref<void(size_t, std::optional<std::string>)> take);

} // namespace mlir::sepconv
