//===- Blocks.h - blocks of pixels as images of their own ------------------------===//
#pragma once

#include "TensorBuilder.h"

#include <utility>

namespace mlir::sepconv::ops {

/// Every `block[i]`th element of the spatial dimensions, which begin at 1, after they are padded,
/// as an image of the batch, and back, where `crops` go away.
Value spaceToBatch(TensorBuilder &b, Value value, ArrayRef<int64_t> block, ArrayRef<int64_t> low,
                   ArrayRef<int64_t> high);
Value batchToSpace(TensorBuilder &b, Value value, ArrayRef<int64_t> block, ArrayRef<int64_t> low,
                   ArrayRef<int64_t> high);

/// The greatest element of each window of an image in NHWC, and which of the window's elements, row
/// by row, the first such is, as a number of the image's type.
std::pair<Value, Value> maxPoolWithPlaces(TensorBuilder &b, Value image, ArrayRef<int64_t> size,
                                          ArrayRef<int64_t> strides, ArrayRef<int64_t> padding,
                                          ArrayRef<int64_t> output);
/// Each element becomes a block of `size`, in which it has a place, and the others are 0.
Value unpool(TensorBuilder &b, Value image, Value places, ArrayRef<int64_t> size);

} // namespace mlir::sepconv::ops
