//===- RunProgram.h - a program that makes one file of another -------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileUtilities.h"

#include <memory>

namespace mlir::sepconv {

/// A file that goes away with this.
using TemporaryFile = std::unique_ptr<llvm::FileRemover>;

/// A file of these bytes whose name ends in the suffix.
llvm::Expected<TemporaryFile> makeTemporary(StringRef suffix, ArrayRef<char> bytes,
                                            std::string &path);

/// Runs a program with these options, `-o` and its output's name, and its input's, which ends in
/// the suffix. An error says what it cannot `purpose`, with what it printed. Private to lib/Target.
llvm::Error runProgram(StringRef program, ArrayRef<StringRef> options, StringRef purpose,
                       StringRef suffix, ArrayRef<char> input, SmallVectorImpl<char> &output);

} // namespace mlir::sepconv
