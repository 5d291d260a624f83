//===- SharedLibrary.h - objects linked as a shared library ----------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

namespace mlir::sepconv {

/// Links a static library to a shared one with the linker that is installed: lld of any name, or
/// the system's ld. An error says what was looked for, or what the linker said.
llvm::Error linkSharedLibrary(StringRef name, ArrayRef<char> library,
                              SmallVectorImpl<char> &output);

} // namespace mlir::sepconv
