//===- CudaCode.cpp - what one chip runs ------------------------------------------===//

#include "sepconv/Target/CudaCode.h"
#include "ReadLaunches.h"
#include "sepconv/Lowering/Pipelines.h"
#include "sepconv/Lowering/WeightsBlob.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::sepconv;

void sepconv::buildPTX(OpPassManager &pm) {
  buildGpuToNVVM(pm);
  pm.addNestedPass<gpu::GPUModuleOp>(createCanonicalizerPass()); // addresses are in no structs
  pm.addPass(createBatchKernels());
  pm.addPass(createSerializeKernels());
}

FailureOr<std::vector<ChipText>> sepconv::makePTX(ModuleOp module) {
  PassManager pm(module.getContext());
  buildPTX(pm);
  if (failed(pm.run(module)))
    return failure();
  std::vector<ChipText> texts;
  for (auto binary : module.getOps<gpu::BinaryOp>())
    for (auto object : binary.getObjects().getAsRange<gpu::ObjectAttr>())
      texts.push_back({cast<NVVM::NVVMTargetAttr>(object.getTarget()).getChip().str(),
                       object.getObject().getValue().str()});
  return texts;
}

LogicalResult sepconv::readCudaCode(ModuleOp module, CudaCode &code) {
  FailureOr<ModelInterface> interface = ModelInterface::get(module);
  if (failed(interface))
    return failure();
  code.workspaceBytes = interface->workspaceBytes;
  code.kernels = interface->kernels;
  if (auto weights = module.lookupSymbol<memref::GlobalOp>(kWeightsSymbol)) {
    std::vector<char> storage;
    auto value = dyn_cast_or_null<ElementsAttr>(weights.getInitialValueAttr());
    FailureOr<ArrayRef<char>> bytes = failure();
    if (value)
      bytes = getConstantBytes(value, storage);
    if (failed(bytes))
      return weights.emitError("expected the weights");
    code.weights.assign(bytes->begin(), bytes->end());
  }
  FailureOr<std::vector<KernelLaunch>> launches = readLaunches(module, *interface);
  if (failed(launches))
    return failure();
  code.launches = std::move(*launches);
  FailureOr<std::vector<ChipText>> texts = makePTX(module);
  if (failed(texts))
    return failure();
  for (ChipText &text : *texts)
    code.ptx = std::move(text.ptx);
  return success();
}
