//===- Hdf5.h - the variables of a Keras weights file ----------------------------===//
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mlir::sepconv::keras {

/// One variable, read: float32, or float64, in the order of this machine.
struct Variable {
  llvm::SmallVector<int64_t> shape;
  std::vector<char> bytes;
};

/// A file of weights in memory. Keras 3 stores the variables of a layer as the datasets 0, 1, ...
/// of the group PATH/vars. Before, and still in whole models in HDF5, a layer has a group of its
/// name, whose attribute weight_names lists its datasets; a model used as a layer has those of all
/// of its layers in one group.
class WeightsFile {
public:
  /// `name` is for messages.
  static llvm::Expected<std::unique_ptr<WeightsFile>> open(llvm::StringRef bytes,
                                                           llvm::StringRef name);
  ~WeightsFile();

  /// Whether a layer is found by the names of the layers around it and its own, not by its place.
  bool isByName() const { return layers.has_value(); }
  /// A text that the file has as an attribute; nothing if it has none.
  std::optional<std::string> text(llvm::StringRef attribute) const;
  /// How many variables the layer at `path` has.
  llvm::Expected<int64_t> count(llvm::StringRef path) const;
  /// The `index`th variable of the layer at `path`; `expected` is the shape it must have. Numbers
  /// of other types become the nearest float32, or float64 if it is to be `wide`.
  llvm::Expected<Variable> read(llvm::StringRef path, int64_t index,
                                llvm::ArrayRef<int64_t> expected, bool wide = false) const;
  llvm::StringRef getName() const { return name; }

private:
  WeightsFile(int64_t file, llvm::StringRef name) : file(file), name(name) {}
  /// Keras 2.13 has another name for the group of all layers.
  std::string locate(llvm::StringRef path) const;
  /// The datasets of a layer that is found by its name.
  std::vector<std::string> datasets(llvm::StringRef path) const;
  std::string datasetOf(llvm::StringRef path, int64_t index) const;

  int64_t file;
  /// What the paths of the layers' groups begin with, "" or "model_weights/"; nothing if layers are
  /// found by their places.
  std::optional<std::string> layers;
  std::string name;
};

} // namespace mlir::sepconv::keras
