//===- PrintKernelStages.cpp - print the stages of kernels -----------------------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/KernelStages.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_PRINTKERNELSTAGES
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// A number, or of a dynamic size its range.
std::string text(const SizeRange &size) {
  return size.isKnown() ? std::to_string(size.least) : size.text();
}

void printReduction(raw_ostream &os, const Reduction &sum) {
  os << ",";
  for (auto &[dim, extent] : sum.reductionDims)
    os << " " << dim << "=" << text(extent);
  os << ", strides ";
  llvm::interleave(sum.strides, os, " ");
  os << ", dilations ";
  llvm::interleave(sum.dilations, os, " ");
  if (sum.weight) {
    os << ", weight ";
    sum.weight.printAsOperand(os, OpPrintingFlags());
    if (sum.isConstantWeight)
      os << " (constant)";
    if (std::optional<unsigned> dim = sum.getWeightDim(sum.dims.back()))
      os << " dimension " << *dim;
  }
}

void printStages(raw_ostream &os, func::FuncOp kernel, const KernelStages &stages) {
  os << "@" << kernel.getSymName() << ": [";
  llvm::interleaveComma(stages.pattern(), os, [&](StringRef role) { os << '"' << role << '"'; });
  os << "]\n";
  for (const Stage &stage : stages.stages()) {
    os << "  " << stage.name << ":";
    for (auto [dim, extent] : llvm::zip_equal(stage.dims, stage.extents))
      os << " " << dim << "=" << text(extent);
    if (stage.kind == Stage::Kind::Sum)
      printReduction(os, *stages.reduction(stage.reduction));
    os << "\n";
  }
}

struct PrintKernelStages : sepconv::impl::PrintKernelStagesBase<PrintKernelStages> {
  void runOnOperation() override {
    markAllAnalysesPreserved();
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isExternal() || !func.getOps<CallOp>().empty())
        continue;
      FailureOr<KernelStages> stages = KernelStages::analyze(func);
      if (failed(stages))
        return signalPassFailure();
      printStages(llvm::outs(), func, *stages);
    }
  }
};

} // namespace
