//===- Resampling.cpp - images of other sizes, pixel by pixel --------------------===//
//
// Along each dimension an output is a product with a matrix of weights, which are computed in
// float64. Where each pixel is one of the input at regular places, it is read there.
//
//===----------------------------------------------------------------------===//

#include "Resampling.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Shaping.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// Where pixel i is, for `input` pixels; `whole` is the size that the scale gives, which may be no
/// integer.
static double placeOf(const Sampling &sampling, const SampledDimension &to, int64_t input,
                      int64_t i) {
  double whole = to.scale * input, center = input / 2.0;
  switch (sampling.place) {
  case Sampling::HalfPixel:
    return (i + 0.5) / to.scale - 0.5;
  case Sampling::HalfPixelSymmetric:
    return center * (1 - to.size / whole) + (i + 0.5) / to.scale - 0.5;
  case Sampling::HalfPixelOrFirst:
    return whole == 1 ? -0.5 : (i + 0.5) / to.scale - 0.5;
  case Sampling::AlignCorners:
    return whole == 1 ? 0 : i * (input - 1) / (whole - 1);
  case Sampling::Asymmetric:
    return i / to.scale;
  case Sampling::HalfPixelWithoutShift:
    return (i + 0.5) / to.scale;
  case Sampling::Crop:
    return to.begin * (input - 1) + (whole == 1
                                         ? (to.end - to.begin) * (input - 1) / 2
                                         : i * (to.end - to.begin) * (input - 1) / (whole - 1));
  }
  llvm_unreachable("all places are handled");
}

static int64_t roundedPlace(const Sampling &sampling, double place, int64_t input) {
  double rounded = sampling.rounding == Sampling::HalfDown ? std::ceil(place - 0.5)
                   : sampling.rounding == Sampling::HalfUp ? std::floor(place + 0.5)
                   : sampling.rounding == Sampling::Down   ? std::floor(place)
                                                           : std::ceil(place);
  return std::clamp<double>(rounded, 0, input - 1);
}

/// The pixel of the input as a function of loop `i`, where it is one of the usual ones: with the
/// sizes m and n, floor(i * m / n), floor((i + 0.5) * m / n), and the same rounded down.
static AffineExpr formulaOf(AffineExpr i, ArrayRef<int64_t> places, int64_t m) {
  int64_t n = places.size();
  struct Formula {
    int64_t factor, addend, divisor;
  };
  for (Formula f : {Formula{m, 0, n}, Formula{2 * m, m, 2 * n}, Formula{2 * m, m - 1, 2 * n}}) {
    auto fits = [&](int64_t at) { return places[at] == (at * f.factor + f.addend) / f.divisor; };
    if (!llvm::all_of(llvm::seq<int64_t>(0, n), fits))
      continue;
    if (f.factor % f.divisor == 0 && f.addend == 0)
      return i * (f.factor / f.divisor);
    if (f.divisor % f.factor == 0 && f.addend == 0)
      return i.floorDiv(f.divisor / f.factor);
    return (i * f.factor + f.addend).floorDiv(f.divisor);
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

static double kernel(const Sampling &sampling, double x) {
  x = std::abs(x);
  if (sampling.mode == Sampling::Linear)
    return std::max(0.0, 1 - x);
  double a = sampling.cubic;
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/// What an output pixel takes of the input's.
static void addWeights(const Sampling &sampling, const SampledDimension &to, double place,
                       MutableArrayRef<float> row) {
  int64_t input = row.size();
  double radius = sampling.mode == Sampling::Linear ? 1 : 2;
  double widened = sampling.antialias ? std::max(1 / to.scale, 1.0) : 1;
  std::vector<double> weights(input, 0);
  double sum = 0;
  for (double at = std::ceil(place - radius * widened); at <= place + radius * widened; ++at) {
    if (sampling.excludesOutside && (at < 0 || at > input - 1))
      continue;
    double weight = kernel(sampling, (at - place) / widened);
    weights[std::clamp<double>(at, 0, input - 1)] += weight;
    sum += weight;
  }
  for (auto [to, weight] : llvm::zip_equal(row, weights))
    to = sum != 0 && (sampling.antialias || sampling.excludesOutside) ? weight / sum : weight;
}

/// One dimension.
static Value resampleOne(TensorBuilder &b, Value value, const SampledDimension &to,
                         const Sampling &sampling) {
  int64_t input = shapeOf(value)[to.dim], rank = rankOf(value);
  std::vector<float> weights(to.size * input, 0), outside(to.size, 0);
  SmallVector<int64_t> places;
  for (int64_t i = 0; i < to.size; ++i) {
    MutableArrayRef<float> row = MutableArrayRef(weights).slice(i * input, input);
    double place = placeOf(sampling, to, input, i);
    if (sampling.place == Sampling::Crop && (place < 0 || place > input - 1)) {
      outside[i] = sampling.outside;
    } else if (sampling.mode == Sampling::Nearest) {
      places.push_back(roundedPlace(sampling, place, input));
      row[places.back()] = 1;
    } else {
      addWeights(sampling, to, place, row);
    }
  }
  SmallVector<int64_t> shape(shapeOf(value));
  shape[to.dim] = to.size;
  // A map that is the dimension itself would have the input's size.
  if (int64_t(places.size()) == to.size && llvm::equal(places, llvm::seq<int64_t>(0, to.size)))
    return slice(b, value, to.dim, 0, to.size);
  if (int64_t(places.size()) == to.size)
    if (AffineExpr formula = formulaOf(b.builder.getAffineDimExpr(to.dim), places, input)) {
      SmallVector<AffineExpr> source;
      for (int64_t dim = 0; dim < rank; ++dim)
        source.push_back(dim == to.dim ? formula : b.builder.getAffineDimExpr(dim));
      AffineMap map = AffineMap::get(rank, 0, source, b.builder.getContext());
      return elementwise(b, shape, value, map,
                         [](OpBuilder &, Location, ValueRange x) -> Value { return x[0]; });
    }
  std::string names = StringRef("abcdefgh").take_front(rank).str(), result = names;
  result[to.dim] = 'z';
  Value matrix = convertTo(b, b.constant({to.size, input}, weights), elementOf(value));
  Value sampled = contract(b, value, names, matrix, std::string{'z', names[to.dim]}, result);
  if (llvm::all_of(outside, [](float number) { return number == 0; }))
    return sampled;
  SmallVector<int64_t> along(rank, 1);
  along[to.dim] = to.size;
  Value more = convertTo(b, b.constant(along, outside), elementOf(value));
  return apply(b, "add", {sampled, more});
}

Value ops::resample(TensorBuilder &b, Value value, ArrayRef<SampledDimension> dims,
                    const Sampling &sampling) {
  // The matrices become constants of the program.
  constexpr int64_t maxWeights = 1 << 24;
  SmallVector<int64_t> shape(shapeOf(value));
  for (const SampledDimension &to : dims) {
    if (to.size > maxWeights / shape[to.dim] || shape.size() > 8) {
      b.error() << "resampling from " << shape[to.dim] << " to " << to.size
                << " pixels is too large";
      return {};
    }
    shape[to.dim] = to.size;
  }
  if (!b.fits(shape))
    return {};
  for (const SampledDimension &to : dims)
    if (value)
      value = resampleOne(b, value, to, sampling);
  return value;
}
