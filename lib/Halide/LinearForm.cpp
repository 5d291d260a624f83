//===- LinearForm.cpp - index expressions as sums of multiples -------------------===//

#include "LinearForm.h"

#include <sstream>

using namespace mlir::sepconv;
using Halide::Expr;
namespace HI = Halide::Internal;

LinearForm &LinearForm::add(const LinearForm &other, int64_t factor) {
  constant += factor * other.constant;
  for (const auto &[name, multiple] : other.factors)
    if (!(factors[name] += factor * multiple))
      factors.erase(name);
  return *this;
}

void LinearForm::removeMultipleOf(const LinearForm &zero) {
  if (zero.factors.empty())
    return;
  const auto &[name, multiple] = *zero.factors.begin();
  auto own = factors.find(name);
  if (own != factors.end() && own->second % multiple == 0)
    add(zero, -(own->second / multiple));
}

std::string LinearForm::text() const {
  std::string text = std::to_string(constant);
  for (const auto &[name, multiple] : factors)
    text += "+" + std::to_string(multiple) + "*" + name;
  return text;
}

static LinearForm atom(const std::string &text) {
  LinearForm form;
  form.factors[text] = 1;
  return form;
}

/// The quotient, rounded down as Halide does; of what is not a multiple it is an atom.
static LinearForm divide(const LinearForm &dividend, int64_t divisor) {
  LinearForm quotient;
  bool isWhole = dividend.constant % divisor == 0;
  quotient.constant = dividend.constant / divisor;
  for (const auto &[name, multiple] : dividend.factors) {
    isWhole &= multiple % divisor == 0;
    quotient.factors[name] = multiple / divisor;
  }
  return isWhole ? quotient : atom("(" + dividend.text() + ")/" + std::to_string(divisor));
}

LinearForm::LinearForm(const Expr &expr) : constant(0) {
  if (std::optional<int64_t> number = HI::as_const_int(expr)) {
    constant = *number;
  } else if (const auto *sum = expr.as<HI::Add>()) {
    add(LinearForm(sum->a), 1).add(LinearForm(sum->b), 1);
  } else if (const auto *difference = expr.as<HI::Sub>()) {
    add(LinearForm(difference->a), 1).add(LinearForm(difference->b), -1);
  } else if (const auto *product = expr.as<HI::Mul>();
             product && HI::as_const_int(product->b)) { // Halide puts constants there
    add(LinearForm(product->a), *HI::as_const_int(product->b));
  } else if (const auto *quotient = expr.as<HI::Div>();
             quotient && HI::as_const_int(quotient->b).value_or(0) > 0) {
    *this = divide(LinearForm(quotient->a), *HI::as_const_int(quotient->b));
  } else if (const auto *rest = expr.as<HI::Mod>();
             rest && HI::as_const_int(rest->b).value_or(0) > 0) {
    int64_t divisor = *HI::as_const_int(rest->b);
    *this = LinearForm(rest->a);
    add(divide(*this, divisor), -divisor);
  } else {
    std::ostringstream text;
    text << expr;
    *this = atom(text.str());
  }
}
