//===- Spectrum.cpp - frequencies of signals, and windows over them --------------===//

#include "../Operations/Spectrum.h"
#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"
#include "../Operations/Shaping.h"
#include "Node.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

static std::optional<int64_t> axisOfTransform(NodeContext &node) {
  std::optional<int64_t> axis =
      node.version < 20 ? node.integer("axis", 1) : node.one(2, "axis", -2);
  auto dim = axis && !node.failed() ? node.dimension(node.input(), "axis", *axis) : std::nullopt;
  if (!dim || *dim + 1 < node.rank())
    return dim;
  node.error("axis") << "expected a dimension before the last one of the shape "
                     << shown(node.shape()) << ", found " << *axis;
  return std::nullopt;
}

static Results importDft(NodeContext &node) {
  bool isInverse = node.integer("inverse", 0), isHalf = node.integer("onesided", 0);
  auto dim = axisOfTransform(node);
  if (!dim)
    return {};
  int64_t size = node.shape()[*dim], whole = isInverse && isHalf ? 2 * (size - 1) : size;
  auto length = node.one(1, "dft_length", whole);
  ops::Complex x = length ? ops::apart(node, node.input()) : ops::Complex();
  if (!x)
    return {};
  if (isInverse && isHalf)
    return ops::joined(node, {ops::inverseRealFourier(node, x, *dim, *length), {}});
  int64_t bins = isHalf ? *length / 2 + 1 : *length;
  return ops::joined(node, ops::fourier(node, x, {*dim, *length, bins, isInverse}));
}

/// The signal, [images, elements] or with its parts behind them.
static ops::Complex readSignal(NodeContext &node) {
  if (node.rank() == 3)
    return ops::apart(node, node.input());
  if (node.rank() == 2)
    return ops::complex(node, node.input(), {});
  node.error() << "expected a signal of rank 2 or 3, found shape " << shown(node.shape());
  return {};
}

static Results importStft(NodeContext &node) {
  bool isHalf = node.integer("onesided", 1);
  Value window = node.input(2);
  ops::Complex signal = readSignal(node);
  if (!signal || node.failed())
    return {};
  int64_t whole = window ? ShapedType::getNumElements(node.shape(2)) : node.shape()[1];
  auto step = node.one(1, "frame_step", std::nullopt), length = node.one(3, "frame_length", whole);
  if (!step || !length)
    return {};
  if (window && node.shape(2) != ArrayRef<int64_t>(*length)) {
    node.error("window") << "expected shape " << shown(*length) << ", found "
                         << shown(node.shape(2));
    return {};
  }
  // A window that is known is part of the transform.
  std::optional<SmallVector<double>> known = ops::constantNumbers(window);
  auto pieces = [&](Value part) {
    Value frames = ops::frames(node, part, *length, *step);
    return frames && window && !known ? ops::apply(node, "multiply", {frames, window}) : frames;
  };
  ops::Complex frames{pieces(signal.real), pieces(signal.imaginary)};
  if (!frames)
    return {};
  int64_t bins = isHalf ? *length / 2 + 1 : *length;
  ops::Fourier transform{2, *length, bins};
  if (known)
    transform.window = *known;
  return ops::joined(node, ops::fourier(node, frames, transform));
}

static Value ofType(NodeContext &node, Value value) {
  int64_t type = node.integer("output_datatype", Float);
  return node.failed() ? Value() : node.cast(value, type);
}

static Import window(std::vector<double> terms) {
  return [terms](NodeContext &node) -> Results {
    auto size = node.one(0, "size", std::nullopt);
    bool isPeriodic = node.integer("periodic", 1);
    if (!size || !node.fits(*size))
      return {};
    auto numbers = ops::cosineWindow(terms, *size, isPeriodic ? *size : *size - 1);
    return ofType(node, node.constant(*size, SmallVector<float>(numbers.begin(), numbers.end())));
  };
}

static Results importMelWeights(NodeContext &node) {
  SmallVector<double> numbers;
  static constexpr StringLiteral names[] = {"num_mel_bins", "dft_length", "sample_rate",
                                            "lower_edge_hertz", "upper_edge_hertz"};
  for (auto [i, name] : llvm::enumerate(names)) {
    auto number = node.constantNumbers(i, name);
    if (number && (number->size() != 1 || !(std::abs(number->front()) < 1e9)))
      node.error(name) << "expected one number below 1e9";
    numbers.push_back(number && number->size() == 1 ? number->front() : 1);
  }
  if (node.failed())
    return {};
  ops::MelBands bands{int64_t(numbers[0]), numbers[2], numbers[3], numbers[4]};
  return ofType(node,
                ops::melMatrixOfBins(node, int64_t(numbers[1]), bands, node.builder.getF32Type()));
}

ArrayRef<Operator> sepconv::onnx::spectrumOperators() {
  static const std::vector<StringRef> attributes{"output_datatype", "periodic"};
  static const Operator table[] = {
      {"BlackmanWindow", 17, newest, window({0.42, 0.5, 0.08}), attributes},
      {"DFT", 17, 19, importDft, {"axis", "inverse", "onesided"}, 1, 2},
      {"DFT", 20, newest, importDft, {"inverse", "onesided"}, 1, 3},
      {"HammingWindow", 17, newest, window({25.0 / 46, 21.0 / 46}), attributes},
      {"HannWindow", 17, newest, window({0.5, 0.5}), attributes},
      {"MelWeightMatrix", 17, newest, importMelWeights, {"output_datatype"}, 5, 5},
      {"STFT", 17, newest, importStft, {"onesided"}, 2, 4},
  };
  return table;
}
