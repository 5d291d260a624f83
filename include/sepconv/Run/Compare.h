//===- Compare.h - whether a result is what was expected -------------------------===//
#pragma once

#include "sepconv/Run/Npy.h"

#include "llvm/Support/raw_ostream.h"

namespace mlir::sepconv {

/// Prints the largest error of a result, absolute and relative to the largest magnitude of the
/// reference, which may have more precise elements. An error if the shapes differ, the relative
/// error exceeds the tolerance, or one has a NaN where the other has none.
llvm::Error compare(StringRef name, const Array &result, const Array &reference, double tolerance,
                    llvm::raw_ostream &stream);

} // namespace mlir::sepconv
