//===- CandidateSearch.cpp - what the parameters of a search can be --------------===//

#include "CandidateSearch.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

static constexpr size_t kMaxCharacters = 1 << 25;

/// Long expressions for many candidates take minutes; those of our schedules are 2 million
/// characters at most.
LogicalResult CandidateSearch::spend(size_t characters) {
  numCharacters += characters;
  if (numCharacters <= kMaxCharacters)
    return success();
  return search.emitOpError() << "S14: evaluates more than " << kMaxCharacters
                              << " characters of expressions; it must have fewer candidates or "
                                 "shorter expressions";
}

FailureOr<int64_t> CandidateSearch::value(Operation *op, StringRef expression) {
  std::string problem;
  if (failed(spend(expression.size())))
    return failure();
  if (std::optional<int64_t> number = evaluate(expression, facts, problem))
    return *number;
  return op->emitOpError() << problem;
}

/// Goes through the body until a requirement fails.
LogicalResult CandidateSearch::tryCandidate() {
  if (++numTried > kMaxCandidates)
    return search.emitOpError() << "has more than " << kMaxCandidates << " candidates";
  int64_t cost = 0;
  for (Operation &op : search.getBody().front()) {
    FailureOr<int64_t> number = value(&op, op.getAttrOfType<StringAttr>("expression"));
    if (failed(number))
      return failure();
    if (auto let = dyn_cast<schedule::LetOp>(op)) {
      facts[let.getName()] = *number;
    } else if (isa<schedule::MinimizeOp>(op)) {
      cost = *number;
    } else if (!*number) {
      auto require = cast<schedule::RequireOp>(op);
      if (!failing || failing->isBeforeInBlock(require)) {
        failing = require;
        numFailing = 0;
      }
      numFailing += failing == require;
      return success();
    }
  }
  feasible.push_back({values, cost});
  return success();
}

LogicalResult CandidateSearch::enumerate() {
  size_t index = values.size();
  if (index == search.getNames().size())
    return tryCandidate();
  StringRef name = cast<StringAttr>(search.getNames()[index]).getValue();
  StringRef list = cast<StringAttr>(search.getCandidates()[index]).getValue();
  std::string problem;
  std::optional<SmallVector<int64_t>> candidates = evaluateCandidates(list, facts, problem);
  if (!candidates)
    return search.emitOpError() << problem;
  if (failed(spend(list.size() + 8 * candidates->size())))
    return failure();
  if (candidates->empty())
    emptyList = list;
  for (int64_t candidate : *candidates) {
    facts[name] = candidate;
    values.push_back(candidate);
    if (failed(enumerate()))
      return failure();
    values.pop_back();
  }
  return success();
}

FailureOr<std::vector<Candidate>> CandidateSearch::run() {
  if (failed(enumerate()))
    return failure();
  return std::move(feasible);
}

std::string CandidateSearch::reason() {
  std::string names = llvm::join(search.getNames().getAsValueRange<StringAttr>(), ", ");
  if (!failing)
    return ("no candidate of (" + names + ") in `" + emptyList + "`").str();
  std::string text = ("no (" + names + ") with `" + failing.getExpression() + "`").str();
  if (numFailing < numTried)
    text += " among the " + std::to_string(numFailing) + " of " + std::to_string(numTried) +
            " that meet what is required before it";
  return text;
}
