//===- Errors.h - what is lost by integers ---------------------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace mlir::sepconv::quantize {

/// The distance of some numbers from those of the model in float.
struct NumberError {
  double squares = 0, squaresOfErrors = 0;

  void add(ArrayRef<float> expected, ArrayRef<float> found);
  /// The root of the sum of the squares of the errors, by that of the numbers.
  double relative() const;
  /// The ratio of signal to noise in decibels.
  double decibels() const;
};

struct LayerReport {
  std::string name, kind;
  NumberError error;
  bool inFloat = false;
  std::string reason; // why, if it is
};

struct OutputReport {
  std::string name;
  NumberError error;
  size_t rows = 0, sameGreatest = 0; // along the last dimension
};

/// What a user learns of a quantized model.
struct Report {
  std::vector<LayerReport> layers;
  std::vector<OutputReport> outputs;
  size_t calibrated = 0, compared = 0; // samples
  size_t equalized = 0;                // tensors
  bool isHeldOut = true;               // whether those are different ones

  void print(llvm::raw_ostream &os) const;
  llvm::json::Value toJson() const;
};

} // namespace mlir::sepconv::quantize
