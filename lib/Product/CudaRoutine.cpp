//===- CudaRoutine.cpp - the host side for CUDA as bitcode ------------------------===//

#include "CudaRoutine.h"

#include <cstddef>

asm(R"(
  .pushsection .rodata
  .balign 16
sepconv_cuda_routine:
  .incbin ")" SEPCONV_CUDA_BITCODE R"("
sepconv_cuda_routine_end:
  .popsection
)");

extern "C" const char sepconv_cuda_routine[], sepconv_cuda_routine_end[];

mlir::StringRef mlir::sepconv::cudaRoutine() {
  return StringRef(sepconv_cuda_routine, sepconv_cuda_routine_end - sepconv_cuda_routine);
}
