//===- SelfTest.h - a test of a product that programs can call -------------------===//
#pragma once

#include "sepconv/Run/Product.h"

namespace mlir::sepconv {

/// The text of NAME_selftest.c: a function NAME_selftest that runs the product on the inputs of the
/// last run and compares the outputs with what they are expected to be, as `compare` does. An error
/// if C has no type for an output's elements, or the weights are arguments.
llvm::Expected<std::string> makeSelfTest(const Product &product, ArrayRef<Array> expected,
                                         double tolerance);

} // namespace mlir::sepconv
