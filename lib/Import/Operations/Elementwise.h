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

/// The widest of the operands' types; floats are wider than integers, and truth values are
/// integers.
Type commonType(TensorBuilder &b, ArrayRef<Value> operands);
/// What numbers of a float type are computed in.
Type computedIn(Type type);
/// A number as the nearest one of another type. Integers have a sign; of a number that is too large
/// for them there are the lower bits.
Value convert(OpBuilder &b, Location loc, Value x, Type to);
/// A tensor of the same shape of such numbers.
Value convertTo(TensorBuilder &b, Value value, Type element);
/// The same of a constant of floats at once; null for any other value.
Value convertConstant(OpBuilder &builder, Value value, Type element);
/// What a caller hands in, whose numbers NumPy calls `dtype`: those without a sign become wider.
Value fromOutside(TensorBuilder &b, Value value, StringRef dtype);
/// The type of elements that NumPy calls so; null if there is none. An unsigned one is the signed
/// one of its width.
Type typeNamed(MLIRContext *context, StringRef dtype);

/// A function of one or two elements by its name in keras.ops: "exp", "add", "greater".
struct Function {
  StringRef name;
  unsigned operands;
  Value (*body)(OpBuilder &, Location, ValueRange);
  /// Of real numbers, which integers become first; of numbers of any type, truth values being
  /// integers; or one whose result is a truth value, an i1.
  enum Kind { Real, Number, Predicate } kind = Real;
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
