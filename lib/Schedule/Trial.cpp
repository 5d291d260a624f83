//===- Trial.cpp - one schedule tried on one kernel ------------------------------===//

#include "Trial.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

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

FailureOr<bool> Trial::require(Operation *op, StringRef condition) {
  FailureOr<int64_t> holds = value(op, condition);
  if (failed(holds))
    return failure();
  if (!*holds)
    whyNot = ("not `" + condition + "`").str();
  return *holds != 0;
}

/// Whether a candidate has the values that the choice names.
bool Trial::isChosen(schedule::SearchOp search, const Candidate &candidate) {
  return llvm::all_of_zip(search.getNames().getAsValueRange<StringAttr>(), candidate.values,
                          [&](StringRef name, int64_t value) {
                            auto wanted = choice ? choice.getParameters().getAs<IntegerAttr>(name)
                                                 : IntegerAttr();
                            return !wanted || wanted.getInt() == value;
                          });
}

FailureOr<bool> Trial::choose(schedule::SearchOp search, std::optional<size_t> candidate) {
  CandidateSearch candidates(search, facts);
  FailureOr<std::vector<Candidate>> feasible = candidates.run();
  if (failed(feasible))
    return failure();
  if (feasible->empty()) {
    whyNot = candidates.reason();
    return false;
  }
  llvm::erase_if(*feasible,
                 [&](const Candidate &candidate) { return !isChosen(search, candidate); });
  if (feasible->empty())
    return choice.emitOpError("S19: no feasible candidate of @")
           << schedule.getSymName() << " has these values of "
           << llvm::join(search.getNames().getAsValueRange<StringAttr>(), ", ");
  auto cheaper = [](const Candidate &a, const Candidate &b) { return a.cost < b.cost; };
  size_t least = llvm::min_element(*feasible, cheaper) - feasible->begin();
  made.push_back({search, std::move(*feasible), candidate.value_or(least)});
  const Candidate &taken = made.back().candidates[made.back().taken];
  for (auto [name, number] :
       llvm::zip_equal(search.getNames().getAsValueRange<StringAttr>(), taken.values))
    set(name, number);
  return true;
}

FailureOr<bool> Trial::run(std::optional<size_t> search, size_t candidate) {
  FailureOr<bool> fits = true;
  if (std::optional<StringRef> condition = schedule.getCondition())
    fits = require(schedule, *condition);
  for (Operation &op : schedule.getBody().front()) {
    if (failed(fits) || !*fits)
      return fits;
    if (auto param = dyn_cast<schedule::ParamOp>(op)) {
      FailureOr<int64_t> number = value(param, param.getValue());
      if (failed(number))
        return failure();
      set(param.getName(), *number);
    } else if (auto condition = dyn_cast<schedule::RequireOp>(op)) {
      fits = require(condition, condition.getExpression());
    } else if (auto searchOp = dyn_cast<schedule::SearchOp>(op)) {
      bool departs = search == made.size();
      fits = choose(searchOp, departs ? std::optional<size_t>(candidate) : std::nullopt);
    }
  }
  return fits;
}
