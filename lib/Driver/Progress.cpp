//===- Progress.cpp - what is being done, on a terminal or for a program ---------===//

#include "sepconv/Driver/Progress.h"
#include "sepconv/Driver/Diagnostics.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::sepconv;

/// Standard error is the process's, and so is the line on it.
static bool shown = false;

void sepconv::showProgress(unsigned step, unsigned steps, StringRef stage) {
  static const bool terminal = llvm::sys::Process::StandardErrIsDisplayed();
  if (diagnosticsAreJson()) {
    llvm::errs() << llvm::json::Value(llvm::json::Object{
                        {"step", step}, {"steps", steps}, {"stage", stage.str()}})
                 << "\n";
    return;
  }
  if (!terminal)
    return;
  clearProgress();
  llvm::errs() << step << "/" << steps << " " << stage;
  shown = true;
}

void sepconv::clearProgress() {
  // To the beginning of the line, and erase it: ECMA-48, which every terminal knows.
  if (std::exchange(shown, false))
    llvm::errs() << "\r\033[K";
}
