//===- ModelLocation.h - where in a model something is ----------------------===//
#pragma once

#include "mlir/IR/Location.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::sepconv {

/// What a location says that a user knows.
struct ModelLocation {
  explicit ModelLocation(Location loc) { collect(loc); }

  FileLineColLoc file;
  llvm::SetVector<StringRef> layers;

private:
  void collect(Location loc);
};

} // namespace mlir::sepconv
