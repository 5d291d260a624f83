//===- ChooseSchedules.cpp - a schedule and its parameters for each kernel -------===//

#include "ScheduleLibrary.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/KernelStages.h"
#include "sepconv/Schedule/ResolveDirectives.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CHOOSESCHEDULES
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

using Parameters = SmallVector<NamedAttribute>;

/// Tries one schedule on one kernel.
class Trial {
public:
  Trial(schedule::ScheduleOp schedule, Facts facts) : schedule(schedule), facts(std::move(facts)) {}

  /// Whether the schedule fits; an error if one of its expressions has no value.
  FailureOr<bool> run();
  const Parameters &parameters() const { return chosen; }
  /// What directives may name: the facts given and the parameters.
  const Facts &known() const { return facts; }
  /// Why it does not fit.
  std::string reason;

private:
  FailureOr<int64_t> value(Operation *op, StringRef expression);
  FailureOr<bool> choose(schedule::ParamOp param);
  void set(StringRef name, int64_t number);

  schedule::ScheduleOp schedule;
  Facts facts;
  Parameters chosen;
};

FailureOr<int64_t> Trial::value(Operation *op, StringRef expression) {
  std::string problem;
  if (std::optional<int64_t> number = evaluate(expression, facts, problem))
    return *number;
  return op->emitOpError() << problem;
}

void Trial::set(StringRef name, int64_t number) {
  facts[name] = number;
  Builder builder(schedule.getContext());
  chosen.push_back(builder.getNamedAttr(name, builder.getI64IntegerAttr(number)));
}

FailureOr<bool> Trial::choose(schedule::ParamOp param) {
  if (std::optional<StringRef> expression = param.getValue()) {
    FailureOr<int64_t> number = value(param, *expression);
    if (failed(number))
      return failure();
    set(param.getName(), *number);
    return true;
  }
  std::string problem;
  auto candidates = evaluateCandidates(*param.getCandidates(), facts, problem);
  if (!candidates)
    return param.emitOpError() << problem;
  std::optional<std::pair<int64_t, int64_t>> best; // cost, candidate
  for (int64_t candidate : *candidates) {
    facts[param.getName()] = candidate;
    FailureOr<int64_t> feasible = value(param, param.getCondition().value_or("1"));
    if (failed(feasible))
      return failure();
    if (!*feasible)
      continue;
    FailureOr<int64_t> cost = value(param, param.getCost().value_or("0"));
    if (failed(cost))
      return failure();
    if (!best || *cost < best->first)
      best = {*cost, candidate};
  }
  if (!best) {
    reason = ("no candidate of '" + param.getName() + "' is feasible").str();
    return false;
  }
  set(param.getName(), best->second);
  return true;
}

FailureOr<bool> Trial::run() {
  if (std::optional<StringRef> condition = schedule.getCondition()) {
    FailureOr<int64_t> holds = value(schedule, *condition);
    if (failed(holds))
      return failure();
    if (!*holds) {
      reason = ("not " + *condition).str();
      return false;
    }
  }
  for (schedule::ParamOp param : schedule.getParams()) {
    FailureOr<bool> found = choose(param);
    if (failed(found) || !*found)
      return found;
  }
  return true;
}

/// "file.mlir:12" of a schedule.
std::string placeOf(schedule::ScheduleOp schedule) {
  if (auto loc = dyn_cast<FileLineColLoc>(schedule.getLoc()))
    return (loc.getFilename().getValue() + ":" + Twine(loc.getLine())).str();
  return "the module";
}

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

LogicalResult ChooseSchedules::choose(func::FuncOp kernel, const ScheduleLibrary &library) {
  FailureOr<KernelStages> stages = KernelStages::analyze(kernel);
  if (failed(stages))
    return failure();
  Facts facts = kernelFacts(kernel, *stages);
  ArrayRef<StringRef> pattern = stages->pattern();
  std::string rejected;
  for (schedule::ScheduleOp schedule : library.schedules()) {
    if (!llvm::equal(schedule.getPattern().getAsValueRange<StringAttr>(), pattern))
      continue;
    Trial trial(schedule, facts);
    FailureOr<bool> fits = trial.run();
    if (failed(fits))
      return failure();
    if (*fits) {
      if (failed(resolveDirectives(schedule, kernel, *stages, trial.known())))
        return failure();
      auto parameters = DictionaryAttr::get(&getContext(), trial.parameters());
      kernel->setAttr("sepconv.schedule", copyOf(schedule));
      kernel->setAttr("sepconv.parameters", parameters);
      if (remarks)
        kernel.emitRemark() << "schedule @" << schedule.getSymName() << " (" << placeOf(schedule)
                            << ") with " << parameters << rejected;
      return success();
    }
    rejected +=
        ("; not @" + schedule.getSymName() + " (" + placeOf(schedule) + "): " + trial.reason).str();
  }
  if (remarks)
    kernel.emitRemark() << "the default schedule: none is for this pattern" << rejected;
  return success();
}

void ChooseSchedules::runOnOperation() {
  ModuleOp module = getOperation();
  llvm::Expected<TargetDescription> description = loadTarget(target);
  if (!description) {
    module.emitError() << llvm::toString(description.takeError());
    return signalPassFailure();
  }
  FailureOr<ScheduleLibrary> library =
      ScheduleLibrary::load(*description, schedules, &getContext());
  if (failed(library))
    return signalPassFailure();
  description->facts["threads"] = threads == "none" ? 0 : 1;
  Builder builder(&getContext());
  Parameters facts;
  for (const auto &fact : description->facts)
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
