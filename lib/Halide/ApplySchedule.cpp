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
