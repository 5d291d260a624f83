//===- Pipelines.h - the stages from a network to its kernels --------------------===//
#pragma once

#include "mlir/Pass/PassOptions.h"

namespace mlir {
class OpPassManager;
}

namespace mlir::sepconv {

/// What the stages are told about the target and the user's wishes.
struct KernelsPipelineOptions : PassPipelineOptions<KernelsPipelineOptions> {
  Option<int64_t> l2Bytes{*this, "l2-bytes", llvm::cl::init(1048576),
                          llvm::cl::desc("size of the L2 cache that the cost model fuses for")};
  Option<int64_t> sharedBytes{*this, "shared-bytes", llvm::cl::init(0),
                              llvm::cl::desc("shared memory of a block of a GPU")};
  Option<int64_t> productsPerUs{*this, "products-per-us", llvm::cl::init(1),
                                llvm::cl::desc("what a GPU multiplies in a microsecond")};
  Option<int64_t> bytesPerUs{*this, "bytes-per-us", llvm::cl::init(1),
                             llvm::cl::desc("what a GPU's memory moves in a microsecond")};
  Option<bool> remarks{*this, "remarks", llvm::cl::init(false),
                       llvm::cl::desc("report what was fused, and what was not and why")};
};

/// import -> graph: layers folded into one another, one layout.
void buildGraphPipeline(OpPassManager &passes);

/// graph -> kernels: outlined functions on linalg, and a public function that calls them.
void buildKernelsPipeline(OpPassManager &passes, const KernelsPipelineOptions &options);

} // namespace mlir::sepconv
