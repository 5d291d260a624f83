//===- LoweredKernel.h - a kernel as bytes ----------------------------------------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>
#include <string>

namespace mlir::sepconv {

/// Everything that the lowering of a kernel depends on: the kernel without its name and without
/// where it stands in a model, its schedules, and the facts of the machine.
std::string inputsOf(func::FuncOp kernel);

/// What was lowered, and why the schedules before its own were passed over, as bytes; or as a
/// kernel that takes the place of `kernel`'s contents.
std::string writeLowered(func::FuncOp kernel, ArrayRef<std::string> passedOver);
FailureOr<SmallVector<std::string>> readLowered(func::FuncOp kernel, StringRef bytes);

} // namespace mlir::sepconv
