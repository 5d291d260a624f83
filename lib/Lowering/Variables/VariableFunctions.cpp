//===- VariableFunctions.cpp - functions that initialize variables and the like --===//

#include "sepconv/Lowering/Variables/VariableFunctions.h"
#include "../EntryPlan.h"
#include "RuntimeTexts.h"
#include "VariableBodies.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace mlir::sepconv;

VariableFunctions::VariableFunctions(ModuleOp module) : module(module), symbols(module) {}

int64_t VariableFunctions::streamOf(StringRef name) { return llvm::xxh3_64bits(name); }

LogicalResult VariableFunctions::addRandomNumbers() {
  if (std::exchange(hasRandomNumbers, true))
    return success();
  ParserConfig config(module.getContext());
  return parseSourceString(kRandomText, module.getBody(), config, "random.mlir");
}

func::FuncOp VariableFunctions::get(StringRef name, Attribute attribute, RankedTensorType type,
                                    ArrayRef<Type> parameters, TypeRange results, Build build) {
  func::FuncOp &function = functions[{attribute, type}];
  if (function)
    return function;
  ImplicitLocOpBuilder b(module.getLoc(), OpBuilder::atBlockEnd(module.getBody()));
  SmallVector<Type> inputs{bufferType(type)};
  llvm::append_range(inputs, parameters);
  function = func::FuncOp::create(b, name, b.getFunctionType(inputs, results));
  b.setInsertionPointToStart(function.addEntryBlock());
  LoopBuilder loops(b);
  Value result = build(loops, function.getArguments());
  func::ReturnOp::create(b, result ? ValueRange(result) : ValueRange());
  insert(function);
  return function;
}

void VariableFunctions::insert(func::FuncOp function) {
  function.setPrivate();
  function->remove();
  symbols.insert(function);
}

FailureOr<func::FuncOp> VariableFunctions::get(InitializerAttr initializer, RankedTensorType type) {
  if (failed(addRandomNumbers()))
    return failure();
  Type i64 = IntegerType::get(module.getContext(), 64);
  return get("initialize", initializer, type, {i64, i64}, {},
             [&](LoopBuilder &loops, ValueRange arguments) {
               buildInitializer(loops, initializer, type.getShape(), arguments[0], arguments[1],
                                arguments[2]);
               return Value();
             });
}

func::FuncOp VariableFunctions::get(RegularizerAttr regularizer, RankedTensorType type) {
  return get("regularize", regularizer, type, {}, Float64Type::get(module.getContext()),
             [&](LoopBuilder &loops, ValueRange arguments) {
               return buildRegularizer(loops, regularizer, type.getShape(), arguments[0]);
             });
}

func::FuncOp VariableFunctions::get(ConstraintAttr constraint, RankedTensorType type) {
  return get("constrain", constraint, type, {}, {}, [&](LoopBuilder &loops, ValueRange arguments) {
    buildConstraint(loops, constraint, type.getShape(), arguments[0]);
    return Value();
  });
}
