//===- Window.h - the arithmetic of sliding windows ------------------------------===//
//
// TensorFlow's padding arithmetic, in one place: importers compute explicit padding with it, the
// verifiers and the shape inference the output's size.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <utility>

namespace mlir::sepconv {

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
