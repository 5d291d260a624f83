//===- Expression.cpp - arithmetic on named integers -----------------------------===//

#include "sepconv/Support/Expression.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::sepconv;

namespace {

// Deeper nesting than anyone writes; the parser recurses.
constexpr unsigned kMaxDepth = 64;
constexpr size_t kMaxCandidates = 4096;

/// Precedence climbing. After the first problem every value is 0 and parsing stops. `skipping`
/// counts the operands around that are parsed but not needed: in them nothing is looked up.
class Parser {
public:
  Parser(StringRef text, const Facts &facts, bool formOnly = false)
      : text(text), rest(text), facts(facts), skipping(formOnly) {}

  int64_t expression(unsigned level = 0);
  SmallVector<int64_t> candidates();
  bool finish();
  std::string problem;

private:
  struct Operator {
    StringRef spelling;
    unsigned level;
  };
  const Operator *peekOperator(unsigned level);
  int64_t apply(StringRef op, int64_t a, int64_t b);
  int64_t quotient(int64_t a, int64_t b, bool up);
  int64_t unary();
  int64_t primary();
  int64_t call(StringRef name);
  int64_t lookup(StringRef name);
  SmallVector<int64_t> arguments(StringRef name, size_t count);
  bool consume(StringRef token);
  void expect(StringRef token);
  int64_t fail(const Twine &message);
  template <typename T> int64_t checked(std::optional<T> value) {
    return value ? *value : skipping ? 0 : fail("the result leaves 64 bits");
  }

  StringRef text, rest;
  const Facts &facts;
  unsigned depth = 0, skipping;
};

int64_t Parser::fail(const Twine &message) {
  if (problem.empty())
    problem =
        (message + " at position " + Twine(text.size() - rest.size() + 1) + " of '" + text + "'")
            .str();
  rest = "";
  return 0;
}

bool Parser::consume(StringRef token) {
  rest = rest.ltrim();
  return rest.consume_front(token);
}

void Parser::expect(StringRef token) {
  if (!consume(token))
    fail("expected '" + token + "'");
}

bool Parser::finish() {
  if (problem.empty() && !rest.trim().empty())
    fail("unexpected text");
  return problem.empty();
}

const Parser::Operator *Parser::peekOperator(unsigned level) {
  // Longer spellings before their prefixes.
  static const Operator operators[] = {{"||", 0}, {"&&", 1}, {"==", 2}, {"!=", 2}, {"<=", 3},
                                       {">=", 3}, {"<", 3},  {">", 3},  {"+", 4},  {"-", 4},
                                       {"*", 5},  {"/", 5},  {"%", 5}};
  rest = rest.ltrim();
  for (const Operator &op : operators)
    if (rest.starts_with(op.spelling))
      return op.level >= level ? &op : nullptr;
  return nullptr;
}

int64_t Parser::quotient(int64_t a, int64_t b, bool up) {
  if (b == 0)
    return skipping ? 0 : fail("division by zero");
  if (b == -1)
    return checked(llvm::checkedSub<int64_t>(0, a));
  int64_t q = a / b;
  bool inexact = q * b != a, negative = (a < 0) != (b < 0);
  return q + (inexact && up && !negative) - (inexact && !up && negative);
}

int64_t Parser::apply(StringRef op, int64_t a, int64_t b) {
  if (op == "+")
    return checked(llvm::checkedAdd(a, b));
  if (op == "-")
    return checked(llvm::checkedSub(a, b));
  if (op == "*")
    return checked(llvm::checkedMul(a, b));
  if (op == "/")
    return quotient(a, b, /*up=*/false);
  if (op == "%")
    return b == -1 ? 0 : a - quotient(a, b, /*up=*/false) * b;
  if (op == "==")
    return a == b;
  if (op == "!=")
    return a != b;
  if (op == "<")
    return a < b;
  if (op == "<=")
    return a <= b;
  if (op == ">")
    return a > b;
  if (op == ">=")
    return a >= b;
  return op == "&&" ? a && b : a || b;
}

int64_t Parser::expression(unsigned level) {
  if (++depth > kMaxDepth)
    return fail("nested too deeply");
  int64_t value = unary();
  while (const Operator *op = peekOperator(level)) {
    rest = rest.drop_front(op->spelling.size());
    bool decided = (op->spelling == "&&" && !value) || (op->spelling == "||" && value);
    skipping += decided;
    int64_t rhs = expression(op->level + 1);
    skipping -= decided;
    value = apply(op->spelling, value, rhs);
  }
  --depth;
  return value;
}

int64_t Parser::unary() {
  bool negate = false, invert = false, any = false;
  if (consume("-"))
    negate = any = true;
  else if (!rest.starts_with("!=") && consume("!"))
    invert = any = true;
  if (!any)
    return primary();
  if (++depth > kMaxDepth)
    return fail("nested too deeply");
  int64_t value = unary();
  --depth;
  return negate ? checked(llvm::checkedSub<int64_t>(0, value)) : invert ? !value : value;
}

int64_t Parser::primary() {
  if (consume("(")) {
    int64_t value = expression();
    expect(")");
    return value;
  }
  StringRef word = rest.take_while([](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
  if (word.empty())
    return fail("expected a number or a name");
  if (llvm::isDigit(word.front())) {
    int64_t value;
    if (word.getAsInteger(10, value))
      return fail("'" + word + "' is not an integer of 64 bits");
    rest = rest.drop_front(word.size());
    return value;
  }
  StringRef after = rest.drop_front(word.size()).ltrim();
  if (after.starts_with("(")) {
    rest = after.drop_front();
    return call(word);
  }
  int64_t value = lookup(word);
  if (problem.empty())
    rest = rest.drop_front(word.size());
  return value;
}

int64_t Parser::lookup(StringRef name) {
  auto it = facts.find(name);
  if (it != facts.end())
    return it->second;
  if (skipping)
    return 0;
  SmallVector<StringRef> known(facts.keys());
  llvm::sort(known);
  return fail("unknown name '" + name + "'; there are " + llvm::join(known, ", "));
}

SmallVector<int64_t> Parser::arguments(StringRef name, size_t count) {
  SmallVector<int64_t> values;
  do
    values.push_back(expression());
  while (problem.empty() && consume(","));
  expect(")");
  if (values.size() != count) {
    fail(name + " takes " + Twine(count) + " arguments, got " + Twine(values.size()));
    values.resize(count);
  }
  return values;
}

int64_t Parser::call(StringRef name) {
  if (name == "select") {
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
  if (name == "abs") {
    int64_t value = arguments(name, 1)[0];
    return value < 0 ? checked(llvm::checkedSub<int64_t>(0, value)) : value;
  }
  if (name != "min" && name != "max" && name != "ceil")
    return fail("unknown function '" + name + "'; there are min, max, ceil, abs, select");
  SmallVector<int64_t> values = arguments(name, 2);
  if (!problem.empty())
    return 0;
  if (name == "ceil")
    return quotient(values[0], values[1], /*up=*/true);
  return name == "min" ? std::min(values[0], values[1]) : std::max(values[0], values[1]);
}

SmallVector<int64_t> Parser::candidates() {
  SmallVector<int64_t> values;
  if (consume("[")) {
    do
      values.push_back(expression());
    while (problem.empty() && values.size() < kMaxCandidates && consume(","));
    expect("]");
  } else if (consume("divisors(")) {
    int64_t number = arguments("divisors", 1)[0];
    for (int64_t i = 1; i <= std::min<int64_t>(number, kMaxCandidates); ++i)
      if (number % i == 0)
        values.push_back(i);
  } else if (consume("range(")) {
    SmallVector<int64_t> bounds = arguments("range", 2);
    for (int64_t i = bounds[0]; i <= bounds[1] && values.size() < kMaxCandidates; ++i)
      values.push_back(i);
  } else {
    fail("expected '[', 'divisors(' or 'range('");
  }
  return values;
}

} // namespace

std::optional<int64_t> sepconv::evaluate(StringRef expression, const Facts &facts,
                                         std::string &problem) {
  Parser parser(expression, facts);
  int64_t value = parser.expression();
  if (parser.finish())
    return value;
  problem = parser.problem;
  return std::nullopt;
}

std::optional<SmallVector<int64_t>>
sepconv::evaluateCandidates(StringRef candidates, const Facts &facts, std::string &problem) {
  Parser parser(candidates, facts);
  SmallVector<int64_t> values = parser.candidates();
  if (parser.finish())
    return values;
  problem = parser.problem;
  return std::nullopt;
}

std::string sepconv::checkExpression(StringRef expression) {
  Facts none;
  Parser parser(expression, none, /*formOnly=*/true);
  parser.expression();
  parser.finish();
  return parser.problem;
}

std::string sepconv::checkCandidates(StringRef candidates) {
  Facts none;
  Parser parser(candidates, none, /*formOnly=*/true);
  parser.candidates();
  parser.finish();
  return parser.problem;
}
