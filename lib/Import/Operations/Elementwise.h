//===- Elementwise.h - functions of single elements ------------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// Computes one element from those of the operands.
using Body = llvm::function_ref<Value(OpBuilder &, Location, ValueRange)>;

/// `body` of each element; an operand's map says which of its elements. The result has the element
/// type `element`, that of the first operand if it is null. What is narrower than float32 is
/// computed in float32 and rounded once.
Value elementwise(TensorBuilder &b, ArrayRef<int64_t> shape, ArrayRef<Value> operands,
                  ArrayRef<AffineMap> maps, Body body, Type element = {});

/// The operands, broadcast to one shape, `body` of each element; null after reporting that they do
/// not broadcast. Where ranks differ, ones are added in front as NumPy does, or after the batch.
/// Operands of several types become the widest first.
Value broadcast(TensorBuilder &b, ArrayRef<Value> operands, bool keepBatch, Body body,
                Type element = {});

/// A tensor of the same shape of the nearest numbers of a float type. Null after reporting a
/// conversion to integers.
Value convertTo(TensorBuilder &b, Value value, Type element);

/// A function of one or two elements by its name in keras.ops: "exp", "add", "greater".
struct Function {
  StringRef name;
  unsigned operands;
  Value (*body)(OpBuilder &, Location, ValueRange);
  /// Whether the result is a truth value: 1 or 0 of float32, as there are no buffers of bits.
  bool isPredicate = false;
};

/// Null if there is none.
const Function *findFunction(StringRef name);
ArrayRef<Function> functions();
Value apply(TensorBuilder &b, const Function &function, ArrayRef<Value> operands,
            bool keepBatch = false);
/// The same by a name that is known to be one.
Value apply(TensorBuilder &b, StringRef function, ArrayRef<Value> operands);

/// Folds the operands with a function of two from left to right.
Value foldAll(TensorBuilder &b, StringRef function, ArrayRef<Value> operands, bool keepBatch);
Value average(TensorBuilder &b, ArrayRef<Value> operands, bool keepBatch);
Value clip(TensorBuilder &b, Value value, double least, double greatest);
/// value * scale + offset, which broadcast.
Value scale(TensorBuilder &b, Value value, Value scale, Value offset);
/// The elements of `yes` where `condition` is true or not 0, those of `no` elsewhere.
Value select(TensorBuilder &b, Value condition, Value yes, Value no);

} // namespace mlir::sepconv::ops
