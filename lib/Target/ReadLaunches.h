//===- ReadLaunches.h - what the entry of a module for a GPU launches -------------===//
#pragma once

#include "sepconv/Product/Cuda.h"

#include "mlir/IR/BuiltinOps.h"

namespace mlir::sepconv {

/// The launches of a module that went through the stage 'loops', in their order. What has no offset
/// or size that is known when compiling is an error.
FailureOr<std::vector<KernelLaunch>> readLaunches(ModuleOp module, const ModelInterface &interface);

/// Of a dynamic batch: what divides the bytes from an image to the next one in each buffer of a
/// launch's arguments; 0 if all images have the same.
SmallVector<int64_t> strideDivisors(const ModelInterface &interface);

} // namespace mlir::sepconv
