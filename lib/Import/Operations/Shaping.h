//===- Shaping.h - operations that move elements ---------------------------------===//
//
// Of constants they make constants, whose values then are weights like others.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "TensorBuilder.h"

#include <tuple>

namespace mlir::sepconv::ops {

Value reshape(TensorBuilder &b, Value value, ArrayRef<int64_t> shape);
/// The shape that `target`, in which one size may be -1, stands for; nothing if the elements are
/// others.
std::optional<SmallVector<int64_t>> resolveShape(ArrayRef<int64_t> from, ArrayRef<int64_t> target);
/// Makes dimensions of size 1 at these places of the result, or takes them away.
Value expandDims(TensorBuilder &b, Value value, ArrayRef<int64_t> dims);
Value squeeze(TensorBuilder &b, Value value, ArrayRef<int64_t> dims);

/// Dimension i of the result is dimension `permutation[i]` of the value.
Value transpose(TensorBuilder &b, Value value, ArrayRef<int64_t> permutation);

/// `sizes` elements of each dimension, from `offsets`, `steps` apart; a step may be negative.
Value slice(TensorBuilder &b, Value value, ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes,
            ArrayRef<int64_t> steps);
/// `size` elements of one dimension.
Value slice(TensorBuilder &b, Value value, int64_t dim, int64_t offset, int64_t size);
Value reverse(TensorBuilder &b, Value value, ArrayRef<int64_t> dims);

/// What stands around a tensor that is padded.
enum class PadMode { Constant, Reflect, Symmetric, Edge, Wrap };
/// `number` is for PadMode::Constant.
Value pad(TensorBuilder &b, Value value, ArrayRef<int64_t> low, ArrayRef<int64_t> high,
          PadMode mode = PadMode::Constant, double number = 0);

/// The same where a negative number takes elements away.
Value padOrCrop(TensorBuilder &b, Value value, ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                PadMode mode, double number);
/// The offset, the size and the step of a slice as Python means it: of a dimension of `size`, from
/// `start` to `end`, which may be negative or outside.
std::tuple<int64_t, int64_t, int64_t> sliceBounds(int64_t size, int64_t start, int64_t end,
                                                  int64_t step);

/// Null after reporting values that differ in other dimensions.
Value concatenate(TensorBuilder &b, ArrayRef<Value> values, int64_t dim);
/// Pieces of these sizes, whose sum is the dimension's.
SmallVector<Value> split(TensorBuilder &b, Value value, int64_t dim, ArrayRef<int64_t> sizes);
/// Each element `count` times in a row.
Value repeat(TensorBuilder &b, Value value, int64_t dim, int64_t count);
/// The whole, `counts` times along each dimension.
Value tile(TensorBuilder &b, Value value, ArrayRef<int64_t> counts);
/// Elements move `shift` places to the end; those that leave come in at the beginning.
Value roll(TensorBuilder &b, Value value, int64_t dim, int64_t shift);
/// Dimensions of size 1 take the shape's size; new ones stand in front.
Value broadcastTo(TensorBuilder &b, Value value, ArrayRef<int64_t> shape);
/// The same where a size of 1 of the shape stands for the value's.
Value broadcastBoth(TensorBuilder &b, Value value, ArrayRef<int64_t> shape);

/// Numbers from `start` on, `delta` apart, before `limit`.
Value range(TensorBuilder &b, double start, double limit, double delta, Type element);
/// A matrix with 1 on a diagonal above the main one.
Value eye(TensorBuilder &b, int64_t rows, int64_t columns, int64_t diagonal);

/// Channels become blocks of `block` x `block` pixels, as in TensorFlow, and back. Of an image in
/// NHWC or NCHW.
Value depthToSpace(TensorBuilder &b, Value value, int64_t block, DataFormat format);
/// The same as in PyTorch, where the pixels of a block are side by side, and not the channels.
Value pixelShuffle(TensorBuilder &b, Value value, int64_t block, DataFormat format);
Value spaceToDepth(TensorBuilder &b, Value value, int64_t block, DataFormat format);

} // namespace mlir::sepconv::ops
