//===- ModelSymbols.h - what of a module stays inside its product ----------------===//
#pragma once

#include "sepconv/Product/ProductInterface.h"

namespace mlir::sepconv {

/// What is the model's own is not visible outside, and is named after it for profilers.
void makeInternal(ModuleOp module, const ProductInterface &product);

/// LLVM has no use for the attributes of the stages before it, and warns about them.
void dropModelAttributes(ModuleOp module);

} // namespace mlir::sepconv
