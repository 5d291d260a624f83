//===- Window.h - the arithmetic of sliding windows ------------------------------===//
//
// TensorFlow's padding arithmetic, in one place: importers compute explicit padding with it, the
// verifiers and the shape inference the output's size.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"

#include <cstdint>
#include <utility>

namespace mlir::sepconv {

/// What rule C18 allows. All arithmetic on shapes stays far from overflow: what a window reaches
/// over, the largest product, is below 2^62.
constexpr int64_t kMaxSize = (int64_t(1) << 31) - 1;
constexpr int64_t kMaxElements = int64_t(1) << 40;

/// Whether a tensor of this shape, or what is known of it, is larger than that.
bool isTooLarge(ArrayRef<int64_t> shape);

/// What a window of `size` elements reaches over when its elements are `dilation` apart.
int64_t dilatedSize(int64_t size, int64_t dilation);

/// The output's size along one dimension: 0 if not even one window fits, and negative, which is an
/// error, if what there is does not suffice for a window and two strides less.
int64_t windowOutputSize(int64_t input, int64_t size, int64_t stride, int64_t dilation,
                         int64_t paddingBefore, int64_t paddingAfter);

/// The padding {before, after} of TensorFlow's SAME: the output has ceil(input / stride) elements,
/// and an odd total puts the larger half after.
std::pair<int64_t, int64_t> samePadding(int64_t input, int64_t size, int64_t stride,
                                        int64_t dilation);

} // namespace mlir::sepconv
