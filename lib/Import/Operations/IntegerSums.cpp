//===- IntegerSums.cpp - convolutions, products and pools of quantized tensors ---===//

#include "IntegerSums.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Shaping.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

namespace {

/// What the layer computes with: a filter without zero points, and the bias.
struct Weights {
  Value filter, bias;
};

/// The weights of a layer of `channels` channels, which are the innermost dimensions of the filter.
class WeightReader {
public:
  WeightReader(TensorBuilder &b, const Quantized &input, const Quantized &filter, int64_t channels)
      : b(b), input(input), filter(filter), channels(channels), sums(channels, 0) {}

  std::optional<Weights> read(Value bias);

private:
  Value centered(ArrayRef<int64_t> numbers) const;
  Value withCorrection(Value bias) const;
  Type sumType() const { return b.builder.getIntegerType(input.by.width == 8 ? 32 : 64); }

  TensorBuilder &b;
  const Quantized &input, &filter;
  int64_t channels;
  SmallVector<int64_t> sums; // of the weights of each channel
};

} // namespace

/// As i8 where all numbers are some: only zero points need more.
Value WeightReader::centered(ArrayRef<int64_t> numbers) const {
  bool isByte = llvm::all_of(numbers, [](int64_t n) { return n >= -128 && n <= 127; });
  Type element = b.builder.getIntegerType(isByte ? 8 : 16);
  auto type = RankedTensorType::get(shapeOf(filter.value), element);
  auto elements =
      isByte ? DenseElementsAttr::get(
                   type, ArrayRef<int8_t>(SmallVector<int8_t>(numbers.begin(), numbers.end())))
             : DenseElementsAttr::get(
                   type, ArrayRef<int16_t>(SmallVector<int16_t>(numbers.begin(), numbers.end())));
  return arith::ConstantOp::create(b.builder, filter.value.getLoc(), elements);
}

/// The bias less the zero point of the input times the sum of the weights.
Value WeightReader::withCorrection(Value bias) const {
  Type type = sumType();
  unsigned width = type.getIntOrFloatBitWidth();
  SmallVector<APInt> numbers;
  for (int64_t sum : sums)
    numbers.push_back(APInt(64, -uint64_t(input.by.zero()) * uint64_t(sum)).trunc(width));
  DenseElementsAttr known;
  if (bias && matchPattern(bias, m_Constant(&known)))
    for (auto [number, of] : llvm::zip_equal(numbers, known.getValues<APInt>()))
      number += of.sextOrTrunc(width);
  bool isZero = llvm::all_of(numbers, [](const APInt &number) { return number.isZero(); });
  if (isZero && !bias)
    return {};
  Location loc = bias ? bias.getLoc() : b.loc;
  Value constant = arith::ConstantOp::create(
      b.builder, loc, DenseElementsAttr::get(RankedTensorType::get(channels, type), numbers));
  return bias && !known ? apply(b, "add", {convertTo(b, bias, type), constant}) : constant;
}

std::optional<Weights> WeightReader::read(Value bias) {
  DenseElementsAttr elements;
  if (!filter.value || !matchPattern(filter.value, m_Constant(&elements))) {
    b.error() << "expected integer weights that are known when the model is compiled";
    return std::nullopt;
  }
  SmallVector<int64_t> numbers;
  for (const APInt &element : elements.getValues<APInt>()) {
    size_t channel = numbers.size() % channels;
    int64_t integer =
        filter.by.isUnsigned ? int64_t(element.getZExtValue()) : element.getSExtValue();
    numbers.push_back(integer - filter.by.zero(channel));
    sums[channel] += numbers.back();
  }
  return Weights{centered(numbers), withCorrection(bias)};
}

static PlacedWindow over(PlacedWindow window, const Quantized &input) {
  window.unsignedInput = input.by.isUnsigned;
  window.paddingValue = input.by.zero();
  return window;
}

Value ops::sumConvolution(TensorBuilder &b, const PlacedWindow &window, const Quantized &input,
                          const Quantized &filter, Value bias, int64_t groups) {
  WeightReader reader(b, input, filter, shapeOf(filter.value).back());
  auto weights = reader.read(bias);
  return weights ? convolution(b, over(window, input), input.value, weights->filter, weights->bias,
                               groups, ActivationAttr())
                 : Value();
}

Value ops::sumDepthwise(TensorBuilder &b, const PlacedWindow &window, const Quantized &input,
                        const Quantized &filter, Value bias) {
  ArrayRef<int64_t> channels = shapeOf(filter.value).take_back(2);
  WeightReader reader(b, input, filter, channels[0] * channels[1]);
  auto weights = reader.read(bias);
  return weights ? depthwiseConvolution(b, over(window, input), input.value, weights->filter,
                                        weights->bias, ActivationAttr())
                 : Value();
}

Value ops::sumDense(TensorBuilder &b, const Quantized &input, const Quantized &filter, Value bias) {
  WeightReader reader(b, input, filter, shapeOf(filter.value).back());
  auto weights = reader.read(bias);
  return weights ? dense(b, input.value, weights->filter, weights->bias, ActivationAttr(),
                         input.by.isUnsigned)
                 : Value();
}

/// The distances from a zero point, which have 9 or 17 bits: of bytes as i16.
static Value centeredInput(TensorBuilder &b, const Quantized &x) {
  Type element = b.builder.getIntegerType(16);
  if (!x.by.zero() && !x.by.isUnsigned)
    return convertTo(b, x.value, element);
  AffineMap map = b.builder.getMultiDimIdentityMap(rankOf(x.value));
  auto body = [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
    Value wide = widened(builder, loc, e[0], x.by.isUnsigned);
    Value zero = number(builder, loc, wide.getType(), x.by.zero());
    return arith::SubIOp::create(builder, loc, wide, zero);
  };
  return elementwise(b, shapeOf(x.value), x.value, map, body, element);
}

/// The filter is [spatial..., filters, channels]: taps of different positions add up to different
/// corrections, so that the input is centered instead.
Value ops::sumTransposed(TensorBuilder &b, const Window &window, const Quantized &input,
                         const Quantized &filter, Value bias) {
  Quantized centered{centeredInput(b, input), {}};
  centered.by.width = 16;
  Quantization by = filter.by;
  if (llvm::all_equal(by.zeros)) {
    by.zeros.truncate(std::min<size_t>(by.zeros.size(), 1));
  } else {
    b.error() << "expected one zero point of the filter, found " << by.zeros.size();
    return {};
  }
  WeightReader reader(b, centered, {filter.value, by}, shapeOf(filter.value).back());
  auto weights = reader.read(Value());
  if (!weights)
    return {};
  Value wideBias = bias ? convertTo(b, bias, b.builder.getI64Type()) : Value();
  Value sums = transposedConvolution(b, window, std::nullopt, centered.value, weights->filter,
                                     wideBias, ActivationAttr());
  bool isByte = input.by.width == 8;
  return sums && isByte ? convertTo(b, sums, b.builder.getI32Type()) : sums;
}

//===----------------------------------------------------------------------===//
// Without weights
//===----------------------------------------------------------------------===//

Value ops::sumWindows(TensorBuilder &b, const Window &window, const Quantized &input) {
  return foldWindows(b, window, input.value, 0, b.builder.getI32Type(),
                     [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
                       return arith::AddIOp::create(
                           builder, loc, x[0], widened(builder, loc, x[1], input.by.isUnsigned));
                     });
}

Value ops::countWindows(TensorBuilder &b, const Window &window, Value input) {
  SmallVector<int64_t> counts{1}, shape{1};
  for (size_t i = 0; i < window.size.size(); ++i) {
    int64_t size = shapeOf(input)[window.firstDim() + i];
    std::optional<WindowExtent> extent = place(b, window, i, size);
    if (!extent)
      return {};
    SmallVector<int64_t> all;
    for (int64_t before : counts)
      for (int64_t at = 0; at < extent->output; ++at) {
        int64_t begin = at * window.strides[i] - extent->before;
        all.push_back(before *
                      (std::min(begin + window.size[i], size) - std::max<int64_t>(begin, 0)));
      }
    counts = all;
    shape.push_back(extent->output);
  }
  shape.push_back(1);
  Type element = b.builder.getI32Type();
  if (llvm::all_equal(counts))
    return b.splat({}, element, counts.front());
  auto type = RankedTensorType::get(shape, element);
  return arith::ConstantOp::create(
      b.builder, b.loc,
      DenseElementsAttr::get(
          type, ArrayRef<int32_t>(SmallVector<int32_t>(counts.begin(), counts.end()))));
}

Value ops::maxWindows(TensorBuilder &b, const PlacedWindow &window, const Quantized &input) {
  return pool(b, over(window, input), input.value, PoolKind::Max);
}

Value ops::sumAlong(TensorBuilder &b, const Quantized &x, ArrayRef<int64_t> dims) {
  Value sums = fold(b, x.value, dims, b.builder.getI32Type(), 0,
                    [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
                      return arith::AddIOp::create(builder, loc, e[1],
                                                   widened(builder, loc, e[0], x.by.isUnsigned));
                    });
  SmallVector<int64_t> kept(shapeOf(x.value));
  for (int64_t dim : dims)
    kept[dim] = 1;
  return sums ? reshape(b, sums, kept) : Value();
}
