//===- InputFile.h - files that a user names -------------------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mlir::sepconv {

/// Why a path cannot be read, without opening what could block or never end: it is not there, or no
/// regular file. The text continues "cannot read 'PATH': ".
llvm::Error checkInputFile(const llvm::Twine &path);

/// The contents of a regular file. The text of an error continues "cannot read 'PATH': ".
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> readInputFile(const llvm::Twine &path);

/// Whether upstream's parser can read a text in MLIR's syntax. It recurses into brackets, and
/// allocates the blobs of resources with the alignment that they claim. An error begins with the
/// number of the line.
llvm::Error checkMlirText(StringRef text);

} // namespace mlir::sepconv
