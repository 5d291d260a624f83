//===- Progress.h - what is being done, on a terminal ----------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"

namespace mlir::sepconv {

/// Shows a line on standard error that the next one replaces; nothing if it is no terminal.
void showProgress(const Twine &text);

/// Takes the line away: before anything else is printed, and at the end.
void clearProgress();

} // namespace mlir::sepconv
