//===- Pipelines.h - the stages from a network to its kernels --------------------===//
#pragma once

#include "mlir/Support/LLVM.h"

#include <string>

namespace mlir {
class OpPassManager;
}

namespace mlir::sepconv {

/// What a network computes in, and what its inputs and outputs are: "f16", "bf16" or "f32". Empty:
/// what the model says.
struct FloatNames {
  std::string compute, io;
  bool isNarrow() const { return !compute.empty() && compute != "f32"; }
};

/// import -> graph: layers folded into one another, one layout. The tensors were checked before
/// (sepconv-check-tensors): variables are initialized in between.
void buildGraphPipeline(OpPassManager &passes, const FloatNames &floats);

/// graph -> kernels: outlined functions on linalg, and a public function that calls them.
/// `target` is a folder of schedules/, whose facts the cost model reads.
void buildKernelsPipeline(OpPassManager &passes, const std::string &target, bool remarks,
                          const FloatNames &floats);

} // namespace mlir::sepconv
