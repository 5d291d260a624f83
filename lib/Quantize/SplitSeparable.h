//===- SplitSeparable.h - separable convolutions as the two that they are --------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"

namespace mlir::sepconv::quantize {

/// Both become layers of their own: in integers the first one's result is rounded.
void splitSeparable(ModuleOp model);

} // namespace mlir::sepconv::quantize
