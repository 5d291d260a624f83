//===- Windows.h - the windows of convolutions and pools -------------------------===//
#pragma once

#include "../Operations/Windows.h"
#include "Operators.h"

namespace mlir::sepconv::tflite {

/// A window by the numbers that options have, {height, width} each; nothing after reporting one
/// that none can have.
std::optional<ops::Window> checkedWindow(OperatorContext &op, ArrayRef<int64_t> size,
                                         ArrayRef<int64_t> strides, ArrayRef<int64_t> dilations,
                                         bool isSame);

/// Makes the padding that of the convolution from an output of this shape to the input; false after
/// reporting a size that it cannot have.
bool placeTransposed(OperatorContext &op, ops::Window &window, ArrayRef<int64_t> input,
                     ArrayRef<int64_t> output);

/// False after reporting a bias that has not one number for each filter; an absent one has.
bool checkBias(OperatorContext &op, size_t index, int64_t filters);

} // namespace mlir::sepconv::tflite
