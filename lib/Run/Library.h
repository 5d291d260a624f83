//===- Library.h - a product's file as a library in this process -----------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mlir::sepconv {

/// A shared library that was found to be a product, opened. Private to lib/Run.
class Library {
public:
  /// Opens a shared library, or links an object or an archive of one first.
  static llvm::Expected<Library> open(StringRef path);
  Library(Library &&other) : name(std::move(other.name)), handle(other.handle) {
    other.handle = nullptr;
  }
  ~Library();

  /// The function NAME_`function`, or null.
  void *lookup(StringRef function) const;

  /// The prefix of the product's functions.
  std::string name;

private:
  Library() = default;

  void *handle = nullptr;
};

} // namespace mlir::sepconv
