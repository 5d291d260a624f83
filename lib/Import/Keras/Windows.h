//===- Windows.h - the arguments of layers with windows --------------------------===//
#pragma once

#include "../Operations/Windows.h"
#include "Layers.h"

namespace mlir::sepconv::keras {

/// Reads the size, by its name if it has one, the strides, the dilations if the layer has them, the
/// padding and the order of dimensions of a window over `count` spatial ones. Without an argument
/// the strides are 1 for a convolution, the size for a pool.
ops::Window readWindow(LayerContext &layer, size_t count, StringRef sizeName,
                       ArrayRef<StringRef> paddings = {"valid", "same"});

/// keras.ops.image.resize, and its arguments.
Value importResize(LayerContext &layer);
const std::vector<StringRef> &resizeArguments();

} // namespace mlir::sepconv::keras
