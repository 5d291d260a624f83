//===- SelfTest.h - what NAME_selftest keeps where --------------------------------===//
//
// The test fills inputs, and weights that are arguments, by a formula, runs NAME_run, and compares
// sums of the outputs' elements with those that a reference gave when the product was made.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/Product/ModelInterface.h"

namespace mlir::sepconv {

/// The functions of a module that fill the test's memory, and say whether the outputs in it are
/// right.
inline constexpr llvm::StringLiteral kFillTest = "sepconv.selftest_fill",
                                     kCheckTest = "sepconv.selftest_check";

/// The constant that the check compares with, in f64: of each output its sums, then the error that
/// is allowed of one. Until a reference has run it is 0.
inline constexpr llvm::StringLiteral kTestResults = "sepconv.selftest_results";

/// The attribute of a weight: the largest magnitude of what the test sets it to; without one, it is
/// near 1.
inline constexpr llvm::StringLiteral kTestScale = "sepconv.test_scale";

/// Element i belongs to sum i modulo this number. It is a prime, so that elements that differ by a
/// row, a channel or a tile are in different sums.
inline constexpr int64_t kMostTestSums = 251;

/// Where the test has what NAME_run takes, of the least sizes and one image; in bytes.
struct SelfTestLayout {
  struct Tensor {
    int64_t offset, elements, bytes;
    int64_t sums() const { return std::min(elements, kMostTestSums); }
  };
  std::vector<Tensor> inputs, outputs, weights;
  int64_t members = 0;   // the structure of weights
  int64_t workspace = 0; // in which the check leaves each output's sums and largest magnitude
  int64_t bytes = 0;     // of all

  static SelfTestLayout get(const ModelInterface &model);
  /// The numbers that the check leaves, and compares with.
  int64_t results() const;
};

/// What the check is to compare with, of what it left when a reference had run.
std::vector<double> testResults(const ModelInterface &model, ArrayRef<double> left);

} // namespace mlir::sepconv
