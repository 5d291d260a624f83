//===- ExpressionParser.cpp - operators, numbers and names of expressions --------===//

#include "ExpressionParser.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace mlir::sepconv;

// Deeper nesting than anyone writes; the parser recurses.
static constexpr unsigned kMaxDepth = 64;

int64_t ExpressionParser::fail(const Twine &message) {
  if (problem.empty())
    problem =
        (message + " at position " + Twine(text.size() - rest.size() + 1) + " of '" + text + "'")
            .str();
  rest = "";
  return 0;
}

bool ExpressionParser::consume(StringRef token) {
  rest = rest.ltrim();
  return rest.consume_front(token);
}

void ExpressionParser::expect(StringRef token) {
  if (!consume(token))
    fail("expected '" + token + "'");
}

bool ExpressionParser::finish() {
  if (problem.empty() && !rest.trim().empty())
    fail("unexpected text");
  return problem.empty();
}

const ExpressionParser::Operator *ExpressionParser::peekOperator(unsigned level) {
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

int64_t ExpressionParser::quotient(int64_t a, int64_t b, bool up) {
  if (b == 0)
    return skipping ? 0 : fail("division by zero");
  if (b == -1)
    return checked(llvm::checkedSub<int64_t>(0, a));
  int64_t q = a / b;
  bool inexact = q * b != a, negative = (a < 0) != (b < 0);
  return q + (inexact && up && !negative) - (inexact && !up && negative);
}

int64_t ExpressionParser::apply(StringRef op, int64_t a, int64_t b) {
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

int64_t ExpressionParser::expression(unsigned level) {
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

int64_t ExpressionParser::unary() {
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

int64_t ExpressionParser::primary() {
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
      return fail("'" + word + "' is not a 64-bit integer");
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

int64_t ExpressionParser::lookup(StringRef name) {
  auto it = facts.find(name);
  if (it != facts.end())
    return it->second;
  if (skipping)
    return 0;
  SmallVector<StringRef> known(facts.keys());
  llvm::sort(known);
  return fail("unknown name '" + name + "', expected one of " + llvm::join(known, ", "));
}
