//===- Samples.h - inputs of a model from .npy files -----------------------------===//
#pragma once

#include "sepconv/Run/Product.h"

#include <optional>

namespace mlir::sepconv::quantize {

/// The samples of a calibration set, of which one file at a time is in memory for each input.
class Samples {
public:
  /// A folder of .npy files or a single one; of a model with several inputs, a folder with NAME.npy
  /// or a folder NAME for each. An error says what was expected.
  static llvm::Expected<Samples> open(StringRef path, ArrayRef<Port> inputs);

  size_t size() const { return count; }
  /// The inputs of a run.
  llvm::Expected<std::vector<Array>> get(size_t index);

private:
  struct File {
    std::string path;
    size_t first, count; // samples
  };
  struct Source {
    Port port;
    std::vector<File> files;
    size_t count = 0;
    std::optional<Array> array; // of the last file that was read
    size_t arrayFile = 0;
  };
  static llvm::Error readFiles(Source &source, StringRef path);
  static llvm::Expected<Array> getFrom(Source &source, size_t index);

  std::vector<Source> sources;
  size_t count = 0;
};

} // namespace mlir::sepconv::quantize
