//===- Expression.cpp - the functions and the candidates of schedules ------------===//

#include "ExpressionParser.h"

#include "llvm/Support/CheckedArithmetic.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::sepconv;

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// At least `least` and at most `most` values, whatever is there.
SmallVector<int64_t> ExpressionParser::arguments(StringRef name, size_t least, size_t most) {
  SmallVector<int64_t> values;
  do
    values.push_back(expression());
  while (problem.empty() && consume(","));
  expect(")");
  if (values.size() < least || values.size() > most) {
    fail(name + " takes " + Twine(least) + (least == most ? "" : " or " + Twine(most)) +
         " arguments, got " + Twine(values.size()));
    values.resize(least);
  }
  return values;
}

/// Only one of the values is needed.
int64_t ExpressionParser::select() {
  int64_t condition = expression();
  expect(",");
  skipping += !condition;
  int64_t whenTrue = expression();
  skipping -= !condition;
  expect(",");
  skipping += condition != 0;
  int64_t whenFalse = expression();
  skipping -= condition != 0;
  expect(")");
  return condition ? whenTrue : whenFalse;
}

int64_t ExpressionParser::call(StringRef name) {
  if (name == "select")
    return select();
  if (name == "abs") {
    int64_t value = arguments(name, 1, 1)[0];
    return value < 0 ? checked(llvm::checkedSub<int64_t>(0, value)) : value;
  }
  if (name == "ceil") {
    SmallVector<int64_t> values = arguments(name, 2, 2);
    return problem.empty() ? quotient(values[0], values[1], /*up=*/true) : 0;
  }
  if (name != "min" && name != "max")
    return fail("unknown function '" + name + "', expected one of min, max, ceil, abs, select");
  SmallVector<int64_t> values = arguments(name, 1, text.size());
  return name == "min" ? *llvm::min_element(values) : *llvm::max_element(values);
}

//===----------------------------------------------------------------------===//
// Candidates
//===----------------------------------------------------------------------===//

SmallVector<int64_t> ExpressionParser::tooMany(const Twine &what) {
  fail(what + " are more than " + Twine(kMaxCandidates) + " candidates");
  return {};
}

SmallVector<int64_t> ExpressionParser::list() {
  SmallVector<int64_t> values;
  do
    values.push_back(expression());
  while (problem.empty() && consume(","));
  expect("]");
  return values.size() > kMaxCandidates ? tooMany(Twine(values.size()) + " numbers") : values;
}

/// divisors(n), or only those up to a greatest one.
SmallVector<int64_t> ExpressionParser::divisors() {
  SmallVector<int64_t> bounds = arguments("divisors", 1, 2), values;
  int64_t greatest = std::min(bounds[0], bounds.back());
  if (greatest > int64_t(kMaxCandidates))
    return tooMany("the numbers from 1 to " + Twine(greatest));
  for (int64_t i = 1; i <= greatest; ++i)
    if (bounds[0] % i == 0)
      values.push_back(i);
  return values;
}

SmallVector<int64_t> ExpressionParser::range() {
  SmallVector<int64_t> bounds = arguments("range", 2, 2), values;
  std::optional<int64_t> length = llvm::checkedSub(bounds[1], bounds[0]);
  if (bounds[0] <= bounds[1] && (!length || *length >= int64_t(kMaxCandidates)))
    return tooMany("the numbers from " + Twine(bounds[0]) + " to " + Twine(bounds[1]));
  for (int64_t i = bounds[0]; i <= bounds[1]; ++i)
    values.push_back(i);
  return values;
}

SmallVector<int64_t> ExpressionParser::candidates() {
  if (consume("["))
    return list();
  if (consume("divisors("))
    return divisors();
  if (consume("range("))
    return range();
  fail("expected '[', 'divisors(' or 'range('");
  return {};
}

//===----------------------------------------------------------------------===//
// What others call
//===----------------------------------------------------------------------===//

std::optional<int64_t> sepconv::evaluate(StringRef expression, const Facts &facts,
                                         std::string &problem) {
  ExpressionParser parser(expression, facts);
  int64_t value = parser.expression();
  if (parser.finish())
    return value;
  problem = parser.problem;
  return std::nullopt;
}

std::optional<SmallVector<int64_t>>
sepconv::evaluateCandidates(StringRef candidates, const Facts &facts, std::string &problem) {
  ExpressionParser parser(candidates, facts);
  SmallVector<int64_t> values = parser.candidates();
  if (parser.finish())
    return values;
  problem = parser.problem;
  return std::nullopt;
}

std::string sepconv::checkExpression(StringRef expression) {
  Facts none;
  ExpressionParser parser(expression, none, /*formOnly=*/true);
  parser.expression();
  parser.finish();
  return parser.problem;
}

std::string sepconv::checkCandidates(StringRef candidates) {
  Facts none;
  ExpressionParser parser(candidates, none, /*formOnly=*/true);
  parser.candidates();
  parser.finish();
  return parser.problem;
}
