//===- WindowShape.h - what a window makes of an image ---------------------------===//
//
// The rules C1, C2, ... are those of dialect/README.md.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "OperandRules.h"

namespace mlir::sepconv {

/// What the window operations have in common, taken from operands and properties.
struct WindowShape {
  RankedTensorType input;
  std::array<int64_t, 2> size;
  ArrayRef<int64_t> strides, dilations, padding;
  bool same;
  DataFormat format;
  int64_t outputChannels;
  Type outputElement;

  /// The type of the output, or what is wrong: rules C1 (rank), C2 (strides), C3 (dilations),
  /// C4 and C21 (padding) and C6 (a window fits).
  FailureOr<RankedTensorType> infer(Report error) const;
  LogicalResult check(Report error) const;
  FailureOr<int64_t> inferSize(Report error, unsigned i, int64_t input) const;
};

} // namespace mlir::sepconv
