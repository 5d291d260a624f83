//===- VerifyLoops.cpp - whether a kernel has the loops that a schedule names ----===//

#include "VerifyLoops.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// Follows the loops of each definition while directives split, fuse and rename them.
class LoopVerifier {
public:
  LoopVerifier(func::FuncOp kernel, const KernelStages &stages, const Facts &facts);
  LogicalResult verify(schedule::ScheduleOp schedule);

private:
  using Loops = SmallVector<std::string>;
  template <typename Block> LogicalResult verifyBlock(Block block, llvm::StringMap<Loops> &loops);
  LogicalResult verifyDirective(Operation *directive, StringRef stage, Loops &loops);
  LogicalResult replaceLoops(schedule::LoopDirective directive, StringRef stage, Loops &loops);
  LogicalResult makeParts(schedule::RfactorOp op, StringRef stage, Loops &loops);
  LogicalResult verifyLevel(Operation *directive, StringRef stage, StringRef loop);
  LogicalResult checkLoop(Operation *op, StringRef loop, StringRef stage, ArrayRef<std::string> in);
  InFlightDiagnostic error(Operation *op, const Twine &message);

  func::FuncOp kernel;
  const KernelStages &stages;
  const Facts &facts;
  llvm::StringMap<Loops> stageLoops, updateLoops;
};

LoopVerifier::LoopVerifier(func::FuncOp kernel, const KernelStages &stages, const Facts &facts)
    : kernel(kernel), stages(stages), facts(facts) {
  for (const Stage &stage : stages.stages()) {
    stageLoops[stage.name] = stage.dims;
    if (stage.kind != Stage::Kind::Sum)
      continue;
    Loops loops = stage.dims;
    for (auto &[dim, extent] : stages.reduction(stage.reduction)->reductionDims)
      loops.push_back(dim);
    updateLoops[stage.name] = loops;
  }
}

/// "'a', 'b'".
template <typename Range> std::string quoted(const Range &names) {
  SmallVector<StringRef> sorted(names.begin(), names.end());
  llvm::sort(sorted);
  return "'" + llvm::join(sorted, "', '") + "'";
}

InFlightDiagnostic LoopVerifier::error(Operation *op, const Twine &message) {
  InFlightDiagnostic diag = op->emitOpError(message);
  diag.attachNote(kernel.getLoc()) << "for the kernel @" << kernel.getSymName();
  return diag;
}

LogicalResult LoopVerifier::checkLoop(Operation *op, StringRef loop, StringRef stage,
                                      ArrayRef<std::string> in) {
  if (llvm::is_contained(in, loop))
    return success();
  return error(op, "no loop '" + loop + "' in stage '" + stage + "'; there are " + quoted(in));
}

LogicalResult LoopVerifier::replaceLoops(schedule::LoopDirective directive, StringRef stage,
                                         Loops &loops) {
  SmallVector<StringRef> used = directive.getUsedLoops(), made = directive.getNewLoops();
  for (StringRef loop : used)
    if (failed(checkLoop(directive, loop, stage, loops)))
      return failure();
  if (made.empty())
    return success();
  llvm::erase_if(loops, [&](StringRef loop) { return llvm::is_contained(used, loop); });
  for (StringRef loop : made) {
    if (llvm::is_contained(loops, loop))
      return error(directive, "stage '" + stage + "' has a loop '" + loop +
                                  "' already; there are " + quoted(loops));
    loops.push_back(loop.str());
  }
  return success();
}

/// The update keeps the loop, and what it makes has the others too.
LogicalResult LoopVerifier::makeParts(schedule::RfactorOp op, StringRef stage, Loops &loops) {
  const Stage *sum = stages.lookup(stage);
  Loops dims = sum ? sum->dims : Loops();
  if (!sum || !llvm::all_of(dims, [&](StringRef dim) { return llvm::is_contained(loops, dim); }))
    return error(op, "comes before other directives for loops that are no reduction's, and once");
  if (failed(checkLoop(op, op.getLoop(), stage, loops)))
    return failure();
  if (llvm::is_contained(dims, op.getLoop()))
    return error(op, "'" + op.getLoop() + "' is no loop of the reduction");
  dims.push_back(op.getLoop().str());
  std::string sumName = (op.getPart() + "_sum").str();
  stageLoops[op.getPart()] = stageLoops[sumName] = dims;
  updateLoops[sumName] = loops;
  loops = dims;
  return success();
}

/// A loop of another stage, of its update if it has one there.
LogicalResult LoopVerifier::verifyLevel(Operation *directive, StringRef stage, StringRef loop) {
  auto it = stageLoops.find(stage);
  if (it == stageLoops.end())
    return error(directive, "no stage '" + stage + "'; there are " + quoted(stageLoops.keys()));
  Loops loops = it->second;
  for (const std::string &name : updateLoops.lookup(stage))
    if (!llvm::is_contained(loops, name))
      loops.push_back(name);
  return checkLoop(directive, loop, stage, loops);
}

LogicalResult LoopVerifier::verifyDirective(Operation *directive, StringRef stage, Loops &loops) {
  using namespace schedule;
  if (auto condition = directive->getAttrOfType<StringAttr>("when")) {
    std::string problem;
    std::optional<int64_t> applies = evaluate(condition, facts, problem);
    if (!applies)
      return error(directive, problem);
    if (!*applies)
      return success();
  }
  if (auto rfactor = dyn_cast<RfactorOp>(directive))
    return makeParts(rfactor, stage, loops);
  if (auto loopDirective = dyn_cast<LoopDirective>(directive))
    return replaceLoops(loopDirective, stage, loops);
  return llvm::TypeSwitch<Operation *, LogicalResult>(directive)
      .Case<BoundOp, BoundExtentOp, AlignBoundsOp, AlignStorageOp, PackOp>(
          [&](auto op) { return checkLoop(op, op.getDim(), stage, loops); })
      .Case<ReadAheadOp>([&](auto op) {
        return failure(failed(checkLoop(op, op.getDim(), stage, loops)) ||
                       failed(verifyLevel(op, op.getStage(), op.getLoop())));
      })
      .Case<ComputeAtOp, StoreAtOp, HoistStorageOp>(
          [&](auto op) { return verifyLevel(op, op.getStage(), op.getLoop()); })
      .Default([](Operation *) { return success(); });
}

template <typename Block>
LogicalResult LoopVerifier::verifyBlock(Block block, llvm::StringMap<Loops> &loops) {
  auto it = loops.find(block.getName());
  // Whether there is a pad depends on the layer, not on the pattern that the schedule is for.
  if (it == loops.end() && block.getName() == "pad")
    return success();
  if (it == loops.end())
    return error(block, "no stage '" + block.getName() + "'; there are " + quoted(loops.keys()));
  for (Operation &directive : block.getBody().front())
    if (failed(verifyDirective(&directive, block.getName(), it->second)))
      return failure();
  return success();
}

LogicalResult LoopVerifier::verify(schedule::ScheduleOp schedule) {
  schedule->walk([&](schedule::WrapOp wrap) {
    const Stage *sum = stages.lookup(cast<schedule::StageOp>(wrap->getParentOp()).getName());
    if (sum && sum->kind == Stage::Kind::Sum &&
        wrap.getOperandNumber() < cast<linalg::LinalgOp>(sum->reduction).getNumDpsInputs())
      stageLoops[wrap.getWrapper()] =
          stages.reduction(sum->reduction)->getOperandDims(wrap.getOperandNumber());
  });
  for (schedule::UpdateOp update : schedule.getUpdates())
    if (failed(verifyBlock(update, updateLoops)))
      return failure();
  for (schedule::StageOp stage : schedule.getStages())
    if (failed(verifyBlock(stage, stageLoops)))
      return failure();
  return success();
}

} // namespace

LogicalResult sepconv::verifyLoops(schedule::ScheduleOp schedule, func::FuncOp kernel,
                                   const KernelStages &stages, const Facts &facts) {
  return LoopVerifier(kernel, stages, facts).verify(schedule);
}
