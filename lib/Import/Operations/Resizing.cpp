//===- Resizing.cpp - images of other sizes --------------------------------------===//
//
// An interpolation is a product with a matrix of weights for each dimension. They are computed in
// float32 as TensorFlow's kernels do.
//
//===----------------------------------------------------------------------===//

#include "Resizing.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Shaping.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// Row i has what pixel i of the output takes from each pixel of the input.
using Weights = SmallVector<float>;

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// What lies outside has the value of the edge.
static Weights bilinearWeights(int64_t input, int64_t output) {
  Weights weights(output * input, 0);
  for (int64_t i = 0; i < output; ++i) {
    float at = (i + 0.5f) * (static_cast<float>(input) / output) - 0.5f;
    float below = std::floor(at), fraction = at - below;
    int64_t first = std::max<int64_t>(below, 0), second = std::min<int64_t>(below + 1, input - 1);
    weights[i * input + first] += 1 - fraction;
    weights[i * input + second] += fraction;
  }
  return weights;
}

/// Keys's function with a = -0.5 at distances from 0 to 2.
static float keysCubic(float x) {
  if (x >= 2)
    return 0;
  return x >= 1 ? ((-0.5f * x + 2.5f) * x - 4.0f) * x + 2.0f : (1.5f * x - 2.5f) * x * x + 1.0f;
}

static float triangle(float x) { return std::max(0.0f, 1.0f - x); }

template <int radius> static float lanczos(float x) {
  constexpr float pi = 3.14159265359f;
  if (x > radius)
    return 0;
  if (x <= 1e-3f)
    return 1;
  return radius * std::sin(pi * x) * std::sin(pi * x / radius) / (pi * pi * x * x);
}

/// Weights that lie inside of the input, their sum made 1.
static void normalizeRow(MutableArrayRef<float> row) {
  float sum = 0;
  for (float weight : row)
    sum += weight;
  if (std::abs(sum) >= 1000 * std::numeric_limits<float>::min())
    for (float &weight : row)
      weight /= sum;
}

/// tensorflow/core/kernels/image/resize_bicubic_op.cc: places are rounded to 1/1024 of a pixel.
static Weights bicubicWeights(int64_t input, int64_t output) {
  constexpr float steps = 1024;
  Weights weights(output * input, 0);
  for (int64_t i = 0; i < output; ++i) {
    MutableArrayRef<float> row = MutableArrayRef(weights).slice(i * input, input);
    float at = (i + 0.5f) * (static_cast<float>(input) / output) - 0.5f, below = std::floor(at);
    float fraction = std::lrint((at - below) * steps) / steps;
    for (int64_t tap = -1; tap <= 2; ++tap)
      if (int64_t from = static_cast<int64_t>(below) + tap; from >= 0 && from < input)
        row[from] += keysCubic(std::abs(tap - fraction));
    normalizeRow(row);
  }
  return weights;
}

/// tensorflow/core/kernels/image/scale_and_translate_op.cc.
/// What is moved from outside is 0.
static Weights kernelWeights(int64_t input, int64_t output, float enlarged, float translation,
                             bool antialias, float radius, float (*kernel)(float)) {
  Weights weights(output * input, 0);
  float scale = 1.0f / enlarged;
  float widened = antialias ? std::max(scale, 1.0f) : 1.0f;
  for (int64_t i = 0; i < output; ++i) {
    MutableArrayRef<float> row = MutableArrayRef(weights).slice(i * input, input);
    float at = (i + 0.5f) * scale - translation * scale;
    if (!(at >= 0 && at <= input))
      continue;
    int64_t first = std::ceil(at - radius * widened - 0.5f);
    int64_t last = std::floor(at + radius * widened - 0.5f);
    for (int64_t from = std::max<int64_t>(first, 0); from <= std::min(last, input - 1); ++from)
      row[from] = kernel(std::abs((from + 0.5f - at) / widened));
    normalizeRow(row);
  }
  return weights;
}

static Weights kernelWeights(Interpolation interpolation, int64_t input, int64_t output,
                             float scale, float translation, bool antialias) {
  auto of = [&](float radius, float (*kernel)(float)) {
    return kernelWeights(input, output, scale, translation, antialias, radius, kernel);
  };
  switch (interpolation) {
  case Interpolation::Bilinear:
    return of(1, triangle);
  case Interpolation::Bicubic:
    return of(2, keysCubic);
  case Interpolation::Lanczos3:
    return of(3, lanczos<3>);
  default:
    return of(5, lanczos<5>);
  }
}

static Weights weightsOf(Interpolation interpolation, int64_t input, int64_t output,
                         bool antialias) {
  if (!antialias && interpolation == Interpolation::Bilinear)
    return bilinearWeights(input, output);
  if (!antialias && interpolation == Interpolation::Bicubic)
    return bicubicWeights(input, output);
  return kernelWeights(interpolation, input, output, static_cast<float>(output) / input, 0,
                       antialias);
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// Pixel i is the one at floor((i + 0.5) * input / output).
static Value nearest(TensorBuilder &b, Value value, ArrayRef<int64_t> dims,
                     ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> shape(shapeOf(value));
  SmallVector<AffineExpr> source;
  for (size_t dim = 0; dim < shape.size(); ++dim)
    source.push_back(b.builder.getAffineDimExpr(dim));
  for (auto [dim, size] : llvm::zip_equal(dims, sizes)) {
    int64_t input = shape[dim];
    source[dim] = size % input == 0 ? source[dim].floorDiv(size / input)
                                    : ((source[dim] * 2 + 1) * input).floorDiv(2 * size);
    shape[dim] = size;
  }
  AffineMap map = AffineMap::get(shape.size(), 0, source, b.builder.getContext());
  return elementwise(b, shape, value, map,
                     [](OpBuilder &, Location, ValueRange x) -> Value { return x[0]; });
}

/// Multiplies dimension `dim` by a matrix of weights.
static Value interpolate(TensorBuilder &b, Value value, int64_t dim, int64_t size,
                         const Weights &weights) {
  std::string names = StringRef("abcdefgh").take_front(rankOf(value)).str(), result = names;
  result[dim] = 'z';
  Value matrix = b.constant({size, shapeOf(value)[dim]}, weights);
  std::string matrixNames{'z', names[dim]};
  return contract(b, value, names, convertTo(b, matrix, elementOf(value)), matrixNames, result);
}

/// The matrices become constants of the program; false after reporting one that is too large.
static bool checkWeights(TensorBuilder &b, int64_t input, int64_t output, StringRef argument) {
  constexpr int64_t maxWeights = 1 << 24;
  if (output <= maxWeights / input)
    return true;
  b.error(argument) << "interpolation from " << input << " to " << output << " pixels is too large";
  return false;
}

Value ops::scaleAndTranslate(TensorBuilder &b, Value value, ArrayRef<ScaledDimension> dims,
                             Interpolation interpolation, bool antialias) {
  if (!areFloats(b, value))
    return {};
  for (const ScaledDimension &to : dims) {
    if (!(to.scale > 0 && to.scale < 1e6 && std::abs(to.translation) < 1e9)) {
      b.error() << "expected a scale above 0, found " << std::to_string(to.scale);
      return {};
    }
    int64_t input = value ? shapeOf(value)[to.dim] : 1;
    if (!value || !b.fits(to.size) || !checkWeights(b, input, to.size, "output_shape"))
      return {};
    value = interpolate(
        b, value, to.dim, to.size,
        kernelWeights(interpolation, input, to.size, to.scale, to.translation, antialias));
  }
  return value;
}

Value ops::resize(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, ArrayRef<int64_t> sizes,
                  Interpolation interpolation, bool antialias, StringRef argument) {
  SmallVector<int64_t> output(shapeOf(value));
  for (auto [dim, size] : llvm::zip_equal(dims, sizes))
    output[dim] = size;
  if (!b.fits(output))
    return {};
  if (interpolation == Interpolation::Nearest)
    return nearest(b, value, dims, sizes);
  for (int64_t dim : dims)
    if (!checkWeights(b, shapeOf(value)[dim], output[dim], argument))
      return {};
  for (auto [dim, size] : llvm::zip_equal(dims, sizes))
    if (int64_t input = shapeOf(value)[dim]; input != size)
      value = interpolate(b, value, dim, size, weightsOf(interpolation, input, size, antialias));
  return value;
}
