//===- Expression.h - arithmetic on named integers -------------------------------===//
//
// What schedules compute with, and the sizes that a product says of itself.
// Integers of 64 bits, names of facts (letters, digits, '_' and '.'), + - * / % (rounded towards
// minus infinity), comparisons and && || ! (1 or 0), parentheses, and the functions min(a, ...),
// max(a, ...), ceil(a, b) (the quotient rounded up), abs(a), select(condition, a, b). Candidates
// are
// "[a, b, ...]", "divisors(a)", "divisors(a, greatest)" or "range(first, last)".
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/StringMap.h"

#include <optional>
#include <string>

namespace mlir::sepconv {

/// What expressions may name.
using Facts = llvm::StringMap<int64_t>;

/// A fact that may be missing.
inline std::optional<int64_t> factOf(const Facts &facts, StringRef name) {
  auto it = facts.find(name);
  return it == facts.end() ? std::nullopt : std::optional(it->second);
}

/// The value of an expression; nothing, with `problem` saying what is wrong and where, if it cannot
/// be parsed, names an unknown fact, divides by zero or leaves 64 bits. What && || and select do
/// not need is parsed and may name what is not there.
std::optional<int64_t> evaluate(StringRef expression, const Facts &facts, std::string &problem);

/// More candidates are an error: of one list, and of the lists of a search together.
constexpr size_t kMaxCandidates = 4096;

/// The values of a list of candidates.
std::optional<SmallVector<int64_t>> evaluateCandidates(StringRef candidates, const Facts &facts,
                                                       std::string &problem);

/// What is wrong with the form of an expression, or of a list of candidates, whatever the names in
/// it stand for; empty if nothing is.
std::string checkExpression(StringRef expression);
std::string checkCandidates(StringRef candidates);

} // namespace mlir::sepconv
