//===- Ranges.cpp - the numbers that were seen of a tensor, and what integers stand for --===//

#include "Ranges.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;

std::optional<RangeRule> RangeRule::parse(StringRef text) {
  RangeRule rule;
  if (text == "minmax")
    return rule;
  rule.kind = Entropy;
  if (text == "entropy")
    return rule;
  rule.kind = Percentile;
  if (!text.consume_front("percentile"))
    return std::nullopt;
  bool isNumber = text.empty() || (text.consume_front("=") && !text.getAsDouble(rule.percentile));
  return isNumber && rule.percentile >= 50 && rule.percentile <= 100 ? std::optional(rule)
                                                                     : std::nullopt;
}

void Statistics::add(ArrayRef<float> numbers, int64_t channels) {
  if (lows.empty()) {
    lows.assign(channels, std::numeric_limits<float>::infinity());
    highs.assign(channels, -std::numeric_limits<float>::infinity());
    sums.assign(channels, 0);
  }
  for (size_t i = 0; i < numbers.size(); i += channels)
    for (int64_t c = 0; c < channels; ++c) {
      float x = numbers[i + c];
      if (!std::isfinite(x)) // what pads a maximum
        continue;
      lows[c] = std::min(lows[c], x);
      highs[c] = std::max(highs[c], x);
      sums[c] += x;
    }
  counted += numbers.size() / channels;
}

float Statistics::least() const {
  float result = 0;
  for (auto [c, low] : llvm::enumerate(lows))
    result = std::min(result, low / divisor(c));
  return result;
}

float Statistics::greatest() const {
  float result = 0;
  for (auto [c, high] : llvm::enumerate(highs))
    result = std::max(result, high / divisor(c));
  return result;
}

SmallVector<float> Statistics::magnitudes() const {
  SmallVector<float> result;
  for (auto [c, low, high] : llvm::enumerate(lows, highs))
    result.push_back(low > high ? 0 : std::max(std::abs(low), std::abs(high)) / divisor(c));
  return result;
}

SmallVector<float> Statistics::means() const {
  SmallVector<float> result;
  for (auto [c, sum] : llvm::enumerate(sums))
    result.push_back(sum / std::max<int64_t>(counted, 1) / divisor(c));
  return result;
}

void Statistics::count(ArrayRef<float> numbers, int64_t channels) {
  if (bins.empty()) {
    bins.assign(kBins, 0);
    binsFrom = least();
    binWidth = std::max((greatest() - binsFrom) / kBins, std::numeric_limits<float>::min());
  }
  for (size_t i = 0; i < numbers.size(); ++i) {
    float at = (numbers[i] / divisor(i % channels) - binsFrom) / binWidth;
    if (std::isfinite(at))
      ++bins[std::clamp<int64_t>(at, 0, kBins - 1)];
  }
}

/// Into the bins of the range of both.
void Statistics::merge(const Statistics &other) {
  Statistics result;
  result.counted = counted + other.counted;
  result.lows = {std::min(least(), other.least())};
  result.highs = {std::max(greatest(), other.greatest())};
  if (!bins.empty() || !other.bins.empty()) {
    result.bins.assign(kBins, 0);
    result.binsFrom = result.least();
    result.binWidth =
        std::max((result.greatest() - result.binsFrom) / kBins, std::numeric_limits<float>::min());
    for (const Statistics *part : {static_cast<const Statistics *>(this), &other})
      for (auto [i, number] : llvm::enumerate(part->bins)) {
        float middle = part->binsFrom + (i + 0.5f) * part->binWidth;
        int64_t at = (middle - result.binsFrom) / result.binWidth;
        result.bins[std::clamp<int64_t>(at, 0, kBins - 1)] += number;
      }
  }
  *this = std::move(result);
}

std::pair<float, float> Statistics::range(const RangeRule &rule) const {
  if (rule.kind == RangeRule::MinMax || bins.empty())
    return {least(), greatest()};
  return rule.kind == RangeRule::Entropy ? leastDivergence() : within(rule.percentile / 100);
}

/// With as many numbers outside on both sides.
std::pair<float, float> Statistics::within(double share) const {
  uint64_t all = 0;
  for (uint64_t number : bins)
    all += number;
  double outside = all * (1 - share) / 2;
  size_t first = 0, last = kBins;
  for (uint64_t sum = bins[0]; first + 1 < kBins && sum <= outside; sum += bins[first])
    ++first;
  for (uint64_t sum = bins[kBins - 1]; last > first + 1 && sum <= outside; sum += bins[last - 1])
    --last;
  return {std::min(0.0f, binsFrom + first * binWidth), std::max(0.0f, binsFrom + last * binWidth)};
}

/// The divergence of Kullback and Leibler of the numbers as integers from those of bins [first,
/// last), of which the outermost ones also have what lies outside.
static double divergence(ArrayRef<uint64_t> bins, size_t first, size_t last) {
  constexpr size_t levels = 256;
  std::vector<double> clipped(bins.begin() + first, bins.begin() + last);
  for (size_t i = 0; i < first; ++i)
    clipped.front() += bins[i];
  for (size_t i = last; i < bins.size(); ++i)
    clipped.back() += bins[i];
  double all = 0, inside = 0, result = 0;
  for (double number : clipped)
    all += number;
  for (size_t i = first; i < last; ++i)
    inside += bins[i];
  if (!all || !inside)
    return std::numeric_limits<double>::infinity();
  size_t count = last - first;
  for (size_t level = 0; level < levels; ++level) {
    size_t from = level * count / levels, to = (level + 1) * count / levels;
    double sum = 0;
    size_t used = 0;
    for (size_t i = from; i < to; ++i) {
      sum += bins[first + i];
      used += bins[first + i] != 0;
    }
    for (size_t i = from; i < to; ++i)
      if (clipped[i]) {
        // What only lies outside has nothing that stands for it: a millionth of a number.
        double q = bins[first + i] ? sum / used / inside : 1e-6 / inside;
        result += clipped[i] / all * std::log(clipped[i] / all / q);
      }
  }
  return result;
}

/// The range is made narrower on the side that has the wider half, in steps of 16 bins.
std::pair<float, float> Statistics::leastDivergence() const {
  constexpr size_t step = 16, fewest = 256;
  size_t zero = std::clamp<float>(-binsFrom / binWidth, 0, kBins);
  size_t first = 0, last = kBins, bestFirst = 0, bestLast = kBins;
  double best = std::numeric_limits<double>::infinity();
  while (last - first >= fewest) {
    double now = divergence(bins, first, last);
    if (now < best)
      best = now, bestFirst = first, bestLast = last;
    if (last - zero >= zero - first)
      last -= step;
    else
      first += step;
  }
  return {std::min(0.0f, binsFrom + bestFirst * binWidth),
          std::max(0.0f, binsFrom + bestLast * binWidth)};
}

ops::Quantization quantize::quantizationOf(std::pair<float, float> range, bool isUnsigned) {
  auto [least, greatest] = range;
  ops::Quantization result;
  result.isUnsigned = isUnsigned;
  int exponent;
  float width = greatest - least;
  float fraction = std::frexp((width > 0 ? width : 1) / 255, &exponent);
  float scale = std::ldexp(std::ceil(fraction * (1 << 15)), exponent - 15);
  // Of numbers that float32 has only denormal ones between, there is one integer.
  scale = std::max(scale, std::ldexp(1.0f, -100));
  result.scales = {scale};
  result.zeros = {std::clamp<int64_t>(result.least() + std::lrint(-least / scale), result.least(),
                                      result.greatest())};
  return result;
}
