//===- PtxKernels.h - what a PTX text says of its kernels -------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"

#include <string>
#include <vector>

namespace mlir::sepconv {

/// Instructions by what they do.
struct InstructionMix {
  int64_t fma = 0; ///< products that are added up, of any floating-point type
  int64_t otherFloat = 0;
  int64_t integer = 0; ///< and moves, conversions, comparisons
  int64_t globalLoads = 0, globalStores = 0, sharedLoads = 0, sharedStores = 0;
  int64_t localAccesses = 0; ///< of arrays that did not become registers
  int64_t barriers = 0, branches = 0;
};

struct PtxKernel {
  std::string name;
  int64_t sharedBytes = 0;
  int64_t registers = 0; ///< the budget of a thread (.maxnreg); 0 if there is none
  InstructionMix all;
  /// Of the innermost loop with the most products; all 0 if no loop has one.
  InstructionMix mainLoop;
};

std::vector<PtxKernel> readKernels(StringRef ptx);

} // namespace mlir::sepconv
