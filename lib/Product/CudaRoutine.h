//===- CudaRoutine.h - the host side for CUDA as bitcode --------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"

namespace mlir::sepconv {

/// lib/Runtime/Cuda/cuda.c, compiled when sepconv was built.
StringRef cudaRoutine();

} // namespace mlir::sepconv
