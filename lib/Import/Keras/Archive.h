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

/// A zip archive in memory, whose entries are read one at a time and checked against their CRC.
class Archive {
public:
  /// `bytes` must outlive the archive.
  static llvm::Expected<Archive> open(llvm::StringRef bytes);

  bool contains(llvm::StringRef entry) const;
  /// The bytes of an entry before and after it is unpacked, as the archive claims.
  struct Sizes {
    uint64_t packed, unpacked;
  };
  llvm::Expected<Sizes> sizes(llvm::StringRef entry) const;
  /// An entry of at most `most` bytes, which are `of`. It is read in pieces: what it claims takes
  /// no memory.
  llvm::Expected<std::vector<char>> read(llvm::StringRef entry, uint64_t most,
                                         llvm::StringRef of) const;

private:
  llvm::Error check(llvm::StringRef entry, uint64_t most, llvm::StringRef of) const;
  struct Close {
    void operator()(::zip *archive) const;
  };
  Archive(::zip *archive, uint64_t bytes) : archive(archive), bytes(bytes) {}
  std::unique_ptr<::zip, Close> archive;
  uint64_t bytes; // of the whole archive
};

/// Parses a JSON text whose nesting is bounded, so that nothing that walks it can overflow the
/// stack.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text);

llvm::Error makeError(const llvm::Twine &message);

} // namespace mlir::sepconv::keras
