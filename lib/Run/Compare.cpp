//===- Compare.cpp - whether a result is what was expected -----------------------===//

#include "sepconv/Run/Compare.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;

/// Zero for equal infinities and for two NaNs, infinity where only one is no number.
static double distance(float a, float b) {
  if (a == b || (std::isnan(a) && std::isnan(b)))
    return 0;
  double difference = std::abs(double(a) - double(b));
  return std::isnan(difference) ? INFINITY : difference;
}

llvm::Error sepconv::compare(StringRef name, const Array &result, const Array &reference,
                             double tolerance, llvm::raw_ostream &stream) {
  if (result.shape != reference.shape)
    return llvm::createStringError("output '" + name + "': the reference has shape " +
                                   shown(reference.shape) + ", expected " + shown(result.shape));
  double largest = 0, error = 0;
  for (auto [got, expected] : llvm::zip_equal(result.data, reference.data)) {
    if (std::isfinite(expected))
      largest = std::max(largest, std::abs(double(expected)));
    error = std::max(error, distance(got, expected));
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
