//===- InitializeVariables.cpp - give variables the values of their initializers --===//
//
// The functions that a product would have are compiled for this machine and called.
//
//===----------------------------------------------------------------------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Lowering/Pipelines.h"
#include "sepconv/Lowering/Variables/VariableFunctions.h"
#include "sepconv/Passes.h"
#include "sepconv/Product/ModelInterface.h"
#include "sepconv/Target/HostCode.h"
#include "sepconv/Target/ResolveTarget.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_INITIALIZEVARIABLES
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

using Initialize = void (*)(void *buffer, uint64_t seed, uint64_t stream);

/// Machine code of this process, as good as it can be.
static llvm::Expected<HostCode> compileForHost(ModuleOp module) {
  llvm::Expected<TargetDescription> host = resolveTarget("host");
  if (!host)
    return host.takeError();
  return HostCode::create(module, *host);
}

/// Code reaches its constants by offsets of 32 bits with a sign.
static constexpr uint64_t kMostBytes = uint64_t(1) << 31;

/// The bytes of a variable; too many to be counted are the largest number.
static uint64_t bytesOf(VariableOp variable) {
  auto type = cast<RankedTensorType>(variable.getType());
  uint64_t bytes = elementBytes(type.getElementType());
  for (uint64_t size : type.getShape())
    bytes = llvm::SaturatingMultiply(bytes, size);
  return bytes;
}

/// Whether all variables can be made.
static LogicalResult checkVariables(ArrayRef<VariableOp> variables) {
  uint64_t bytes = 0;
  for (VariableOp variable : variables) {
    if (!variable.getInitializerAttr())
      return variable.emitError("variable '")
             << variable.getName() << "' has neither a value nor an initializer";
    bytes = llvm::SaturatingAdd(bytes, bytesOf(variable));
    if (bytes > kMostBytes)
      return variable.emitError("variable '")
             << variable.getName() << "' makes the weights larger than " << kMostBytes
             << " bytes, the most that can be initialized";
  }
  return success();
}

/// The values that a function makes.
static DenseElementsAttr valuesOf(VariableOp variable, Initialize initialize, uint64_t seed) {
  std::vector<char> values(bytesOf(variable));
  initialize(values.data(), seed, VariableFunctions::streamOf(variable.getName()));
  return DenseElementsAttr::getFromRawBuffer(cast<ShapedType>(variable.getType()), values);
}

namespace {
struct InitializeVariablesPass
    : public sepconv::impl::InitializeVariablesBase<InitializeVariablesPass> {
  using InitializeVariablesBase::InitializeVariablesBase;

  void getDependentDialects(DialectRegistry &registry) const override {
    InitializeVariablesBase::getDependentDialects(registry);
    OpPassManager pm(ModuleOp::getOperationName());
    buildLoopsToLLVM(pm);
    pm.getDependentDialects(registry);
    registry.insert<LLVM::LLVMDialect, math::MathDialect, scf::SCFDialect>();
  }

  void runOnOperation() override {
    SmallVector<VariableOp> variables;
    getOperation().walk([&](VariableOp variable) { variables.push_back(variable); });
    if (variables.empty())
      return;
    if (failed(checkVariables(variables)))
      return signalPassFailure();
    // A pipeline may run on what is in this module only.
    OpBuilder b = OpBuilder::atBlockEnd(getOperation().getBody());
    auto scratch = ModuleOp::create(b, getOperation().getLoc());
    if (failed(replace(variables, scratch)))
      signalPassFailure();
    scratch.erase();
  }

private:
  LogicalResult replace(ArrayRef<VariableOp> variables, ModuleOp scratch);
};
} // namespace

LogicalResult InitializeVariablesPass::replace(ArrayRef<VariableOp> variables, ModuleOp scratch) {
  VariableFunctions functions(scratch);
  SmallVector<std::string> names;
  for (VariableOp variable : variables) {
    FailureOr<func::FuncOp> function =
        functions.get(variable.getInitializerAttr(), cast<RankedTensorType>(variable.getType()));
    if (failed(function))
      return failure();
    function->setPublic();
    names.push_back(function->getName().str());
  }
  OpPassManager pm(ModuleOp::getOperationName());
  buildLoopsToLLVM(pm);
  if (failed(runPipeline(pm, scratch)))
    return failure();
  llvm::Expected<HostCode> code = compileForHost(scratch);
  if (!code)
    return scratch.emitError() << llvm::toString(code.takeError());
  for (auto [variable, name] : llvm::zip_equal(variables, names)) {
    llvm::Expected<Initialize> initialize = code->lookup<Initialize>(name);
    if (!initialize)
      return scratch.emitError() << llvm::toString(initialize.takeError());
    OpBuilder b(variable);
    DenseElementsAttr values = valuesOf(variable, *initialize, seed);
    Operation *constant = arith::ConstantOp::create(b, variable->getLoc(), values);
    variable->replaceAllUsesWith(constant);
    variable->erase();
  }
  return success();
}
