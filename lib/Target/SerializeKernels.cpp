//===- SerializeKernels.cpp - a GPU's functions as PTX ---------------------------===//

#include "sepconv/Passes.h"
#include "sepconv/Target/CodeGen.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_SERIALIZEKERNELS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// The back end has instructions for no function of these, and none for what would be a call.
static LogicalResult checkFunctions(gpu::GPUModuleOp kernels) {
  WalkResult result = kernels.walk([](Operation *op) -> WalkResult {
    auto call = dyn_cast<LLVM::CallOp>(op);
    bool isLibrary =
        call || isa<LLVM::ExpOp, LLVM::Exp2Op, LLVM::Exp10Op, LLVM::LogOp, LLVM::Log2Op,
                    LLVM::Log10Op, LLVM::SinOp, LLVM::CosOp, LLVM::TanOp, LLVM::SinhOp,
                    LLVM::CoshOp, LLVM::TanhOp, LLVM::ASinOp, LLVM::ACosOp, LLVM::ATanOp,
                    LLVM::ATan2Op, LLVM::PowOp, LLVM::PowIOp, LLVM::FRemOp>(op);
    if (!isLibrary)
      return WalkResult::advance();
    StringRef name = call && call.getCallee() ? *call.getCallee() : op->getName().getStringRef();
    return op->emitError() << "a GPU has no instructions for '" << name << "' of "
                           << op->getResultTypes().front();
  });
  return failure(result.wasInterrupted());
}

/// PTX for one target.
static FailureOr<std::string> makePTX(gpu::GPUModuleOp kernels, NVVM::NVVMTargetAttr chip) {
  TargetDescription target;
  target.name = target.cpu = chip.getChip().str();
  target.triple = chip.getTriple().str();
  target.features = chip.getFeatures().str();
  llvm::Expected<CodeGenerator> generator = CodeGenerator::create(target);
  if (!generator)
    return kernels.emitError() << llvm::toString(generator.takeError());
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code = generator->translate(kernels, context);
  if (!code)
    return failure();
  SmallVector<char, 0> text;
  if (llvm::Error error = generator->emit(*code, /*assembly=*/true, text))
    return kernels.emitError() << llvm::toString(std::move(error));
  return std::string(text.data(), text.size());
}

namespace {
struct SerializeKernels : sepconv::impl::SerializeKernelsBase<SerializeKernels> {
  void runOnOperation() override {
    for (auto kernels : llvm::make_early_inc_range(getOperation().getOps<gpu::GPUModuleOp>()))
      if (failed(checkFunctions(kernels)) || failed(serialize(kernels)))
        return signalPassFailure();
  }

  LogicalResult serialize(gpu::GPUModuleOp kernels) {
    OpBuilder builder(kernels);
    SmallVector<Attribute> objects;
    ArrayAttr targets = kernels.getTargetsAttr();
    if (!targets)
      return kernels.emitError("expected a module with targets");
    for (auto target : targets.getAsRange<NVVM::NVVMTargetAttr>()) {
      FailureOr<std::string> text = makePTX(kernels, target);
      if (failed(text))
        return failure();
      objects.push_back(gpu::ObjectAttr::get(target, gpu::CompilationTarget::Assembly,
                                             builder.getStringAttr(*text)));
    }
    gpu::BinaryOp::create(builder, kernels.getLoc(), kernels.getName(), Attribute(), objects);
    kernels.erase();
    return success();
  }
};
} // namespace
