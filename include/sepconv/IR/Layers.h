//===- Layers.h - kinds of layers ------------------------------------------------===//
#pragma once

#include "mlir/IR/Operation.h"

namespace mlir::sepconv {

/// Whether an operation multiplies its input by filters: a convolution or `dense`.
bool isProductLayer(Operation *op);

/// Such a layer with an input of integers.
bool isIntegerLayer(Operation *op);

} // namespace mlir::sepconv
