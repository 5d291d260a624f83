//===- Quantize.h - from a model of floats to one of integers --------------------===//
#pragma once

#include "sepconv/Driver/Compile.h"

namespace mlir::sepconv {

struct QuantizeOptions {
  CompileOptions model;    // what is read, and how
  std::string calibration; // an .npy file or a folder
  std::string output;      // an .mlir file
  std::string report;      // a .json file; empty: none
  std::string range = "minmax";
  std::string interface = "float32"; // or int8, uint8
  double heldOut = 0.2;              // the share of the samples that errors are measured with
  std::vector<std::string> keep;     // layers that stay in float, by name
  std::optional<double> keepAbove;   // and those whose own relative error is greater
  bool equalize = true, correctBias = true;
  bool quiet = false; // whether no table is printed
};

/// What `range` may be, as messages say it.
inline constexpr llvm::StringLiteral kRanges = "minmax, percentile, percentile=P or entropy";
bool isKnownRange(StringRef range);

/// Quantizes a model; problems are reported on the context's diagnostic handlers and standard
/// error.
LogicalResult quantizeModel(const QuantizeOptions &options, MLIRContext &context);

} // namespace mlir::sepconv
