//===- ConvertFloats.cpp - the type of floats that a network computes in ---------===//

#include "FloatCasts.h"
#include "sepconv/IR/Layers.h"
#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"
#include "sepconv/Transforms/FloatTypes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CONVERTFLOATS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

FloatType sepconv::floatTypeNamed(MLIRContext *context, StringRef name) {
  return llvm::StringSwitch<FloatType>(name)
      .Case("f16", Float16Type::get(context))
      .Case("bf16", BFloat16Type::get(context))
      .Case("f32", Float32Type::get(context))
      .Default({});
}

static bool isWeight(func::FuncOp function, unsigned argument) {
  return bool(function.getArgAttr(argument, "sepconv.weight"));
}

/// The types of floats that are converted: those of 16 bits, float32, and float64 where the model's
/// inputs have it. Elsewhere it is what long sums and losses are computed in.
static bool isConverted(func::FuncOp function, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  Type element = tensor ? tensor.getElementType() : Type();
  if (!element || !element.isF64())
    return isa_and_nonnull<FloatType>(element);
  return llvm::any_of(function.getArgumentTypes(),
                      [](Type type) { return getElementTypeOrSelf(type).isF64(); });
}

/// What only layers read is stored in their type, and so is what has two dimensions or more. The
/// vectors of other operations stay as they are.
static bool isStoredWeight(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return type.getRank() >= 2 ||
         llvm::all_of(value.getUsers(), [](Operation *user) { return isProductLayer(user); });
}

/// What is a result of the model alone goes to memory as it is.
static bool isReadInside(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) { return !isa<func::ReturnOp>(user); });
}

namespace {

/// Converts one function to one type of floats.
class FloatConversion {
public:
  FloatConversion(func::FuncOp function, FloatType storage)
      : function(function), storage(storage), builder(function.getContext()) {}

  LogicalResult run();

private:
  bool converts(Value value) const {
    return isConverted(function, value.getType()) && getElementTypeOrSelf(value) != storage;
  }
  void storeConstant(arith::ConstantOp constant);
  void retype(Value value);
  void round(Value value);

  func::FuncOp function;
  FloatType storage;
  OpBuilder builder;
};

} // namespace

void FloatConversion::storeConstant(arith::ConstantOp constant) {
  auto numbers = dyn_cast<DenseFPElementsAttr>(constant.getValue());
  if (!numbers)
    return round(constant);
  auto nearest = numbers.mapValues(storage, [&](const APFloat &x) {
    APFloat result = x;
    bool losesInfo;
    result.convert(storage.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    return result.bitcastToAPInt();
  });
  builder.setInsertionPoint(constant);
  Value stored = arith::ConstantOp::create(builder, constant.getLoc(), nearest);
  constant.replaceAllUsesWith(
      castFloats(builder, constant.getLoc(), stored, getElementTypeOrSelf(constant)));
  constant.erase();
}

/// A variable is of the storage type.
void FloatConversion::retype(Value value) {
  Type type = getElementTypeOrSelf(value);
  value.setType(cast<RankedTensorType>(value.getType()).clone(storage));
  builder.setInsertionPointAfterValue(value);
  Value cast = castFloats(builder, value.getLoc(), value, type);
  value.replaceAllUsesExcept(cast, cast.getDefiningOp());
}

/// To the storage type and back.
void FloatConversion::round(Value value) {
  builder.setInsertionPointAfterValue(value);
  Value stored = castFloats(builder, value.getLoc(), value, storage);
  Value back = castFloats(builder, value.getLoc(), stored, getElementTypeOrSelf(value));
  value.replaceAllUsesExcept(back, stored.getDefiningOp());
}

LogicalResult FloatConversion::run() {
  SmallVector<Value> values;
  for (BlockArgument argument : function.getArguments()) // inputs are in memory as they are
    if (isWeight(function, argument.getArgNumber()) && converts(argument))
      values.push_back(argument);
  for (Operation &op : function.getBody().front())
    if (!isa<tensor::EmptyOp, arith::ExtFOp, arith::TruncFOp, linalg::FillOp>(op))
      llvm::copy_if(op.getResults(), std::back_inserter(values),
                    [&](Value value) { return converts(value) && isReadInside(value); });
  for (Value value : values) {
    bool isVariable = isa<BlockArgument>(value) || isa<VariableOp>(value.getDefiningOp());
    auto constant = value.getDefiningOp<arith::ConstantOp>();
    if ((isVariable || constant) && !isStoredWeight(value))
      continue;
    if (isVariable)
      retype(value);
    else if (constant)
      storeConstant(constant);
    else
      round(value);
  }
  function.setType(
      builder.getFunctionType(function.getBody().getArgumentTypes(), function.getResultTypes()));
  return pushCasts(function, storage);
}

/// Gives the inputs and results a type, with casts inside.
static void convertEdges(func::FuncOp function, FloatType type) {
  OpBuilder builder(function.getContext());
  Operation *end = function.getBody().front().getTerminator();
  for (BlockArgument argument : function.getArguments()) {
    if (isWeight(function, argument.getArgNumber()) || !isConverted(function, argument.getType()))
      continue;
    auto own = cast<RankedTensorType>(argument.getType());
    argument.setType(own.clone(type));
    builder.setInsertionPointToStart(argument.getOwner());
    Value cast = castFloats(builder, argument.getLoc(), argument, own.getElementType());
    if (cast == argument)
      continue;
    Operation *first = cast.getDefiningOp();
    while (first->getOperand(0) != argument)
      first = first->getOperand(0).getDefiningOp();
    argument.replaceAllUsesExcept(cast, first);
  }
  builder.setInsertionPoint(end);
  for (OpOperand &result : end->getOpOperands())
    if (isConverted(function, result.get().getType()))
      result.set(castFloats(builder, end->getLoc(), result.get(), type));
  function.setType(
      builder.getFunctionType(function.getBody().getArgumentTypes(), end->getOperandTypes()));
}

llvm::Error sepconv::checkFloatTypes(ModuleOp module, StringRef compute, StringRef io) {
  auto fail = [](StringRef option, StringRef value, const Twine &problem) {
    return llvm::createStringError("--" + option + "=" + value + ": " + problem);
  };
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isPrivate() || function.isExternal())
      continue;
    Operation *ofIntegers = nullptr;
    bool changes = false, edges = false;
    Type inside = floatTypeNamed(module.getContext(), compute);
    Type outside = floatTypeNamed(module.getContext(), io);
    auto note = [&](Type type, Type wanted, bool &different) {
      different |= isConverted(function, type) && getElementTypeOrSelf(type) != wanted;
    };
    function.walk([&](Operation *op) {
      if (isIntegerLayer(op))
        ofIntegers = op;
      for (Type type : op->getResultTypes())
        note(type, inside, changes);
    });
    for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
      if (!isWeight(function, i))
        note(type, outside, edges);
    for (Type type : function.getResultTypes())
      note(type, outside, edges);
    if (inside && ofIntegers)
      return fail("compute", compute,
                  "applies to models of floats, and this one has layers of integers, such as " +
                      Twine(ofIntegers->getName().getStringRef()));
    if (inside && !changes)
      return fail("compute", compute, "the model computes in this type already");
    if (outside && !edges)
      return fail("io", io, "all inputs and outputs of floats have this type already");
  }
  return llvm::Error::success();
}

namespace {
struct ConvertFloats : sepconv::impl::ConvertFloatsBase<ConvertFloats> {
  using ConvertFloatsBase::ConvertFloatsBase;
  void runOnOperation() override {
    FloatType inside = floatTypeNamed(&getContext(), compute);
    FloatType outside = floatTypeNamed(&getContext(), io);
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isPrivate() || function.isExternal())
        continue;
      if (outside)
        convertEdges(function, outside);
      // By way of float32, which drops what other types would have rounded.
      SmallVector<FloatType, 2> types;
      if (inside)
        types.push_back(Float32Type::get(&getContext()));
      if (inside && !inside.isF32())
        types.push_back(inside);
      for (FloatType type : types)
        if (failed(FloatConversion(function, type).run()))
          return signalPassFailure();
      if (failed(convertCasts(function)))
        return signalPassFailure();
    }
  }
};
} // namespace
