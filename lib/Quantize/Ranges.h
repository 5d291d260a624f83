//===- Ranges.h - the numbers that were seen of a tensor, and what integers stand for ----===//
#pragma once

#include "../Import/Operations/Quantization.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace mlir::sepconv::quantize {

/// How the range of a tensor is found: that of all numbers; without the outermost ones; or the one
/// whose integers lose the least information.
struct RangeRule {
  enum Kind { MinMax, Percentile, Entropy } kind = MinMax;
  double percentile = 99.99; // of all numbers that are within the range

  /// "minmax", "percentile", "percentile=99.9" or "entropy".
  static std::optional<RangeRule> parse(StringRef text);
  bool needsHistogram() const { return kind != MinMax; }
};

/// What is known of the numbers of a tensor, whose last dimension is its channels.
class Statistics {
public:
  static constexpr size_t kBins = 2048;

  /// Numbers are divided by those of their channels from now on.
  void setDivisors(ArrayRef<float> perChannel) {
    divisors.assign(perChannel.begin(), perChannel.end());
  }
  /// The first time that the samples are run: extremes and means.
  void add(ArrayRef<float> numbers, int64_t channels);
  /// The second time: how many numbers are in each part of the range.
  void count(ArrayRef<float> numbers, int64_t channels);
  /// Those of tensors with one scale together.
  void merge(const Statistics &other);

  float least() const;
  float greatest() const;
  /// The greatest magnitude and the mean of each channel.
  SmallVector<float> magnitudes() const;
  SmallVector<float> means() const;
  bool isEmpty() const { return counted == 0; }

  /// The range that integers should have.
  std::pair<float, float> range(const RangeRule &rule) const;

private:
  float divisor(size_t channel) const { return divisors.empty() ? 1 : divisors[channel]; }
  std::pair<float, float> within(double share) const;
  std::pair<float, float> leastDivergence() const;

  SmallVector<float> divisors, lows, highs;
  SmallVector<double> sums;
  int64_t counted = 0; // numbers of each channel
  std::vector<uint64_t> bins;
  float binsFrom = 0, binWidth = 0;
};

/// Integers for numbers of a range, one of which is 0. The scale has 15 bits, so that its product
/// with a distance from the zero point is exact in float32 and no rounding depends on how products
/// and sums are contracted.
ops::Quantization quantizationOf(std::pair<float, float> range, bool isUnsigned = false);

} // namespace mlir::sepconv::quantize
