//===- KernelLowering.h - one kernel on tensors to scheduled loops ---------------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::sepconv {

/// Lowers a kernel by the schedule that its attributes name, or by the default one. If that fails,
/// what is wrong is an error at the directive or on the kernel, which stays as it is. Private to
/// lib/Halide.
LogicalResult lowerKernel(func::FuncOp kernel);

} // namespace mlir::sepconv
