//===- OutputFiles.h - files that are written all or none ------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"

#include <string>
#include <vector>

namespace mlir::sepconv {

/// Files that appear together: each is written beside its place under another name, and keep()
/// renames them. Whatever fails, no file is left half written and none of the new ones is left.
class OutputFiles {
public:
  ~OutputFiles();
  /// Writes the contents of a future file.
  llvm::Error add(const llvm::Twine &path, ArrayRef<char> contents);
  llvm::Error add(const llvm::Twine &path, StringRef contents) {
    return add(path, ArrayRef<char>(contents.data(), contents.size()));
  }
  /// The names of the files, without their folders.
  std::vector<std::string> names() const;
  /// Gives all files their names.
  llvm::Error keep();

private:
  struct File {
    std::string path;
    llvm::sys::fs::TempFile temporary;
  };
  std::vector<File> files;
};

} // namespace mlir::sepconv
