//===- EmulatedKernel.h - a GPU's kernel as a function of the host ---------------===//
#pragma once

#include "EmulatorRuntime.h"

#include "sepconv/Runtime/Emulator.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::sepconv {

/// A buffer that a kernel accesses.
struct EmulatedBuffer {
  Value value;
  std::string name;
  unsigned space;
  bool stored = false;

  MemRefType type() const { return cast<MemRefType>(value.getType()); }
  int64_t elementBytes() const;
};

/// A function that is what one thread does. It takes the index of the thread in the launch, the
/// sizes of grid and block, the kernel's arguments, and the memory that its block shares.
struct EmulatedKernel {
  /// The arguments before the kernel's own.
  static constexpr unsigned kIds = 7;

  func::FuncOp function;
  /// Numbered as the runtime numbers them: arguments, shared and private memory.
  SmallVector<EmulatedBuffer> buffers;
  SmallVector<MemRefType> sharedTypes;
  SmallVector<int32_t> blockSize, gridSize; ///< as far as they are known

  Value argument(unsigned index) { return function.getArgument(index); }
  Value gridSizeOf(gpu::Dimension dimension) { return argument(1 + unsigned(dimension)); }
  Value blockSizeOf(gpu::Dimension dimension) { return argument(4 + unsigned(dimension)); }
};

/// Makes the function, and checks and replaces what only a GPU has in it.
FailureOr<EmulatedKernel> emulateKernel(gpu::GPUFuncOp kernel, StringRef name,
                                        EmulatorRuntime &runtime);
/// Computes the ids of block and thread, calls the runtime for what threads do together.
LogicalResult emulateThreads(EmulatedKernel &kernel, EmulatorRuntime &runtime);
/// Checks each access, and notes which buffers are stored to.
LogicalResult emulateAccesses(EmulatedKernel &kernel, EmulatorRuntime &runtime);

} // namespace mlir::sepconv
