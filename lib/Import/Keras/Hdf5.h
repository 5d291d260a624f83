//===- Hdf5.h - the variables of a Keras weights file ----------------------------===//
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mlir::sepconv::keras {

/// One variable, read: float32 in the order of this machine.
struct Variable {
  llvm::SmallVector<int64_t> shape;
  std::vector<char> bytes;
};

/// A weights file in memory. Keras 3 stores the variables of a layer as the datasets 0, 1, ... of
/// the group PATH/vars.
class WeightsFile {
public:
  /// `name` is for messages.
  static llvm::Expected<std::unique_ptr<WeightsFile>> open(llvm::StringRef bytes,
                                                           llvm::StringRef name);
  ~WeightsFile();

  /// How many variables the layer at `path` has.
  llvm::Expected<int64_t> count(llvm::StringRef path) const;
  /// The `index`th variable of the layer at `path`; `expected` is the shape it must have.
  llvm::Expected<Variable> read(llvm::StringRef path, int64_t index,
                                llvm::ArrayRef<int64_t> expected) const;
  llvm::StringRef getName() const { return name; }

private:
  WeightsFile(int64_t file, llvm::StringRef name) : file(file), name(name) {}
  /// Keras 2.13 has another name for the group of all layers.
  std::string locate(llvm::StringRef path) const;

  int64_t file;
  std::string name;
};

} // namespace mlir::sepconv::keras
