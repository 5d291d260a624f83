//===- ResolveDirectives.cpp - what a schedule does to one kernel ----------------===//

#include "sepconv/Schedule/ResolveDirectives.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// Follows the loops of each definition while directives split, fuse and rename them.
class Resolver {
public:
  Resolver(func::FuncOp kernel, const KernelStages &stages, const Facts &facts);
  FailureOr<SmallVector<DefinitionDirectives>> resolve(schedule::ScheduleOp schedule);

private:
  using Loops = SmallVector<std::string>;
  FailureOr<bool> applies(Operation *directive);
  LogicalResult formStage(schedule::StageOp stage);
  template <typename Block> LogicalResult resolveBlock(Block block, llvm::StringMap<Loops> &loops);
  LogicalResult follow(Operation *directive, StringRef stage, Loops &loops);
  LogicalResult replaceLoops(schedule::LoopDirective directive, StringRef stage, Loops &loops);
  LogicalResult groupTerms(schedule::TensorizeOp op, StringRef stage, Loops &loops);
  LogicalResult makeParts(schedule::RfactorOp op, StringRef stage, Loops &loops);
  LogicalResult checkLevel(Operation *directive, StringRef stage, StringRef loop);
  LogicalResult checkLoop(Operation *op, StringRef loop, StringRef stage, ArrayRef<std::string> in);
  InFlightDiagnostic error(Operation *op, const Twine &message);

  func::FuncOp kernel;
  const KernelStages &stages;
  const Facts &facts;
  llvm::StringMap<Loops> stageLoops, updateLoops;
  /// Stages that may be spoken of without being there.
  llvm::StringSet<> absent;
  SmallVector<DefinitionDirectives> result;
};

Resolver::Resolver(func::FuncOp kernel, const KernelStages &stages, const Facts &facts)
    : kernel(kernel), stages(stages), facts(facts) {
  // Whether there is a pad depends on the layer, not on the pattern that the schedule is for.
  absent.insert("pad");
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

/// "'a', 'b'", or "none".
template <typename Range> std::string quoted(const Range &names) {
  SmallVector<StringRef> sorted(names.begin(), names.end());
  if (sorted.empty())
    return "none";
  llvm::sort(sorted);
  return "'" + llvm::join(sorted, "', '") + "'";
}

InFlightDiagnostic Resolver::error(Operation *op, const Twine &message) {
  InFlightDiagnostic diag = op->emitOpError(message);
  diag.attachNote(kernel.getLoc()) << "for the kernel @" << kernel.getSymName();
  return diag;
}

LogicalResult Resolver::checkLoop(Operation *op, StringRef loop, StringRef stage,
                                  ArrayRef<std::string> in) {
  if (llvm::is_contained(in, loop))
    return success();
  return error(op,
               "no loop '" + loop + "' in stage '" + stage + "', expected one of " + quoted(in));
}

LogicalResult Resolver::replaceLoops(schedule::LoopDirective directive, StringRef stage,
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
                                  "' already; its loops are " + quoted(loops));
    loops.push_back(loop.str());
  }
  return success();
}

/// The update keeps the loop, and what it makes has the others too.
LogicalResult Resolver::makeParts(schedule::RfactorOp op, StringRef stage, Loops &loops) {
  const Stage *sum = stages.lookup(stage);
  Loops dims = sum ? sum->dims : Loops();
  if (!sum || !llvm::all_of(dims, [&](StringRef dim) { return llvm::is_contained(loops, dim); }))
    return error(op, "must come before directives for loops outside the reduction, and only once");
  if (failed(checkLoop(op, op.getLoop(), stage, loops)))
    return failure();
  if (llvm::is_contained(dims, op.getLoop()))
    return error(op, "'" + op.getLoop() + "' is not a loop of the reduction");
  dims.push_back(op.getLoop().str());
  std::string sumName = (op.getPart() + "_sum").str();
  stageLoops[op.getPart()] = stageLoops[sumName] = dims;
  updateLoops[sumName] = loops;
  loops = dims;
  return success();
}

/// The terms of whole loops of the reduction, which no directive has changed before.
LogicalResult Resolver::groupTerms(schedule::TensorizeOp op, StringRef stage, Loops &loops) {
  for (StringRef loop : op.getUsedLoops())
    if (const Stage *sum = stages.lookup(stage); sum && llvm::is_contained(sum->dims, loop))
      return error(op, "'" + loop + "' is not a loop of the reduction");
  return replaceLoops(op, stage, loops);
}

/// A loop of another stage, of its update if it has one there.
LogicalResult Resolver::checkLevel(Operation *directive, StringRef stage, StringRef loop) {
  auto it = stageLoops.find(stage);
  if (it == stageLoops.end())
    return error(directive,
                 "no stage '" + stage + "', expected one of " + quoted(stageLoops.keys()));
  Loops loops = it->second;
  for (const std::string &name : updateLoops.lookup(stage))
    if (!llvm::is_contained(loops, name))
      loops.push_back(name);
  return checkLoop(directive, loop, stage, loops);
}

/// Whether the directive's attribute `when`, if it has one, is not zero.
FailureOr<bool> Resolver::applies(Operation *directive) {
  auto condition = directive->getAttrOfType<StringAttr>("when");
  if (!condition)
    return true;
  std::string problem;
  std::optional<int64_t> value = evaluate(condition, facts, problem);
  if (!value)
    return error(directive, problem);
  return *value != 0;
}

/// Follows the directives that change a kernel's form, whatever the order in which stages stand.
LogicalResult Resolver::formStage(schedule::StageOp stage) {
  const Stage *sum = stages.lookup(stage.getName());
  if (!sum || sum->kind != Stage::Kind::Sum)
    return success();
  auto reduction = cast<linalg::LinalgOp>(sum->reduction);
  for (Operation &directive : stage.getBody().front()) {
    auto wrap = dyn_cast<schedule::WrapOp>(directive);
    if (!wrap && !isa<schedule::ExpandOp>(directive))
      continue;
    FailureOr<bool> wanted = applies(&directive);
    if (failed(wanted))
      return failure();
    if (!wrap && *wanted) { // computed where it is read
      stageLoops[stage.getName()].clear();
      updateLoops.erase(stage.getName());
    } else if (wrap && !*wanted) {
      absent.insert(wrap.getWrapper());
    } else if (wrap && wrap.getOperandNumber() < reduction.getNumDpsInputs()) {
      stageLoops[wrap.getWrapper()] =
          stages.reduction(reduction)->getOperandDims(wrap.getOperandNumber());
    }
  }
  return success();
}

/// Checks what a directive names, and does to the loops what it does.
LogicalResult Resolver::follow(Operation *directive, StringRef stage, Loops &loops) {
  using namespace schedule;
  if (auto rfactor = dyn_cast<RfactorOp>(directive))
    return makeParts(rfactor, stage, loops);
  if (auto tensorize = dyn_cast<TensorizeOp>(directive))
    return groupTerms(tensorize, stage, loops);
  if (auto next = dyn_cast<PrefetchNextOp>(directive))
    if (failed(checkLevel(next, next.getStage(), next.getLoop())))
      return failure();
  if (auto loopDirective = dyn_cast<LoopDirective>(directive))
    return replaceLoops(loopDirective, stage, loops);
  return llvm::TypeSwitch<Operation *, LogicalResult>(directive)
      .Case<BoundOp, BoundExtentOp, AlignBoundsOp, AlignStorageOp, PackOp>(
          [&](auto op) { return checkLoop(op, op.getDim(), stage, loops); })
      .Case<ReadAheadOp>([&](auto op) {
        return failure(failed(checkLoop(op, op.getDim(), stage, loops)) ||
                       failed(checkLevel(op, op.getStage(), op.getLoop())));
      })
      .Case<ComputeAtOp, StoreAtOp, HoistStorageOp>(
          [&](auto op) { return checkLevel(op, op.getStage(), op.getLoop()); })
      .Default([](Operation *) { return success(); });
}

template <typename Block>
LogicalResult Resolver::resolveBlock(Block block, llvm::StringMap<Loops> &loops) {
  StringRef name = block.getName();
  auto it = loops.find(name);
  if (it == loops.end() && absent.contains(name))
    return success();
  if (it == loops.end())
    return error(block, "no stage '" + name + "', expected one of " + quoted(loops.keys()));
  Loops &own = it->second;
  DefinitionDirectives definition{name, std::is_same_v<Block, schedule::UpdateOp>, {}};
  for (Operation &directive : block.getBody().front()) {
    FailureOr<bool> wanted = applies(&directive);
    if (failed(wanted))
      return failure();
    if (*wanted) {
      if (isa<schedule::TensorizeOp>(directive) && !definition.directives.empty())
        return error(&directive, "S18: must be the first directive of the update");
      definition.directives.push_back(&directive);
      if (failed(follow(&directive, name, own)))
        return failure();
    } else if (auto rfactor = dyn_cast<schedule::RfactorOp>(directive)) {
      absent.insert(rfactor.getPart());
      absent.insert((rfactor.getPart() + "_sum").str());
    }
  }
  result.push_back(std::move(definition));
  return success();
}

FailureOr<SmallVector<DefinitionDirectives>> Resolver::resolve(schedule::ScheduleOp schedule) {
  if (schedule.hasUses())
    return schedule.emitOpError() << "uses definitions, which are resolved only in files of "
                                     "schedules (--schedules=DIR)",
           failure();
  for (schedule::StageOp stage : schedule.getStages())
    if (failed(formStage(stage)))
      return failure();
  for (schedule::UpdateOp update : schedule.getUpdates())
    if (failed(resolveBlock(update, updateLoops)))
      return failure();
  for (schedule::StageOp stage : schedule.getStages())
    if (failed(resolveBlock(stage, stageLoops)))
      return failure();
  return std::move(result);
}

} // namespace

FailureOr<SmallVector<DefinitionDirectives>>
sepconv::resolveDirectives(schedule::ScheduleOp schedule, func::FuncOp kernel,
                           const KernelStages &stages, const Facts &facts) {
  return Resolver(kernel, stages, facts).resolve(schedule);
}
