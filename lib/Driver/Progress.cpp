//===- Progress.cpp - what is being done, on a terminal --------------------------===//

#include "Progress.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::sepconv;

/// Standard error is the process's, and so is the line on it.
static bool shown = false;

void sepconv::showProgress(const Twine &text) {
  static const bool terminal = llvm::sys::Process::StandardErrIsDisplayed();
  if (!terminal)
    return;
  clearProgress();
  llvm::errs() << text;
  shown = true;
}

void sepconv::clearProgress() {
  // To the beginning of the line, and erase it: ECMA-48, which every terminal knows.
  if (std::exchange(shown, false))
    llvm::errs() << "\r\033[K";
}
