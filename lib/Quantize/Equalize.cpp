//===- Equalize.cpp - channels of one range --------------------------------------===//

#include "Equalize.h"
#include "Layers.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;

/// Ranges that differ by less cost at most one bit of eight in a few channels.
static constexpr float kLeastRatio = 4;
/// What divides no channel by more keeps the bias and the sums within their 32 bits.
static constexpr float kMostRatio = 1024;

static Value constantLike(OpBuilder &b, Value like, ArrayRef<float> numbers) {
  return arith::ConstantOp::create(
      b, like.getLoc(), DenseElementsAttr::get(cast<RankedTensorType>(like.getType()), numbers));
}

namespace {

/// A tensor that one layer makes, and that only layers read.
struct Link {
  Operation *producer;
  SmallVector<Operation *> readers;
};

} // namespace

/// A factor for a channel goes through functions that keep factors: limits at 0, and others as long
/// as no number reaches them.
static bool keepsFactors(ActivationAttr function) {
  if (!function || function.getKind() == ActivationKind::Linear)
    return true;
  return function.getKind() == ActivationKind::Relu && function.getThreshold().isZero() &&
         function.getAlpha().isZero();
}

/// The input's channel that a weight is for; a grouped convolution has others for each group.
static size_t inputChannel(Operation *layer, size_t i) {
  ArrayRef<int64_t> shape = ops::shapeOf(filterOf(layer));
  size_t last = shape.back(), channels = shape[shape.size() - 2];
  return i / last % channels;
}

static bool readsChannels(Operation *layer) {
  auto conv = dyn_cast<Conv2DOp>(layer);
  return !conv || conv.getGroups() == 1;
}

static std::optional<Link> linkOf(const Plan &plan, Value tensor) {
  Link link{tensor.getDefiningOp(), {}};
  if (!link.producer || plan.partOf(link.producer) != Part::Layer)
    return std::nullopt;
  for (OpOperand &use : tensor.getUses()) {
    Operation *reader = use.getOwner();
    if (plan.partOf(reader) != Part::Layer || use.getOperandNumber() != 0 || !readsChannels(reader))
      return std::nullopt;
    link.readers.push_back(reader);
  }
  return keepsFactors(activationOf(link.producer)) ? std::optional(link) : std::nullopt;
}

/// The greatest weight that reads each channel.
static SmallVector<float> weightsOfChannels(Operation *reader, size_t channels) {
  SmallVector<float> result(channels, 0);
  for (auto [i, x] : llvm::enumerate(numbersOf(filterOf(reader)))) {
    float &most = result[inputChannel(reader, i)];
    most = std::max(most, std::abs(x));
  }
  return result;
}

/// What each channel is divided by. A depthwise layer has a scale for each channel's weights, so
/// that the tensor's channels can have one range; others share scales of weights over all channels,
/// and half of the difference is left to each side.
static SmallVector<float> divisorsOf(const Link &link, ArrayRef<float> ranges) {
  bool isFree = llvm::all_of(link.readers, llvm::IsaPred<DepthwiseConv2DOp>);
  SmallVector<float> wanted;
  SmallVector<float> weights(ranges.size(), 0);
  for (Operation *reader : link.readers)
    for (auto [most, x] : llvm::zip_equal(weights, weightsOfChannels(reader, ranges.size())))
      most = std::max(most, x);
  for (auto [range, weight] : llvm::zip_equal(ranges, weights))
    wanted.push_back(range <= 0 || weight <= 0 ? 0 : isFree ? range : std::sqrt(range / weight));
  float most = *std::max_element(wanted.begin(), wanted.end());
  ActivationAttr function = activationOf(link.producer);
  bool hasLimit = function && function.getKind() == ActivationKind::Relu;
  float limit =
      hasLimit ? function.getMaxValue().convertToDouble() : std::numeric_limits<float>::infinity();
  for (auto [x, range] : llvm::zip_equal(wanted, ranges))
    x = most <= 0 || x <= 0 ? 1 : std::max({x / most, 1 / kMostRatio, range / limit});
  return wanted;
}

static void apply(const Link &link, ArrayRef<float> divisors) {
  OpBuilder b(link.producer);
  size_t channels = divisors.size();
  auto divided = [&](Value constant) -> Value {
    if (!constant)
      return {};
    SmallVector<float> numbers = numbersOf(constant);
    for (auto [i, x] : llvm::enumerate(numbers))
      x /= divisors[i % channels];
    return constantLike(b, constant, numbers);
  };
  setWeights(link.producer, divided(filterOf(link.producer)), divided(biasOf(link.producer)));
  for (Operation *reader : link.readers) {
    b.setInsertionPoint(reader);
    SmallVector<float> numbers = numbersOf(filterOf(reader));
    for (auto [i, x] : llvm::enumerate(numbers))
      x *= divisors[inputChannel(reader, i)];
    setWeights(reader, constantLike(b, filterOf(reader), numbers), Value());
  }
}

size_t quantize::equalize(const Plan &plan, DenseMap<Value, Statistics> &statistics) {
  size_t changed = 0;
  for (Value tensor : plan.stored()) {
    std::optional<Link> link = linkOf(plan, tensor);
    auto known = statistics.find(tensor);
    if (!link || known == statistics.end())
      continue;
    SmallVector<float> ranges = known->second.magnitudes();
    SmallVector<float> sorted;
    for (float range : ranges)
      if (range > 0)
        sorted.push_back(range);
    llvm::sort(sorted);
    if (sorted.empty() || sorted.back() < kLeastRatio * sorted[sorted.size() / 2])
      continue;
    SmallVector<float> divisors = divisorsOf(*link, ranges);
    apply(*link, divisors);
    known->second.setDivisors(divisors);
    ++changed;
  }
  return changed;
}
