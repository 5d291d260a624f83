//===- ApplySchedule.cpp - a schedule's directives applied to Funcs --------------===//

#include "ApplySchedule.h"
#include "DefinitionScheduler.h"

using namespace mlir;
using namespace mlir::sepconv;

LogicalResult sepconv::applySchedule(ArrayRef<DefinitionDirectives> schedule, KernelFuncs &funcs,
                                     const Facts &facts) {
  for (const DefinitionDirectives &definition : schedule) {
    auto &definitions = definition.isUpdate ? funcs.updates : funcs.stages;
    DefinitionScheduler scheduler(funcs, definitions.at(definition.stage.str()),
                                  definition.isUpdate, facts);
    for (Operation *directive : definition.directives)
      if (failed(scheduler.apply(directive)))
        return failure();
  }
  return success();
}

namespace {
/// The schedule of a kernel that has none, on a GPU.
class DefaultLaunches {
public:
  DefaultLaunches(KernelFuncs &funcs, const Facts &facts)
      : funcs(funcs), facts(facts), threads(static_cast<int32_t>(facts.lookup("default_threads"))) {
  }
  void run();

private:
  void launch(const std::string &name, const Definition &definition, Halide::Stage stage);
  std::vector<Halide::Var> fuse(const std::string &name, ArrayRef<Halide::Var> vars,
                                Halide::Stage stage);
  bool computeInReader(const std::string &name, Definition &sum);

  KernelFuncs &funcs;
  const Facts &facts;
  int32_t threads;
  Halide::Var block{"block"}, thread{"thread"};
};
} // namespace

/// Fuses the loops, innermost first. Halide bounds what is divided by a number, but not by a
/// dynamic size: what is around a loop of a dynamic size is a loop of its own.
std::vector<Halide::Var> DefaultLaunches::fuse(const std::string &name, ArrayRef<Halide::Var> vars,
                                               Halide::Stage stage) {
  std::vector<Halide::Var> fused;
  bool isKnown = false; // what the last one goes over
  for (const Halide::Var &var : vars) {
    if (isKnown) {
      Halide::Var both(fused.back().name() + "_" + var.name());
      stage.fuse(fused.back(), var, both);
      fused.back() = both;
    } else {
      fused.push_back(var);
    }
    isKnown = facts.lookup(name + "." + var.name()) == facts.lookup(name + ".least_" + var.name());
  }
  return fused;
}

/// The loops of a definition that are its own, not its reduction's, become blocks of threads.
void DefaultLaunches::launch(const std::string &name, const Definition &definition,
                             Halide::Stage stage) {
  std::vector<Halide::VarOrRVar> order;
  for (const auto &[name, loop] : definition.loops)
    if (loop.is_rvar)
      order.push_back(loop);
  std::vector<Halide::Var> vars = definition.func.args();
  if (vars.empty()) {
    stage.gpu_single_thread();
    return;
  }
  vars = fuse(name, vars, stage);
  stage.split(vars.front(), block, thread, threads, Halide::TailStrategy::GuardWithIf);
  vars.front() = block;
  order.push_back(thread);
  order.insert(order.end(), vars.begin(), vars.end());
  stage.reorder(order).gpu_threads(thread);
  for (const Halide::Var &var : vars)
    stage.gpu_blocks(var);
}

/// A sum with as many elements as the stage that contains it is a thread's own.
bool DefaultLaunches::computeInReader(const std::string &name, Definition &sum) {
  StringRef reader = name;
  reader.consume_back("_sum");
  auto it = funcs.stages.find(reader.str());
  int rank = sum.func.dimensions();
  if (!rank || it == funcs.stages.end() || it->second.func.dimensions() != rank)
    return false;
  sum.func.compute_at(it->second.func, thread);
  return true;
}

void DefaultLaunches::run() {
  for (auto &[name, stage] : funcs.stages) {
    auto update = funcs.updates.find(name);
    if (update != funcs.updates.end() && computeInReader(name, stage))
      continue;
    Halide::LoopLevel &level = stage.func.function().schedule().compute_level();
    if (!level.lock().is_inlined())
      launch(name, stage, Halide::Stage(stage.func));
    if (update != funcs.updates.end())
      launch(name, update->second, stage.func.update(0));
  }
}

void sepconv::keepLoopsWhole(KernelFuncs &funcs) {
  for (auto &[name, stage] : funcs.stages)
    stage.func.never_partition_all();
  for (auto &[name, update] : funcs.updates)
    update.func.update(0).never_partition_all();
}

void sepconv::runOnGpu(KernelFuncs &funcs, const Facts &facts) {
  DefaultLaunches(funcs, facts).run();
}
