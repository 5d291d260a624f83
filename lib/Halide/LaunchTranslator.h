//===- LaunchTranslator.h - Halide loop nests to launches of GPU functions -------===//
#pragma once

#include "SizeExprs.h"
#include "StmtTranslator.h"
#include "sepconv/Support/Expression.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace mlir::sepconv {

/// Translates the loop nest of one kernel for a GPU: each nest of GPU blocks becomes a function in
/// the module's `gpu.module @kernels`, and the kernel's body launches them. Nothing else may run on
/// the host but the arithmetic of dynamic sizes. Private to lib/Halide.
class LaunchTranslator : public StmtTranslator {
public:
  /// The facts are those of the machine. What the nest does on the host is in its launches
  /// (sinkIntoLaunches).
  LaunchTranslator(OpBuilder &builder, func::FuncOp kernel, Block &entry, const Facts &facts,
                   const SizeExprs &sizes);

  void abandon() override;

private:
  /// How many blocks and threads, by dimension. Blocks may depend on dynamic sizes.
  struct Size {
    Halide::Expr blocks[3] = {1, 1, 1};
    int64_t threads[3] = {1, 1, 1};
  };

  void loop(const Halide::Internal::For *op) override;
  void allocate(const Halide::Internal::Allocate *op) override;
  void store(const Halide::Internal::Store *op) override;
  Size sizeOf(const Halide::Internal::For *op) const;
  gpu::GPUFuncOp createFunction(const Size &size, TypeRange arguments);
  void checkSize(gpu::GPUFuncOp function, const Size &size) const;

  func::FuncOp kernel;
  const Facts &facts;
  const SizeExprs &sizes;
  SmallVector<gpu::GPUFuncOp> launches;
};

} // namespace mlir::sepconv
