//===- GpuCode.cpp - code for the GPUs of a compilation ---------------------------===//

#include "Compilation.h"

#include "sepconv/Driver/Progress.h"
#include "sepconv/Target/CudaCode.h"
#include "sepconv/Target/Ptxas.h"

#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace mlir::sepconv;

/// What runs on a GPU, before it becomes a part of the program around it.
LogicalResult Compilation::emitGpuCode() {
  FailureOr<std::vector<ChipText>> texts = makePTX(*module);
  if (failed(texts))
    return failure();
  if (texts->empty())
    return report(llvm::createStringError("target '" + target.name + "' has no code for a GPU"));
  for (const ChipText &text : *texts)
    if (failed(emitGpuCode(texts->size() == 1 ? "" : text.chip + ".", text.chip, text.ptx)))
      return failure();
  return success();
}

LogicalResult Compilation::emitGpuCode(StringRef infix, StringRef chip, StringRef text) {
  if (emits("ptx") && failed(emitText("." + infix + "ptx", text)))
    return failure();
  SmallVector<char, 0> cubin;
  if (emits("cubin") && (failed(report(assemblePTX(options.ptxas, chip, text, cubin))) ||
                         failed(addFile(stages.name + "." + infix + "cubin", cubin))))
    return failure();
  return success();
}

/// A copy of the model becomes kernels of each GPU.
LogicalResult Compilation::compileForGpus() {
  // Texts of stages are those of the processor.
  if (llvm::all_of(options.emit, [](StringRef what) { return bool(parseStage(what)); }))
    return success();
  for (const TargetDescription &gpu : gpus) {
    OwningOpRef<ModuleOp> copy = module->clone();
    StageOptions own = stages;
    own.target = gpu.name;
    own.threads = "none";
    if (own.weights == "file")
      own.weights = "embedded"; // there is one file for all chips
    (*copy)->setAttr("sepconv.target", StringAttr::get(&context, gpu.name));
    PassManager pm(&context);
    for (Stage stage : kStages)
      if (stage <= Stage::Loops)
        buildStage(pm, stage, own);
    CudaCode code;
    code.chip = gpu.cpu;
    code.facts = gpu.facts;
    if (failed(pm.run(*copy)) || failed(readCudaCode(*copy, code)))
      return clearProgress(), failure();
    std::string infix = gpus.size() == 1 ? "" : code.chip + ".";
    if (failed(emitGpuCode(infix, code.chip, code.ptx)))
      return failure();
    gpuCodes.push_back(std::move(code));
  }
  // Code for one chip only, and for newer ones, is better.
  llvm::stable_sort(gpuCodes, [](const CudaCode &a, const CudaCode &b) {
    auto rank = [](const CudaCode &code) {
      auto [capability, exact] = code.capability();
      return std::pair(exact, capability);
    };
    return rank(a) > rank(b);
  });
  return success();
}
