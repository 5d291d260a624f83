//===- Compare.cpp - whether a result is what was expected -----------------------===//

#include "sepconv/Run/Compare.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;

/// Zero for two NaNs and for what is the nearest of its type (an infinity may be), infinity where
/// only one is no number.
static double distance(double result, double expected, const Dtype &dtype) {
  if (result == dtype.round(expected) || (std::isnan(result) && std::isnan(expected)))
    return 0;
  double difference = std::abs(result - expected);
  return std::isnan(difference) ? INFINITY : difference;
}

llvm::Error sepconv::compare(StringRef name, const Array &result, const Array &reference,
                             double tolerance, llvm::raw_ostream &stream) {
  if (result.type.shape != reference.type.shape)
    return llvm::createStringError("output '" + name + "': the reference is " +
                                   reference.type.shown() + ", expected the shape of " +
                                   result.type.shown());
  double largest = 0, error = 0;
  for (int64_t i = 0; i < result.type.elements(); ++i) {
    double expected = reference.get(i);
    if (std::isfinite(result.type.dtype->round(expected)))
      largest = std::max(largest, std::abs(expected));
    error = std::max(error, distance(result.get(i), expected, *result.type.dtype));
  }
  double relative = error == 0 ? 0 : largest == 0 ? INFINITY : error / largest;
  stream << "output " << name << ": largest error " << llvm::format("%.3g", error) << ", "
         << llvm::format("%.3g", relative) << " of the largest magnitude "
         << llvm::format("%.4g", largest) << "\n";
  if (relative <= tolerance)
    return llvm::Error::success();
  return llvm::createStringError(
      llvm::formatv("output '{0}': largest error {1:e2} of the largest magnitude, at most {2:e2} "
                    "expected",
                    name, relative, tolerance)
          .str());
}
