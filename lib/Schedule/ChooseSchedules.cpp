//===- ChooseSchedules.cpp - a schedule and its parameters for each kernel -------===//

#include "ScheduleLibrary.h"
#include "Trial.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/KernelStages.h"
#include "sepconv/Schedule/ResolveDirectives.h"
#include "sepconv/Schedule/ScheduleChoice.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CHOOSESCHEDULES
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

struct ChooseSchedules : sepconv::impl::ChooseSchedulesBase<ChooseSchedules> {
  using ChooseSchedulesBase::ChooseSchedulesBase;
  void runOnOperation() override;
  LogicalResult choose(func::FuncOp kernel, const ScheduleLibrary &library);
  FlatSymbolRefAttr copyOf(schedule::ScheduleOp schedule);

  DenseMap<Operation *, FlatSymbolRefAttr> copies;
};

/// The schedule within the module, where whoever applies it finds it.
FlatSymbolRefAttr ChooseSchedules::copyOf(schedule::ScheduleOp schedule) {
  FlatSymbolRefAttr &symbol = copies[schedule];
  if (!symbol) {
    Operation *copy = schedule->clone();
    SymbolTable table(getOperation());
    table.insert(copy, getOperation().getBody()->begin());
    symbol = FlatSymbolRefAttr::get(SymbolTable::getSymbolName(copy));
  }
  return symbol;
}

using Candidates = SmallVector<std::pair<schedule::ScheduleOp, schedule::ChooseOp>>;

/// The schedules for a kernel: those first whose parameters are chosen.
FailureOr<Candidates> candidatesOf(const KernelStages &stages, const ScheduleLibrary &library,
                                   const Facts &facts) {
  Candidates candidates;
  for (schedule::ScheduleOp schedule : library.schedules(stages.pattern())) {
    FailureOr<schedule::ChooseOp> choice = library.chosen(schedule, facts);
    if (failed(choice))
      return failure();
    candidates.emplace_back(schedule, *choice);
  }
  llvm::stable_sort(candidates, [](auto &a, auto &b) { return bool(a.second) && !bool(b.second); });
  return candidates;
}

LogicalResult ChooseSchedules::choose(func::FuncOp kernel, const ScheduleLibrary &library) {
  FailureOr<KernelStages> stages = KernelStages::analyze(kernel);
  if (failed(stages))
    return failure();
  Facts facts = kernelFacts(kernel, *stages);
  SmallVector<ScheduleChoice> choices;
  std::string rejected;
  FailureOr<Candidates> candidates = candidatesOf(*stages, library, facts);
  if (failed(candidates))
    return failure();
  for (auto [schedule, choice] : *candidates) {
    std::string name =
        ("@" + schedule.getSymName() + " (" + placeOf(schedule.getLoc()) + ")").str();
    Trial trial(schedule, facts, choice);
    FailureOr<bool> fits = trial.run();
    if (failed(fits) ||
        (*fits && failed(resolveDirectives(schedule, kernel, *stages, trial.known()))))
      return failure();
    if (!*fits) {
      rejected += ("; not " + name + ": " + trial.reason()).str();
      continue;
    }
    auto parameters = DictionaryAttr::get(&getContext(), trial.parameters());
    if (remarks && choices.empty())
      kernel.emitRemark() << "schedule " << name << " with " << parameters << rejected;
    choices.push_back({copyOf(schedule), parameters});
    if (library.isUsers(schedule)) { // without alternatives: what is wrong with it is an error
      setChoices(kernel, choices);
      return success();
    }
  }
  if (remarks && choices.empty())
    kernel.emitRemark() << "the default schedule: no schedule is for this pattern" << rejected;
  choices.emplace_back(); // the default schedule, which is legal for every kernel
  setChoices(kernel, choices);
  return success();
}

void ChooseSchedules::runOnOperation() {
  ModuleOp module = getOperation();
  FailureOr<ScheduleLibrary> library = ScheduleLibrary::load(module, target, schedules, threads);
  if (failed(library))
    return signalPassFailure();
  Builder builder(&getContext());
  SmallVector<NamedAttribute> facts;
  for (const auto &fact : library->facts())
    facts.push_back(builder.getNamedAttr(fact.first(), builder.getI64IntegerAttr(fact.second)));
  module->setAttr("sepconv.facts", builder.getDictionaryAttr(facts));
  bool failedAny = false;
  for (auto kernel : module.getOps<func::FuncOp>())
    if (kernel->hasAttr("sepconv.pattern") && !kernel->hasAttr("sepconv.schedule") &&
        !kernel.isExternal() && kernel.getNumResults())
      failedAny |= failed(choose(kernel, *library));
  if (failedAny)
    signalPassFailure();
}

} // namespace
