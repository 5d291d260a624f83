//===- ExpressionParser.h - reads an expression and computes it ------------------===//
#pragma once

#include "sepconv/Support/Expression.h"

namespace mlir::sepconv {

/// Precedence climbing. After the first problem every value is 0 and parsing stops. `skipping`
/// counts the operands around that are parsed but not needed: in them nothing is looked up.
class ExpressionParser {
public:
  ExpressionParser(StringRef text, const Facts &facts, bool formOnly = false)
      : text(text), rest(text), facts(facts), skipping(formOnly) {}

  int64_t expression(unsigned level = 0);
  SmallVector<int64_t> candidates();
  /// Whether all of the text was read without a problem.
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
  int64_t lookup(StringRef name);
  bool consume(StringRef token);
  void expect(StringRef token);
  int64_t fail(const Twine &message);
  template <typename T> int64_t checked(std::optional<T> value) {
    return value ? *value : skipping ? 0 : fail("the result does not fit into 64 bits");
  }

  // Functions and lists of candidates.
  int64_t call(StringRef name);
  int64_t select();
  SmallVector<int64_t> arguments(StringRef name, size_t least, size_t most);
  SmallVector<int64_t> list();
  SmallVector<int64_t> divisors();
  SmallVector<int64_t> range();
  SmallVector<int64_t> tooMany(const Twine &what);

  StringRef text, rest;
  const Facts &facts;
  unsigned depth = 0, skipping;
};

} // namespace mlir::sepconv
