//===- SharedLibrary.h - objects linked as a shared library ----------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mlir::sepconv {

/// The file of a product's shared library, and what programs look for that are linked with it by
/// -lNAME.
inline std::string sharedLibraryName(StringRef name) { return ("lib" + name + ".so").str(); }

/// Links a static library to a shared one, for any target, by lld in this process. It names libm as
/// what it needs, if it does. An error says what lld said.
llvm::Error linkSharedLibrary(StringRef name, ArrayRef<char> library,
                              SmallVectorImpl<char> &output);

} // namespace mlir::sepconv
