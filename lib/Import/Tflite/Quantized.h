//===- Quantized.h - operators on integers that have scales ----------------------===//
//
// What they compute is that of TFLite's reference kernels, to the bit: rules Q1 to Q9 of
// dialect/README.md.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "../Operations/IntegerSums.h"
#include "Operators.h"

namespace mlir::sepconv::tflite {

using schema::ActivationFunctionType;

/// The least and the greatest integer that a function leaves of an output's; nothing after
/// reporting one that integers have not.
struct IntegerRange {
  int64_t least, greatest;
};
std::optional<IntegerRange> rangeOf(OperatorContext &op, const ops::Quantization &by,
                                    ActivationFunctionType function);

/// Which inputs of a layer are what, and the dimension of the filter that has the output's
/// channels.
struct LayerInputs {
  size_t input, filter, bias;
  int64_t channels;
  /// Whether the product of two scales is one of float32.
  bool roundsProduct = false;
  /// Whether sums are multiplied in float64.
  bool isInFloat64 = false;
};
/// A layer whose filter was brought into the form that `sum` takes.
Value importLayer(
    OperatorContext &op, LayerInputs at, Value filter, ActivationFunctionType function,
    llvm::function_ref<Value(const ops::Quantized &, const ops::Quantized &, Value)> sum);

Value importQuantizedPool(OperatorContext &op, const ops::Window &window, PoolKind kind,
                          ActivationFunctionType function);

/// x within a range, as integers of a quantization.
Value narrowed(OpBuilder &b, Location loc, Value x, const ops::Quantization &by,
               IntegerRange range);

/// The operators of ../Operations/FixedPoint.h; null if there is none for a code.
ImportOperator findArithmetic(BuiltinOperator code);
/// Functions of one tensor of bytes, most of them by tables.
ImportOperator findFunctionOfBytes(BuiltinOperator code);

} // namespace mlir::sepconv::tflite
