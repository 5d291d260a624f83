//===- Benchmark.h - how long a compiled model takes -----------------------------===//
#pragma once

#include "sepconv/Run/Product.h"

#include "llvm/Support/raw_ostream.h"

namespace mlir::sepconv {

/// Numbers between `least` and 1 for each input or weight, the same ones every time; one image of
/// the greatest sizes where they are unknown.
std::vector<Array> randomArrays(ArrayRef<Port> ports, const Product &product, double least);

/// Runs a bound product for so many seconds, after a tenth of it that does not count, and prints
/// the 5th percentile, the median and the number of runs.
llvm::Error benchmark(Product &product, double seconds, llvm::raw_ostream &stream);

} // namespace mlir::sepconv
