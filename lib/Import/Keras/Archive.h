//===- Archive.h - files, zip archives and JSON texts ----------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>
#include <vector>

struct zip;

namespace mlir::sepconv::keras {

/// A whole file in memory.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> readFile(llvm::StringRef path);

/// A zip archive in memory, whose entries are read one at a time and checked against their CRC.
class Archive {
public:
  /// `bytes` must outlive the archive.
  static llvm::Expected<Archive> open(llvm::StringRef bytes);

  bool contains(llvm::StringRef entry) const;
  llvm::Expected<std::vector<char>> read(llvm::StringRef entry) const;

private:
  struct Close {
    void operator()(::zip *archive) const;
  };
  explicit Archive(::zip *archive) : archive(archive) {}
  std::unique_ptr<::zip, Close> archive;
};

/// Parses a JSON text whose nesting is bounded, so that nothing that walks it can overflow the
/// stack.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text);

llvm::Error makeError(const llvm::Twine &message);

} // namespace mlir::sepconv::keras
