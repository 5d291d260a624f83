//===- LowerKernels.cpp - kernels on tensors to scheduled loops ------------------===//

#include "ForkedWork.h"
#include "KernelLowering.h"
#include "LoweredKernel.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Schedule/ScheduleChoice.h"
#include "sepconv/Support/Cache.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_LOWERKERNELS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// Why the kernel cannot be lowered by its schedule; empty if it was.
static std::string tryToLower(func::FuncOp kernel) {
  std::string problem;
  ScopedDiagnosticHandler handler(kernel.getContext(), [&](Diagnostic &diagnostic) {
    if (!problem.empty())
      return;
    if (diagnostic.getLocation() != kernel.getLoc())
      problem = placeOf(diagnostic.getLocation()) + ": ";
    problem += diagnostic.str();
  });
  return succeeded(lowerKernel(kernel)) ? "" : problem;
}

/// By the first schedule that is legal; `passedOver` says why those before it are not.
static LogicalResult lower(func::FuncOp kernel, SmallVectorImpl<std::string> &passedOver) {
  SmallVector<ScheduleChoice> choices = getChoices(kernel);
  for (; choices.size() > 1; choices.erase(choices.begin())) {
    setChoices(kernel, choices.front());
    std::string problem = tryToLower(kernel), reason;
    if (problem.empty())
      return success();
    llvm::raw_string_ostream os(reason);
    os << "schedule " << choices[0].schedule << " is passed over for ";
    if (choices[1].schedule)
      os << choices[1].schedule;
    else
      os << "the default one";
    os << ": " << problem;
    passedOver.push_back(reason);
  }
  setChoices(kernel, choices);
  return lowerKernel(kernel);
}

namespace {
struct LowerKernels : sepconv::impl::LowerKernelsBase<LowerKernels> {
  using LowerKernelsBase::LowerKernelsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<func::FuncOp> kernels;
    for (auto kernel : module.getOps<func::FuncOp>())
      if (kernel->hasAttr("sepconv.pattern") && !kernel.isExternal() && kernel.getNumResults())
        kernels.push_back(kernel);
    // The functions of a GPU go into a module that all kernels share.
    auto facts = module->getAttrOfType<DictionaryAttr>("sepconv.facts");
    auto gpu = facts ? facts.getAs<IntegerAttr>("gpu") : IntegerAttr();
    if (failed(gpu && gpu.getInt() ? lowerHere(kernels) : lowerInProcesses(kernels)))
      return signalPassFailure();
    // What was to be done is done; the kernels keep the names for reports.
    for (auto schedule : llvm::make_early_inc_range(module.getOps<schedule::ScheduleOp>()))
      schedule.erase();
  }

  LogicalResult lowerHere(ArrayRef<func::FuncOp> kernels);
  LogicalResult lowerInProcesses(ArrayRef<func::FuncOp> kernels);
  bool take(func::FuncOp kernel, StringRef bytes);
  void report(func::FuncOp kernel, ArrayRef<std::string> passedOver) {
    if (remarks)
      for (const std::string &reason : passedOver)
        kernel.emitRemark() << reason;
  }

  DenseMap<Operation *, SmallVector<std::string>> reasons; // of kernels that were taken
};
} // namespace

LogicalResult LowerKernels::lowerHere(ArrayRef<func::FuncOp> kernels) {
  bool failedAny = false;
  for (func::FuncOp kernel : kernels) {
    SmallVector<std::string> passedOver;
    LogicalResult result = lower(kernel, passedOver);
    report(kernel, passedOver);
    failedAny |= failed(result);
  }
  return failure(failedAny);
}

bool LowerKernels::take(func::FuncOp kernel, StringRef bytes) {
  FailureOr<SmallVector<std::string>> passedOver = readLowered(kernel, bytes);
  if (succeeded(passedOver))
    reasons[kernel] = std::move(*passedOver);
  return succeeded(passedOver);
}

/// Those that the cache has not. Halide numbers what it makes, and orders by names: each kernel
/// begins with the same numbers.
LogicalResult LowerKernels::lowerInProcesses(ArrayRef<func::FuncOp> kernels) {
  Cache cache(cacheFolder);
  SmallVector<func::FuncOp> missing, left;
  SmallVector<std::string> keys;
  for (func::FuncOp kernel : kernels) {
    std::string key = cache ? Cache::keyOf(inputsOf(kernel)) : std::string();
    std::optional<std::string> known = cache ? cache.get(key) : std::nullopt;
    if (known && take(kernel, *known))
      continue;
    missing.push_back(kernel);
    keys.push_back(key);
  }
  auto work = [&](size_t i) -> std::optional<std::string> {
    ScopedDiagnosticHandler silent(&getContext(), [](Diagnostic &) { return success(); });
    SmallVector<std::string> passedOver;
    if (failed(lower(missing[i], passedOver)))
      return std::nullopt;
    return writeLowered(missing[i], passedOver);
  };
  // A forked process has one thread, and would wait for those of MLIR's pool forever.
  bool isMultithreaded = getContext().isMultithreadingEnabled();
  getContext().disableMultithreading();
  forEachInProcess(jobs, missing.size(), work, [&](size_t i, std::optional<std::string> bytes) {
    if (!bytes || !take(missing[i], *bytes))
      left.push_back(missing[i]);
    else if (cache)
      cache.put(keys[i], *bytes);
  });
  getContext().disableMultithreading(!isMultithreaded);
  if (cache && !missing.empty())
    cache.trim();
  // In the order of the model, whatever came first.
  for (func::FuncOp kernel : kernels)
    report(kernel, reasons.lookup(kernel));
  // What is wrong can be said here only.
  llvm::sort(left, [](func::FuncOp a, func::FuncOp b) { return a->isBeforeInBlock(b); });
  return lowerHere(left);
}
