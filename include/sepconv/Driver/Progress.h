//===- Progress.h - what is being done, on a terminal or for a program -----------===//
#pragma once

#include "mlir/Support/LLVM.h"

namespace mlir::sepconv {

/// Shows a step on standard error: a line that the next one replaces, or nothing if it is no
/// terminal; where diagnostics are JSON, an object in a line of its own.
void showProgress(unsigned step, unsigned steps, StringRef stage);

/// Takes the line away: before anything else is printed, and at the end.
void clearProgress();

} // namespace mlir::sepconv
