//===- LoopBuilder.h - loops over the elements of a variable ---------------------===//
#pragma once

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Support/LLVM.h"

namespace mlir::sepconv {

/// Builds loops that compute in float64, whatever type the elements of a buffer have.
class LoopBuilder {
public:
  using Body = llvm::function_ref<SmallVector<Value>(ValueRange indices, ValueRange carried)>;

  explicit LoopBuilder(ImplicitLocOpBuilder &b) : b(b) {}

  Value index(int64_t value);
  Value number(double value);
  Value integer(int64_t value);

  /// A nest of loops from 0 to `ends`; the body yields what is carried on. Returns what it is in
  /// the end.
  SmallVector<Value> nest(ArrayRef<Value> ends, ValueRange carried, Body body);
  SmallVector<Value> nest(ArrayRef<int64_t> sizes, ValueRange carried, Body body);
  void forEach(ArrayRef<int64_t> sizes, llvm::function_ref<void(ValueRange)> body);
  /// The sum of what the body gives for all indices.
  Value sum(ArrayRef<int64_t> sizes, llvm::function_ref<Value(ValueRange)> body);

  Value load(Value buffer, ValueRange indices);
  void store(Value value, Value buffer, ValueRange indices);
  /// A buffer of one dimension in another shape.
  Value view(Value buffer, ArrayRef<int64_t> shape);

  Value add(Value x, Value y);
  Value multiply(Value x, Value y);
  Value divide(Value x, Value y);
  /// x * y + z, rounded once on every machine.
  Value fma(Value x, Value y, Value z);
  Value sqrt(Value x);
  Value call(StringRef function, Type result, ValueRange operands);

  ImplicitLocOpBuilder &b;
};

} // namespace mlir::sepconv
