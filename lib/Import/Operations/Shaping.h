//===- Shaping.h - operations that move elements ---------------------------------===//
//
// Of constants they make constants, whose values then are weights like others.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "TensorBuilder.h"

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

/// Channels become blocks of `block` x `block` pixels, as in TensorFlow, and back. Of an image in
/// NHWC or NCHW.
Value depthToSpace(TensorBuilder &b, Value value, int64_t block, DataFormat format);
Value spaceToDepth(TensorBuilder &b, Value value, int64_t block, DataFormat format);

} // namespace mlir::sepconv::ops
