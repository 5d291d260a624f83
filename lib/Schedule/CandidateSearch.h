//===- CandidateSearch.h - what the parameters of a search can be ----------------===//
#pragma once

#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Support/Expression.h"

namespace mlir::sepconv {

/// Values for the parameters of a search, in their order, and what they cost.
struct Candidate {
  SmallVector<int64_t> values;
  int64_t cost;
};

/// Evaluates the body of a schedule.search for one candidate after the other: in lexicographic
/// order, the last parameter first to change. The candidates of a parameter may depend on the
/// parameters before it.
class CandidateSearch {
public:
  CandidateSearch(schedule::SearchOp search, const Facts &facts) : search(search), facts(facts) {}

  /// The feasible candidates, in order; an error if an expression has no value.
  FailureOr<std::vector<Candidate>> run();
  /// Why there are none: what is required of a candidate that none meets.
  std::string reason();

private:
  LogicalResult enumerate();
  LogicalResult tryCandidate();
  LogicalResult spend(size_t characters);
  FailureOr<int64_t> value(Operation *op, StringRef expression);

  schedule::SearchOp search;
  Facts facts; // with the parameters and the named values of the candidate that is tried
  SmallVector<int64_t> values;
  std::vector<Candidate> feasible;
  size_t numTried = 0, numCharacters = 0;
  StringRef emptyList;
  /// The requirement that the last candidates fail, in the order of the body, and how many they
  /// are.
  schedule::RequireOp failing;
  size_t numFailing = 0;
};

} // namespace mlir::sepconv
