//===- SharedLibrary.h - an object linked as a shared library --------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

namespace mlir::sepconv {

/// Links an object to a shared library with the linker that is installed: lld of any name, or the
/// system's ld. An error says what was looked for, or what the linker said.
llvm::Error linkSharedLibrary(StringRef name, ArrayRef<char> object, SmallVectorImpl<char> &output);

} // namespace mlir::sepconv
