//===- Trial.h - one schedule tried on one kernel --------------------------------===//
#pragma once

#include "CandidateSearch.h"

namespace mlir::sepconv {

/// Gives values to a schedule's parameters, in the order in which they stand.
class Trial {
public:
  /// A search with its feasible candidates, and the one that is taken: the first of least cost.
  struct Choice {
    schedule::SearchOp search;
    std::vector<Candidate> candidates;
    size_t taken;
  };

  /// Searches take the values of `choice`, if that is not null.
  Trial(schedule::ScheduleOp schedule, Facts facts, schedule::ChooseOp choice = {})
      : schedule(schedule), choice(choice), facts(std::move(facts)) {}

  /// Whether the schedule fits; an error if one of its expressions has no value. Of the search of
  /// this number, another candidate is taken.
  FailureOr<bool> run(std::optional<size_t> search = std::nullopt, size_t candidate = 0);

  /// Why it does not fit.
  StringRef reason() const { return whyNot; }
  /// Names and values.
  ArrayRef<NamedAttribute> parameters() const { return chosen; }
  ArrayRef<Choice> choices() const { return made; }
  /// What directives may name: the facts given and the parameters.
  const Facts &known() const { return facts; }

private:
  FailureOr<int64_t> value(Operation *op, StringRef expression);
  FailureOr<bool> require(Operation *op, StringRef condition);
  FailureOr<bool> choose(schedule::SearchOp search, std::optional<size_t> candidate);
  bool isChosen(schedule::SearchOp search, const Candidate &candidate);
  void set(StringRef name, int64_t number);

  schedule::ScheduleOp schedule;
  schedule::ChooseOp choice;
  Facts facts;
  SmallVector<NamedAttribute> chosen;
  std::vector<Choice> made;
  std::string whyNot;
};

} // namespace mlir::sepconv
