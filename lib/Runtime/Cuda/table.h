//===- table.h - what a product says of its launches --------------------===//
//
// lib/Product/CudaObject.cpp writes it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <stddef.h>
#include <stdint.h>

/// A step of a formula; the numbers are those of include/sepconv/Product/SizeFormula.h.
enum operation { NUMBER, SIZE, ADD, SUBTRACT, MULTIPLY, DIVIDE, MIN, MAX, LESS, SELECT };
struct step {
  uint64_t operation;
  int64_t value;
};

/// A number, or what makes it of the dynamic sizes: steps of a machine with a stack.
struct formula {
  uint64_t steps;
  union {
    int64_t number; // where there are no steps
    const struct step *step;
  };
};

/// A dynamic size of the model.
struct size {
  uint64_t least, greatest, factor;
};

/// An argument of a kernel: an offset in a buffer. Buffers are those of NAME_cuda_run in their
/// order, then the workspace, then the weights.
struct buffer_offset {
  uint64_t buffer, offset;
};

/// Without a kernel it copies from the second argument to the first one. A kernel takes the
/// addresses of its buffers, then its sizes, of 32 bits.
struct launch {
  const char *kernel;
  struct formula blocks[3];
  uint64_t threads[3];
  struct formula copied_bytes;
  uint64_t buffers;
  const struct buffer_offset *arguments;
  uint64_t sizes;
  const struct formula *size;
};

/// What there is for one chip.
struct code {
  const char *ptx;     // empty if all launches are copies
  const void *weights; // NULL if they are in a file
  uint64_t weights_offset;
  uint64_t weights_bytes;
  uint64_t capability; // 10 * major + minor
  uint64_t exact;      // whether it runs on this capability only
  uint64_t launches;
  const struct launch *table;
};

struct product {
  uint64_t codes;
  const struct code *code;     // the best first
  uint64_t buffers;            // without workspace and weights
  const struct formula *bytes; // of the buffers, then of the workspace and the weights
  // Of a dynamic batch: whether each of them has its bytes for each image, one behind the other;
  // kernels take the strides, 0 where all images have the same, behind all other arguments.
  const uint64_t *per_image;
  uint64_t sizes;
  const struct size *size;
  uint64_t file_bytes;  // of the weights' file, if there is one
  uint64_t identity[2]; // which ends with this, in little endian
};
