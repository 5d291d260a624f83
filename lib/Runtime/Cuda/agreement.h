//===- agreement.h - what the host side and the compiler must agree on --===//
//
// Read by cuda.c, which is C, and by lib/Product and lib/Target, which are C++: macros only.
//
//===----------------------------------------------------------------------===//
#pragma once

/// The statuses of NAME_cuda_run and the like, in the order of their values, and what they mean.
#define SEPCONV_CUDA_STATUSES(STATUS)                                                              \
  STATUS(OK, "no error")                                                                           \
  STATUS(NULL_POINTER, "a pointer is null, or the model was not created")                          \
  STATUS(TOO_SMALL, "a buffer is too small")                                                       \
  STATUS(NO_DRIVER, "no CUDA driver: libcuda.so.1 is missing, or too old")                         \
  STATUS(NO_DEVICE, "no GPU that the CUDA driver can use")                                         \
  STATUS(NO_CONTEXT, "no CUDA context is current in this thread")                                  \
  STATUS(UNSUPPORTED_DEVICE, "no code for this GPU")                                               \
  STATUS(UNSUPPORTED_SIZE, "a size is not one of those that the code is for")                      \
  STATUS(WRONG_WEIGHTS, "the weights are those of another model or target")

/// A CUresult that is not 0 has this added to it.
#define SEPCONV_CUDA_DRIVER_STATUS 1000

/// The pointers in a model before its functions; the header says how large a model is.
#define SEPCONV_CUDA_MODEL_WORDS 18

/// The most numbers on the stack of a formula.
#define SEPCONV_CUDA_FORMULA_NUMBERS 16

/// The most buffers of a kernel, and the most sizes. With strides they are 4 KiB, all that a
/// kernel's parameters may be (CUDA C++ Programming Guide, before version 12.1).
#define SEPCONV_CUDA_ARGUMENTS 256
