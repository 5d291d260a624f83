//===- Window.cpp - the arithmetic of sliding windows ----------------------------===//

#include "sepconv/IR/Window.h"

#include "mlir/IR/BuiltinTypeInterfaces.h"

#include <algorithm>

using namespace mlir;

bool sepconv::isTooLarge(ArrayRef<int64_t> shape) {
  int64_t elements = 1;
  for (int64_t size : shape) {
    if (size == ShapedType::kDynamic)
      continue;
    if (size > kMaxSize || size > kMaxElements / std::max<int64_t>(elements, 1))
      return true;
    elements *= size;
  }
  return false;
}

int64_t sepconv::dilatedSize(int64_t size, int64_t dilation) { return (size - 1) * dilation + 1; }

int64_t sepconv::windowOutputSize(int64_t input, int64_t size, int64_t stride, int64_t dilation,
                                  int64_t paddingBefore, int64_t paddingAfter) {
  int64_t room = input + paddingBefore + paddingAfter - dilatedSize(size, dilation);
  // As TensorFlow divides, towards zero.
  return (room + stride) / stride;
}

std::pair<int64_t, int64_t> sepconv::samePadding(int64_t input, int64_t size, int64_t stride,
                                                 int64_t dilation) {
  int64_t output = (input + stride - 1) / stride;
  int64_t total = std::max<int64_t>((output - 1) * stride + dilatedSize(size, dilation) - input, 0);
  return {total / 2, total - total / 2};
}
