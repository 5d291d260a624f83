//===- LowerKernels.cpp - kernels on tensors to scheduled loops ------------------===//

#include "KernelLowering.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Schedule/ScheduleChoice.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
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

namespace {
struct LowerKernels : sepconv::impl::LowerKernelsBase<LowerKernels> {
  using LowerKernelsBase::LowerKernelsBase;

  void runOnOperation() override {
    bool failedAny = false;
    for (auto kernel : getOperation().getOps<func::FuncOp>())
      if (kernel->hasAttr("sepconv.pattern") && !kernel.isExternal() && kernel.getNumResults())
        failedAny |= failed(lower(kernel));
    if (failedAny)
      return signalPassFailure();
    // What was to be done is done; the kernels keep the names for reports.
    for (auto schedule : llvm::make_early_inc_range(getOperation().getOps<schedule::ScheduleOp>()))
      schedule.erase();
  }

  LogicalResult lower(func::FuncOp kernel);
};
} // namespace

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

/// By the first schedule that is legal; that those before it are not is a remark.
LogicalResult LowerKernels::lower(func::FuncOp kernel) {
  SmallVector<ScheduleChoice> choices = getChoices(kernel);
  for (; choices.size() > 1; choices.erase(choices.begin())) {
    setChoices(kernel, choices.front());
    std::string problem = tryToLower(kernel);
    if (problem.empty())
      return success();
    if (!remarks)
      continue;
    InFlightDiagnostic remark = kernel.emitRemark();
    remark << "schedule " << choices[0].schedule << " is passed over for ";
    if (choices[1].schedule)
      remark << choices[1].schedule;
    else
      remark << "the default one";
    remark << ": " << problem;
  }
  setChoices(kernel, choices);
  return lowerKernel(kernel);
}
