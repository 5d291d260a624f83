//===- CreateVariableFunctions.cpp - functions on the variables of a model -------===//

#include "sepconv/Lowering/Variables/VariableFunctions.h"
#include "sepconv/Passes.h"
#include "sepconv/Product/ModelInterface.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CREATEVARIABLEFUNCTIONS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// A weight of the entry.
struct Weight {
  TensorInterface interface;
  RankedTensorType type;
  InitializerAttr initializer;
  RegularizerAttr regularizer;
  ConstraintAttr constraint;
};

/// Adds a function that calls one for each variable.
class FunctionAdder {
public:
  FunctionAdder(ModuleOp module, ArrayRef<Weight> weights, TypeRange buffers)
      : module(module), b(module.getLoc(), module.getContext()), functions(module),
        weights(weights), buffers(buffers) {}

  LogicalResult addInit();
  void addRegularizationLoss();
  void addApplyConstraints();

private:
  func::FuncOp begin(StringRef name, ArrayRef<Type> types);
  void end() { func::ReturnOp::create(b); }

  ModuleOp module;
  ImplicitLocOpBuilder b;
  VariableFunctions functions;
  ArrayRef<Weight> weights;
  SmallVector<Type> buffers;
};
} // namespace

func::FuncOp FunctionAdder::begin(StringRef name, ArrayRef<Type> types) {
  b.setInsertionPointToEnd(module.getBody());
  auto function =
      func::FuncOp::create(b, ("variables_" + name).str(), b.getFunctionType(types, {}));
  function->setAttr("sepconv.function", b.getStringAttr(name));
  functions.insert(function);
  b.setInsertionPointToStart(function.addEntryBlock());
  return function;
}

LogicalResult FunctionAdder::addInit() {
  SmallVector<Type> types{b.getI64Type()};
  llvm::append_range(types, buffers);
  func::FuncOp init = begin("init", types);
  for (auto [index, weight] : llvm::enumerate(weights)) {
    if (!weight.initializer)
      return module.emitError("weight '")
             << weight.interface.name << "' has no initializer, which the function init needs";
    FailureOr<func::FuncOp> initialize = functions.get(weight.initializer, weight.type);
    if (failed(initialize))
      return failure();
    Value stream = arith::ConstantOp::create(
        b, b.getI64IntegerAttr(VariableFunctions::streamOf(weight.interface.name)));
    func::CallOp::create(b, *initialize,
                         ValueRange{init.getArgument(index + 1), init.getArgument(0), stream});
  }
  end();
  return success();
}

void FunctionAdder::addRegularizationLoss() {
  SmallVector<Type> types(buffers);
  types.push_back(MemRefType::get({1}, b.getF32Type()));
  func::FuncOp function = begin("regularization_loss", types);
  Value loss = arith::ConstantOp::create(b, b.getF64FloatAttr(0));
  for (auto [index, weight] : llvm::enumerate(weights))
    if (weight.regularizer && weight.interface.trainable) {
      func::FuncOp regularize = functions.get(weight.regularizer, weight.type);
      auto term = func::CallOp::create(b, regularize, function.getArgument(index));
      loss = arith::AddFOp::create(b, loss, term.getResult(0));
    }
  loss = arith::TruncFOp::create(b, b.getF32Type(), loss);
  Value zero = arith::ConstantIndexOp::create(b, 0);
  memref::StoreOp::create(b, loss, function.getArguments().back(), zero);
  end();
}

void FunctionAdder::addApplyConstraints() {
  func::FuncOp function = begin("apply_constraints", buffers);
  for (auto [index, weight] : llvm::enumerate(weights))
    if (weight.constraint && weight.interface.trainable)
      func::CallOp::create(b, functions.get(weight.constraint, weight.type),
                           function.getArgument(index));
  end();
}

namespace {
struct CreateVariableFunctionsPass
    : public sepconv::impl::CreateVariableFunctionsBase<CreateVariableFunctionsPass> {
  using CreateVariableFunctionsBase::CreateVariableFunctionsBase;

  void runOnOperation() override {
    if (functions.empty())
      return;
    ModuleOp module = getOperation();
    FailureOr<ModelInterface> interface = ModelInterface::get(module);
    if (failed(interface) || failed(addFunctions(module, *interface)))
      return signalPassFailure();
    interface->set(module);
  }

  LogicalResult addFunctions(ModuleOp module, ModelInterface &interface) {
    // Entries for several targets look the same from outside.
    auto entries = module.getOps<func::FuncOp>();
    auto entry = llvm::find_if(entries, [](func::FuncOp f) { return f.isPublic(); });
    SmallVector<Weight> weights;
    SmallVector<Type> buffers;
    for (unsigned i = 0; entry != entries.end() && i < (*entry).getNumArguments(); ++i) {
      if (!(*entry).getArgAttr(i, "sepconv.weight"))
        continue;
      const TensorInterface &tensor = interface.weights[weights.size()];
      buffers.push_back((*entry).getArgumentTypes()[i]);
      auto element = cast<MemRefType>(buffers.back()).getElementType();
      weights.push_back({tensor, RankedTensorType::get(tensor.shape, element),
                         (*entry).getArgAttrOfType<InitializerAttr>(i, "sepconv.initializer"),
                         (*entry).getArgAttrOfType<RegularizerAttr>(i, "sepconv.regularizer"),
                         (*entry).getArgAttrOfType<ConstraintAttr>(i, "sepconv.constraint")});
    }
    FunctionAdder adder(module, weights, buffers);
    for (const std::string &name : functions) {
      if (name == "init") {
        interface.functions.push_back("init");
        if (failed(adder.addInit()))
          return failure();
      } else if (name == "loss") {
        interface.functions.push_back("regularization_loss");
        adder.addRegularizationLoss();
      } else if (name == "constraints") {
        interface.functions.push_back("apply_constraints");
        adder.addApplyConstraints();
      } else {
        return module.emitError("unknown function '")
               << name << "', expected init, loss or constraints";
      }
    }
    return success();
  }
};
} // namespace
