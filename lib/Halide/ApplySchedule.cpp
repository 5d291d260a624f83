//===- ApplySchedule.cpp - a schedule's directives applied to Funcs --------------===//

#include "ApplySchedule.h"
#include "DefinitionScheduler.h"

using namespace mlir;
using namespace mlir::sepconv;

FailureOr<bool> sepconv::applies(Operation *directive, const Facts &facts) {
  auto condition = directive->getAttrOfType<StringAttr>("when");
  if (!condition)
    return true;
  std::string problem;
  std::optional<int64_t> value = evaluate(condition, facts, problem);
  if (!value)
    return directive->emitOpError() << problem;
  return *value != 0;
}

LogicalResult sepconv::applySchedule(schedule::ScheduleOp schedule, KernelFuncs &funcs,
                                     const Facts &facts) {
  auto applyAll = [&](auto block, std::map<std::string, Definition> &definitions, bool isUpdate) {
    auto it = definitions.find(block.getName().str());
    // Whether there is a pad depends on the layer, not on the pattern that the schedule is for.
    if (it == definitions.end() && block.getName() == "pad")
      return success();
    if (it == definitions.end())
      return LogicalResult(block.emitOpError()
                           << "the kernel has no " << (isUpdate ? "update" : "stage") << " '"
                           << block.getName() << "'; there are " << namesOf(definitions));
    DefinitionScheduler scheduler(funcs, it->second, isUpdate, facts);
    for (Operation &directive : block.getBody().front()) {
      FailureOr<bool> wanted = applies(&directive, facts);
      if (failed(wanted) || (*wanted && failed(scheduler.apply(&directive))))
        return failure();
    }
    return success();
  };
  for (schedule::UpdateOp update : schedule.getUpdates())
    if (failed(applyAll(update, funcs.updates, true)))
      return failure();
  for (schedule::StageOp stage : schedule.getStages())
    if (failed(applyAll(stage, funcs.stages, false)))
      return failure();
  return success();
}

/// The loops of a definition that are its own, not its reduction's, become blocks of threads.
static void defineOnGpu(const Definition &definition, Halide::Stage stage, int32_t threads) {
  std::vector<Halide::VarOrRVar> order;
  for (const auto &[name, loop] : definition.loops)
    if (loop.is_rvar)
      order.push_back(loop);
  std::vector<Halide::Var> vars = definition.func.args();
  if (vars.empty()) {
    stage.gpu_single_thread();
    return;
  }
  Halide::Var all = vars.front(), block("block"), thread("thread");
  for (const Halide::Var &var : llvm::drop_begin(vars)) {
    Halide::Var fused(all.name() + "_" + var.name());
    stage.fuse(all, var, fused);
    all = fused;
  }
  stage.split(all, block, thread, threads, Halide::TailStrategy::GuardWithIf);
  order.insert(order.end(), {thread, block});
  stage.reorder(order).gpu_blocks(block).gpu_threads(thread);
}

void sepconv::runOnGpu(KernelFuncs &funcs, const Facts &facts) {
  auto threads = static_cast<int32_t>(facts.lookup("default_threads"));
  for (auto &[name, stage] : funcs.stages) {
    Halide::LoopLevel &level = stage.func.function().schedule().compute_level();
    if (!level.lock().is_inlined())
      defineOnGpu(stage, Halide::Stage(stage.func), threads);
  }
  for (auto &[name, update] : funcs.updates)
    defineOnGpu(update, update.func.update(0), threads);
}
