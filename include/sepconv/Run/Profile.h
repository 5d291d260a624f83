//===- Profile.h - how long each call of a kernel takes --------------------------===//
#pragma once

#include "sepconv/Run/Product.h"

namespace mlir::sepconv {

/// Runs a bound product for so many seconds, after a tenth of it that does not count, and prints
/// the 5th percentile of each call of a kernel: as a table, or as JSON, the product's description,
/// in which each of "calls" has "seconds" and "multiply_adds" (of all images; 0 where sizes are
/// dynamic), and all of them "seconds" and "runs". Also writes that as a page, if one is named. An
/// error if the product was compiled without --with=profile.
llvm::Error profileKernels(Product &product, double seconds, bool json, StringRef page,
                           llvm::raw_ostream &stream);

} // namespace mlir::sepconv
