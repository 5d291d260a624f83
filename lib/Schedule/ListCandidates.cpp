//===- ListCandidates.cpp - list what each kernel could have ---------------------===//

#include "ScheduleLibrary.h"
#include "Trial.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/KernelStages.h"
#include "sepconv/Schedule/ScheduleChoice.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/JSON.h"

#include <map>

namespace mlir::sepconv {
#define GEN_PASS_DEF_LISTCANDIDATES
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// One line: a JSON object. `search` is the one that has taken another candidate.
void print(func::FuncOp kernel, schedule::ScheduleOp schedule, const Trial &trial,
           schedule::SearchOp search = {}) {
  llvm::json::OStream json(llvm::outs());
  json.object([&] {
    json.attribute("kernel", kernel.getSymName());
    json.attribute("schedule", schedule.getSymName());
    json.attribute("at", placeOf(schedule.getLoc()));
    json.attributeArray("costs", [&] {
      for (const Trial::Choice &choice : trial.choices())
        json.value(choice.candidates[choice.taken].cost);
    });
    json.attributeObject("parameters", [&] {
      for (NamedAttribute parameter : trial.parameters())
        json.attribute(parameter.getName(), cast<IntegerAttr>(parameter.getValue()).getInt());
    });
    if (search)
      json.attributeArray("searched", [&] {
        for (StringRef name : search.getNames().getAsValueRange<StringAttr>())
          json.value(name);
      });
  });
  llvm::outs() << "\n";
}

/// What is known of a kernel, in the order of the names: by it a choice can name this kernel.
void printFacts(func::FuncOp kernel, const Facts &facts, const Facts &machine) {
  std::map<StringRef, int64_t> own;
  for (const auto &fact : facts)
    if (!machine.contains(fact.first()))
      own.emplace(fact.first(), fact.second);
  llvm::json::OStream json(llvm::outs());
  json.object([&] {
    json.attribute("kernel", kernel.getSymName());
    json.attributeObject("facts", [&] {
      for (auto [name, value] : own)
        json.attribute(name, value);
    });
  });
  llvm::outs() << "\n";
}

/// What is taken, then what is with another candidate of each search in turn.
LogicalResult listSchedule(func::FuncOp kernel, schedule::ScheduleOp schedule, const Facts &facts) {
  Trial taken(schedule, facts);
  FailureOr<bool> fits = taken.run();
  if (failed(fits) || !*fits)
    return failure(failed(fits));
  print(kernel, schedule, taken);
  for (auto [search, choice] : llvm::enumerate(taken.choices()))
    for (size_t candidate = 0; candidate < choice.candidates.size(); ++candidate) {
      if (candidate == choice.taken)
        continue;
      Trial other(schedule, facts);
      fits = other.run(search, candidate);
      if (failed(fits))
        return failure();
      if (*fits)
        print(kernel, schedule, other, choice.search);
    }
  return success();
}

struct ListCandidates : sepconv::impl::ListCandidatesBase<ListCandidates> {
  using ListCandidatesBase::ListCandidatesBase;

  void runOnOperation() override {
    markAllAnalysesPreserved();
    FailureOr<ScheduleLibrary> library =
        ScheduleLibrary::load(getOperation(), target, schedules, threads);
    if (failed(library))
      return signalPassFailure();
    for (auto kernel : getOperation().getOps<func::FuncOp>())
      if (kernel->hasAttr("sepconv.pattern") && !kernel.isExternal() && kernel.getNumResults() &&
          failed(list(kernel, *library)))
        return signalPassFailure();
  }

  static LogicalResult list(func::FuncOp kernel, const ScheduleLibrary &library) {
    FailureOr<KernelStages> stages = KernelStages::analyze(kernel);
    if (failed(stages))
      return failure();
    Facts facts = kernelFacts(kernel, *stages);
    for (const auto &fact : library.facts())
      facts[fact.first()] = fact.second;
    printFacts(kernel, facts, library.facts());
    for (schedule::ScheduleOp schedule : library.schedules(stages->pattern()))
      if (failed(listSchedule(kernel, schedule, facts)))
        return failure();
    return success();
  }
};

} // namespace
