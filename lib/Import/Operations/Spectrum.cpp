//===- Spectrum.cpp - frequencies of signals -------------------------------------===//
//
// A Fourier transform is a product with a matrix of cosines and sines, which the window is part
// of: the sizes of audio are small, and products are what there are schedules for.
//
//===----------------------------------------------------------------------===//

#include "Spectrum.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Shaping.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// The matrices have a number for each pair of an element and a frequency.
static constexpr int64_t maxLength = 1 << 14;

Value ops::frames(TensorBuilder &b, Value signal, int64_t length, int64_t stride) {
  if (!signal)
    return {};
  int64_t rank = rankOf(signal), size = rank ? shapeOf(signal).back() : 0;
  if (length < 1 || stride < 1 || length > size) {
    b.error() << "expected a signal of at least " << length << " elements, found shape "
              << shown(shapeOf(signal));
    return {};
  }
  SmallVector<int64_t> shape(shapeOf(signal).drop_back());
  shape.append({(size - length) / stride + 1, length});
  if (!b.fits(shape))
    return {};
  SmallVector<AffineExpr> source;
  for (int64_t dim = 0; dim + 1 < rank; ++dim)
    source.push_back(b.builder.getAffineDimExpr(dim));
  source.push_back(b.builder.getAffineDimExpr(rank - 1) * stride +
                   b.builder.getAffineDimExpr(rank));
  AffineMap map = AffineMap::get(rank + 1, 0, source, b.builder.getContext());
  return elementwise(b, shape, signal, map,
                     [](OpBuilder &, Location, ValueRange x) { return x[0]; });
}

/// In units of a stride: part `i` of piece `j` is added to part `i + j` of the result.
Value ops::overlapAdd(TensorBuilder &b, Value pieces, int64_t stride) {
  if (!pieces)
    return {};
  int64_t rank = rankOf(pieces), last = rank - 1;
  SmallVector<int64_t> shape(shapeOf(pieces)), low(rank, 0), high(rank, 0);
  int64_t count = shape[last - 1], length = shape[last], parts = (length - 1) / stride + 1;
  high[last] = parts * stride - length;
  pieces = pad(b, pieces, low, high);
  high[last] = 0;
  Value sum;
  for (int64_t part = 0; part < parts && pieces; ++part) {
    low[last - 1] = part;
    high[last - 1] = parts - 1 - part;
    Value moved = pad(b, slice(b, pieces, last, part * stride, stride), low, high);
    sum = sum ? apply(b, "add", {sum, moved}) : moved;
  }
  shape.pop_back();
  shape.back() = (count + parts - 1) * stride;
  sum = sum ? reshape(b, sum, shape) : Value();
  return sum ? slice(b, sum, last - 1, 0, (count - 1) * stride + length) : Value();
}

//===----------------------------------------------------------------------===//
// Complex numbers
//===----------------------------------------------------------------------===//

Complex ops::complex(TensorBuilder &b, Value real, Value imaginary) {
  bool fits = real && isa<FloatType>(elementOf(real)) &&
              (!imaginary || imaginary.getType() == real.getType());
  if (real && !fits)
    b.error() << "expected real and imaginary parts of floats and of one shape, found "
              << real.getType() << (imaginary ? " and another" : "");
  return fits ? Complex{real, imaginary} : Complex();
}

Value ops::joined(TensorBuilder &b, Complex x) {
  if (!x)
    return {};
  int64_t rank = rankOf(x.real);
  Value real = expandDims(b, x.real, rank);
  return x.imaginary ? concatenate(b, {real, expandDims(b, x.imaginary, rank)}, rank) : real;
}

Complex ops::apart(TensorBuilder &b, Value x) {
  int64_t last = rankOf(x) - 1, parts = last < 0 ? 0 : shapeOf(x)[last];
  if (parts != 1 && parts != 2) {
    b.error() << "expected a last dimension of 1, or of 2 for complex numbers, found shape "
              << shown(shapeOf(x));
    return {};
  }
  auto part = [&](int64_t i) { return squeeze(b, slice(b, x, last, i, 1), last); };
  Value real = part(0);
  return complex(b, real, parts == 2 ? part(1) : Value());
}

Value ops::squaredMagnitude(TensorBuilder &b, Complex x) {
  Value square = apply(b, "square", x.real);
  return x.imaginary ? apply(b, "add", {square, apply(b, "square", x.imaginary)}) : square;
}

//===----------------------------------------------------------------------===//
// Transforms
//===----------------------------------------------------------------------===//

/// `count` sums of the elements along a dimension, each element times a number of its own.
static Value sums(TensorBuilder &b, Value value, int64_t dim, int64_t count,
                  llvm::function_ref<double(int64_t, int64_t)> factor) {
  int64_t size = value ? shapeOf(value)[dim] : 0, last = value ? rankOf(value) - 1 : 0;
  if (!value || !b.fits({size, count}))
    return {};
  SmallVector<float> numbers;
  for (int64_t i = 0; i < size; ++i)
    for (int64_t k = 0; k < count; ++k)
      numbers.push_back(factor(i, k));
  SmallVector<int64_t> swap = llvm::to_vector(llvm::seq<int64_t>(0, last + 1));
  std::swap(swap[dim], swap[last]);
  auto moved = [&](Value x) { return dim == last ? x : transpose(b, x, swap); };
  return moved(matmul(b, moved(value), b.constant({size, count}, numbers, elementOf(value))));
}

/// Null after reporting a length that is too large.
static Value cut(TensorBuilder &b, Value value, int64_t dim, int64_t length, int64_t count) {
  if (value && (length < 1 || length > maxLength)) {
    b.error() << "expected a transform of at most " << maxLength << " elements, found " << length;
    return {};
  }
  return value ? slice(b, value, dim, 0, std::min(shapeOf(value)[dim], count)) : Value();
}

/// The angle of element `i` at frequency `k`. The product is reduced before it is an angle, which
/// keeps it exact.
static double angleOf(int64_t i, int64_t k, int64_t length) {
  return 2 * llvm::numbers::pi * double(i * k % length) / double(length);
}

Complex ops::fourier(TensorBuilder &b, Complex x, const Fourier &transform) {
  auto [dim, length, bins, isInverse, window] = transform;
  x = {cut(b, x.real, dim, length, length), x.imaginary};
  if (!x)
    return {};
  if (x.imaginary)
    x.imaginary = cut(b, x.imaginary, dim, length, length);
  double scale = isInverse ? 1.0 / double(length) : 1, sign = isInverse ? 1 : -1;
  auto cosines = [&, length = length, window = window](int64_t i, int64_t k) {
    return scale * (window.empty() ? 1 : window[i]) * std::cos(angleOf(i, k, length));
  };
  auto sines = [&, length = length, window = window](int64_t i, int64_t k) {
    return sign * scale * (window.empty() ? 1 : window[i]) * std::sin(angleOf(i, k, length));
  };
  Complex result{sums(b, x.real, dim, bins, cosines), sums(b, x.real, dim, bins, sines)};
  if (!x.imaginary)
    return result;
  return {apply(b, "subtract", {result.real, sums(b, x.imaginary, dim, bins, sines)}),
          apply(b, "add", {result.imaginary, sums(b, x.imaginary, dim, bins, cosines)})};
}

Value ops::inverseRealFourier(TensorBuilder &b, Complex x, int64_t dim, int64_t length,
                              ArrayRef<double> window) {
  int64_t bins = length / 2 + 1;
  Value real = cut(b, x.real, dim, length, bins);
  if (!real)
    return {};
  // A frequency stands for its negative one too, but 0 and, of an even length, the half.
  auto part = [&](int64_t k, int64_t i) {
    bool isAlone = k == 0 || 2 * k == length;
    return (isAlone ? 1 : 2) * (window.empty() ? 1 : window[i]) / double(length);
  };
  auto cosines = [&](int64_t k, int64_t i) { return part(k, i) * std::cos(angleOf(i, k, length)); };
  auto sines = [&](int64_t k, int64_t i) { return -part(k, i) * std::sin(angleOf(i, k, length)); };
  Value result = sums(b, real, dim, length, cosines);
  if (!x.imaginary)
    return result;
  Value imaginary = cut(b, x.imaginary, dim, length, bins);
  return apply(b, "add", {result, sums(b, imaginary, dim, length, sines)});
}

Value ops::cosineTransform(TensorBuilder &b, Value value, int64_t count) {
  int64_t last = value ? rankOf(value) - 1 : 0, size = value ? shapeOf(value)[last] : 1;
  double scale = std::sqrt(2.0 / double(size));
  return sums(b, value, last, count, [&](int64_t i, int64_t k) {
    return scale * std::cos(llvm::numbers::pi * double(k) * (double(i) + 0.5) / double(size));
  });
}
