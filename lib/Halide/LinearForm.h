//===- LinearForm.h - index expressions as sums of multiples ---------------------===//
#pragma once

#include <Halide.h>

#include <map>

namespace mlir::sepconv {

/// An integer as a constant and multiples of what is not linear. Two expressions that differ by a
/// constant have the same multiples, which Halide's simplifier does not always find:
/// (t / 3 - q) * 3 + q * 3 + t % 3 is t.
struct LinearForm {
  LinearForm(int64_t constant = 0) : constant(constant) {}
  explicit LinearForm(const Halide::Expr &expr);

  int64_t constant;
  std::map<std::string, int64_t> factors; // by the text of what is multiplied; none is 0

  LinearForm &add(const LinearForm &other, int64_t factor);
  /// Of a form that is zero, as much as leaves out what it begins with.
  void removeMultipleOf(const LinearForm &zero);
  std::string text() const;
};

} // namespace mlir::sepconv
