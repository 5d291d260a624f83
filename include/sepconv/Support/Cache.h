//===- Cache.h - results on disk, by what determines them -------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>

namespace mlir::sepconv {

/// A folder of files that any number of processes read and write. An entry appears complete or not
/// at all, and one that is damaged is as if it were not there. Where nothing can be written,
/// nothing is kept.
class Cache {
public:
  /// The entries together have at most so many bytes; those that nobody has used for longest go.
  static constexpr uint64_t kMostBytes = uint64_t(1) << 30;

  explicit Cache(StringRef folder, uint64_t mostBytes = kMostBytes)
      : folder(folder), mostBytes(mostBytes) {}

  /// Whether there is a cache at all: without a folder there is none.
  explicit operator bool() const { return !folder.empty(); }
  /// Makes the folder; an error if that is not possible.
  llvm::Error prepare() const;

  /// The name of an entry: what determines its contents, and the program that makes them.
  static std::string keyOf(StringRef text);
  std::optional<std::string> get(StringRef key) const;
  void put(StringRef key, StringRef contents) const;
  /// Removes what is too much.
  void trim() const;

private:
  std::string pathOf(StringRef key) const;

  std::string folder;
  uint64_t mostBytes;
};

} // namespace mlir::sepconv
