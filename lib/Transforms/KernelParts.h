//===- KernelParts.h - what operations are to the formation of kernels ------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

namespace mlir::sepconv {

/// What an operation is to the formation of kernels.
enum class Part {
  Outside,     ///< constants, views, calls, what is not on tensors
  Sunk,        ///< copied into each kernel that reads it
  Elementwise, ///< joins the kernel of what it reads
  Anchor       ///< starts a kernel
};

Part partOf(Operation *op);

/// The operands of an elementwise operation that have the same element at the same position.
SmallVector<Value> operandsInPlace(Operation *op);

} // namespace mlir::sepconv
