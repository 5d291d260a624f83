//===- LaunchTranslator.h - Halide loop nests to launches of GPU functions -------===//
#pragma once

#include "StmtTranslator.h"
#include "sepconv/Schedule/Expression.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::sepconv {

/// Translates the loop nest of one kernel for a GPU: each nest of GPU blocks becomes a function in
/// the module's `gpu.module @kernels`, and the kernel's body launches them. Nothing else may run on
/// the host. Private to lib/Halide.
class LaunchTranslator : public StmtTranslator {
public:
  /// The facts are those of the machine.
  LaunchTranslator(OpBuilder &builder, func::FuncOp kernel, Block &entry, const Facts &facts);

private:
  /// How many blocks and threads, by dimension.
  struct Size {
    int64_t blocks[3] = {1, 1, 1}, threads[3] = {1, 1, 1};
  };

  void loop(const Halide::Internal::For *op) override;
  void allocate(const Halide::Internal::Allocate *op) override;
  void store(const Halide::Internal::Store *op) override;
  Size sizeOf(const Halide::Internal::For *op) const;
  gpu::GPUFuncOp createFunction(const Size &size, TypeRange arguments);
  void checkSize(gpu::GPUFuncOp function, const Size &size) const;
  gpu::KernelDim3 constants(const int64_t (&size)[3]);

  func::FuncOp kernel;
  const Facts &facts;
  unsigned launches = 0;
};

} // namespace mlir::sepconv
