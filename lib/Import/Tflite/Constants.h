//===- Constants.h - the tensors that a file has the numbers of ------------------===//
#pragma once

#include "../Operations/Quantization.h"
#include "Model.h"

namespace mlir::sepconv::tflite {

/// What the elements of a type are here, null if there is nothing for them. Truth values are floats
/// of 0 and 1, and unsigned numbers have a type that is wide enough for all of them.
Type elementType(Builder &builder, schema::TensorType type);
/// The same of a tensor: bytes that stand for others stay bytes.
Type elementType(Builder &builder, const schema::Tensor &tensor);

/// Whether the numbers of a tensor stand for others by a scale.
bool isQuantized(const schema::Tensor &tensor);
/// How; nothing if it is of other integers than bytes and those of 16 bits, or a number is unusual.
std::optional<ops::Quantization> quantizationOf(const schema::Tensor &tensor);

/// A constant of a tensor's bytes, with zeros where a sparse one has none; null after reporting
/// bytes that do not fit its type and shape.
Value makeConstant(ops::TensorBuilder &b, const schema::Tensor &tensor, ArrayRef<uint8_t> bytes);

/// The elements of a sparse tensor, each of `size` bytes, at their places, by the format of TACO
/// (Kjolstad et al., The Tensor Algebra Compiler, 2017); nothing if the tables contradict each
/// other.
std::optional<std::vector<uint8_t>> densify(const schema::SparsityParameters &sparsity,
                                            ArrayRef<int64_t> shape, ArrayRef<uint8_t> bytes,
                                            size_t size);

} // namespace mlir::sepconv::tflite
