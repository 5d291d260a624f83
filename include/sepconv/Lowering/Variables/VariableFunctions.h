//===- VariableFunctions.h - functions that initialize variables and the like ----===//
#pragma once

#include "sepconv/IR/SepConv.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::sepconv {

class LoopBuilder;

/// Adds functions on variables to a module, equal ones once. The buffer of a variable has one
/// dimension.
class VariableFunctions {
public:
  explicit VariableFunctions(ModuleOp module);

  /// (buffer, seed, stream) -> (); its random numbers are those of lib/Runtime/random.mlir.
  FailureOr<func::FuncOp> get(InitializerAttr initializer, RankedTensorType type);
  /// (buffer) -> f64
  func::FuncOp get(RegularizerAttr regularizer, RankedTensorType type);
  /// (buffer) -> ()
  func::FuncOp get(ConstraintAttr constraint, RankedTensorType type);

  /// Adds another function of the module's, under a name that is free.
  void insert(func::FuncOp function);

  /// What distinguishes the random numbers of a variable.
  static int64_t streamOf(StringRef name);

private:
  using Build = llvm::function_ref<Value(LoopBuilder &, ValueRange)>;
  func::FuncOp get(StringRef name, Attribute attribute, RankedTensorType type,
                   ArrayRef<Type> parameters, TypeRange results, Build build);
  LogicalResult addRandomNumbers();

  ModuleOp module;
  SymbolTable symbols;
  DenseMap<std::pair<Attribute, Type>, func::FuncOp> functions;
  bool hasRandomNumbers = false;
};

} // namespace mlir::sepconv
