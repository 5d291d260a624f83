//===- Version.h - which sepconv this is -----------------------------------------===//
#pragma once

#include "llvm/Config/llvm-config.h"
#include "llvm/Support/raw_ostream.h"

namespace mlir::sepconv {

/// What --version prints.
inline void printVersion(llvm::raw_ostream &os) {
  os << "sepconv " SEPCONV_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
}

} // namespace mlir::sepconv
