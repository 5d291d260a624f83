//===- Quantization.h - integers that stand for numbers, in ONNX -----------------===//
//
// Between DequantizeLinear and QuantizeLinear the file has floats. The importer remembers of which
// integers they were made: a layer whose input and weights come from bytes adds those up, its
// result comes from the sums, and QuantizeLinear makes bytes of the sums at once. Whatever else
// stands between both computes with the floats.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "../Operations/IntegerSums.h"
#include "Graph.h"

namespace mlir::sepconv::onnx {

/// The numbers that integers stand for, as floats, of which it is known.
Value numbersOf(NodeContext &node, const ops::Quantized &x, Type element);
/// Says that the result is the first input between two numbers.
void limit(NodeContext &node, Value result, double least, double greatest);
/// The integers that an input of floats was made of, if those are bytes with one scale; of weights,
/// constant ones with one or with one for each element of dimension `dim`.
std::optional<ops::Quantized> bytesOf(const NodeContext &node, size_t index,
                                      std::optional<int64_t> dim = std::nullopt);
/// A bias in the type of the sums, if it was made of integers with the scales of the products.
Value integerBias(const NodeContext &node, size_t index, const ops::Quantization &input,
                  const ops::Quantization &weights);
/// What one product of both stands for; several scales lie along dimension `dim` of the sums.
ops::Quantization productOf(const ops::Quantization &input, const ops::Quantization &weights,
                            int64_t dim);

/// The numbers of an input of integers whose scale is input `scale`, followed by the zero point.
Value dequantizedInput(NodeContext &node, size_t index, size_t scale, int64_t dim);
/// Numbers as integers with the scale that is input `scale`, followed by the zero point, which has
/// their type; without one it is `like`.
Value quantizedResult(NodeContext &node, Value value, size_t scale, int32_t like, int64_t dim = 0);

/// An input's integers in their own width: unsigned ones are wider elsewhere.
Value narrow(NodeContext &node, Value value);
/// The same as others read them.
Value widen(NodeContext &node, Value value, int32_t dataType);
/// Bytes with a scale of 1, and one zero point or one for each of the channels.
std::optional<ops::Quantized> readOperand(NodeContext &node, size_t index, size_t zero,
                                          int64_t channels = 1);

/// The results of an operator that only moves elements or chooses among them, if its inputs come
/// from bytes of one kind: it takes those.
std::optional<Results> moveIntegers(NodeContext &node, const Operator &op);

/// Layers and means of bytes; null if they are not of those.
Value importIntegerConv(NodeContext &node, const ops::PlacedWindow &window, int64_t groups);
Value importIntegerDense(NodeContext &node, bool transposed);
Value importIntegerMean(NodeContext &node, ArrayRef<int64_t> dims);
Value importIntegerPool(NodeContext &node, const ops::Window &window);

} // namespace mlir::sepconv::onnx
