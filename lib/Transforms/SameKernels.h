//===- SameKernels.h - kernels whose functions are one ----------------------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

#include "mlir/IR/AffineMap.h"

namespace mlir::sepconv {

/// Kernels with the same body and inputs of the same shapes, whose functions are one. A constant at
/// one call and a computed value at another are not the same, because weights are packed at compile
/// time.
struct SameKernels {
  SmallVector<KernelOp> kernels;
  SmallVector<bool> weights;
  /// Of inputs of dynamic sizes; null for others.
  SmallVector<AffineMap> shapes;
};

/// The kernels of all entries, in the order of the first of each group.
SmallVector<SameKernels> groupSameKernels(ModuleOp module);

} // namespace mlir::sepconv
