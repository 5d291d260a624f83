//===- Quantization.cpp - integers that stand for numbers ------------------------===//

#include "Quantization.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "FixedPoint.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::widened(OpBuilder &b, Location loc, Value x, bool isUnsigned) {
  Type wide = b.getI32Type();
  if (x.getType() == wide)
    return x;
  return isUnsigned ? arith::ExtUIOp::create(b, loc, wide, x).getResult()
                    : arith::ExtSIOp::create(b, loc, wide, x).getResult();
}

static bool checkCounts(TensorBuilder &b, Value value, const Quantization &by) {
  ArrayRef<int64_t> shape = shapeOf(value);
  int64_t count = by.scales.size(), rank = shape.size();
  bool fits = !by.isEach() || (by.dim >= 0 && by.dim < rank && shape[by.dim] == count);
  if (count && fits && (by.zeros.size() <= 1 || by.zeros.size() == by.scales.size()))
    return true;
  b.error() << "expected one scale or one for each element of a dimension of shape " << shown(shape)
            << ", found " << count << " along dimension " << by.dim;
  return false;
}

namespace {

/// The scales and zeros of an elementwise operation: numbers in its body, or of each element along
/// a dimension.
struct Pairs {
  Pairs(TensorBuilder &b, Value x, const Quantization &by) : by(by), operands{x} {
    AffineMap all = b.builder.getMultiDimIdentityMap(rankOf(x));
    maps.push_back(all);
    if (!by.isEach())
      return;
    SmallVector<float> zeros;
    for (size_t i = 0; i < by.scales.size(); ++i)
      zeros.push_back(by.zero(i));
    for (ArrayRef<float> numbers : {ArrayRef<float>(by.scales), ArrayRef<float>(zeros)}) {
      operands.push_back(b.constant(int64_t(numbers.size()), numbers));
      maps.push_back(all.getSubMap(unsigned(by.dim)));
    }
  }
  /// In float32, from the elements of the operands.
  std::pair<Value, Value> scaleAndZero(OpBuilder &b, Location loc, ValueRange e) const {
    if (by.isEach())
      return {e[1], e[2]};
    Type real = b.getF32Type();
    return {number(b, loc, real, by.scale()), number(b, loc, real, by.zero())};
  }

  const Quantization &by;
  SmallVector<Value> operands;
  SmallVector<AffineMap> maps;
};

} // namespace

/// How many elements in a row have the same scale.
static int64_t innerSize(ArrayRef<int64_t> shape, const Quantization &by) {
  return by.isEach() ? ShapedType::getNumElements(shape.drop_front(by.dim + 1)) : 1;
}

Value ops::dequantize(TensorBuilder &b, const Quantized &x) {
  const Quantization &by = x.by;
  if (!x.value || !checkCounts(b, x.value, by))
    return {};
  ArrayRef<int64_t> shape = shapeOf(x.value);
  DenseElementsAttr elements;
  if (matchPattern(x.value, m_Constant(&elements))) {
    // Weights are many.
    int64_t inner = innerSize(shape, by), at = 0, count = by.scales.size();
    SmallVector<float> results;
    for (const APInt &element : elements.getValues<APInt>()) {
      int64_t i = at++ / inner % count;
      double integer =
          by.isUnsigned ? double(element.getZExtValue()) : double(element.getSExtValue());
      results.push_back((integer - double(by.zero(i))) * by.scale(i));
    }
    return b.constant(shape, results);
  }
  Type real = b.builder.getF32Type();
  Pairs pairs(b, x.value, by);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
    bool isNarrow = e[0].getType().getIntOrFloatBitWidth() < 32;
    Value wide = isNarrow ? widened(builder, loc, e[0], by.isUnsigned) : e[0];
    Value number = arith::SIToFPOp::create(builder, loc, real, wide);
    auto [scale, zero] = pairs.scaleAndZero(builder, loc, e);
    Value distance = arith::SubFOp::create(builder, loc, number, zero);
    return arith::MulFOp::create(builder, loc, distance, scale);
  };
  return elementwise(b, shape, pairs.operands, pairs.maps, body, real);
}

/// The nearest integer, as an i32: within the range, to which a NaN belongs too.
static Value nearest(OpBuilder &b, Location loc, Value x, Rounding rounding, double least,
                     double greatest) {
  Type real = x.getType();
  Value rounded = rounding == Rounding::ToEven ? math::RoundEvenOp::create(b, loc, x).getResult()
                                               : math::RoundOp::create(b, loc, x).getResult();
  Value above = arith::MaxNumFOp::create(b, loc, rounded, number(b, loc, real, least));
  Value within = arith::MinNumFOp::create(b, loc, above, number(b, loc, real, greatest));
  return arith::FPToSIOp::create(b, loc, b.getI32Type(), within);
}

/// Of weights, which are many.
static Value quantizeConstant(TensorBuilder &b, DenseElementsAttr x, ArrayRef<int64_t> shape,
                              const Quantization &to, Rounding rounding) {
  int64_t inner = innerSize(shape, to), at = 0, count = to.scales.size();
  auto type = RankedTensorType::get(shape, b.builder.getIntegerType(to.width));
  SmallVector<APInt> integers;
  for (const APFloat &element : x.getValues<APFloat>()) {
    int64_t i = at++ / inner % count;
    float quotient = element.convertToFloat() / to.scale(i);
    float nearest = rounding == Rounding::ToEven ? std::nearbyint(quotient) : std::round(quotient);
    double reach = double(int64_t(1) << to.width);
    double within = std::isnan(nearest) ? -reach : std::clamp<double>(nearest, -reach, reach);
    int64_t integer = std::clamp(int64_t(within) + to.zero(i), to.least(), to.greatest());
    integers.push_back(APInt(64, integer, /*isSigned=*/true).trunc(to.width));
  }
  return arith::ConstantOp::create(b.builder, b.loc, DenseElementsAttr::get(type, integers));
}

Value ops::quantize(TensorBuilder &b, Value x, const Quantization &to, Rounding rounding) {
  if (!x || !checkCounts(b, x, to))
    return {};
  if (DenseElementsAttr known; elementOf(x).isF32() && matchPattern(x, m_Constant(&known)))
    return quantizeConstant(b, known, shapeOf(x), to, rounding);
  Type element = b.builder.getIntegerType(to.width);
  Pairs pairs(b, convertTo(b, x, b.builder.getF32Type()), to);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
    auto [scale, zero] = pairs.scaleAndZero(builder, loc, e);
    Value quotient = arith::DivFOp::create(builder, loc, e[0], scale);
    // As far as the range can be from any zero.
    double reach = double(int64_t(1) << to.width);
    Value integer = nearest(builder, loc, quotient, rounding, -reach, reach);
    Value offset = arith::FPToSIOp::create(builder, loc, builder.getI32Type(), zero);
    Value sum = arith::AddIOp::create(builder, loc, integer, offset);
    return arith::TruncIOp::create(builder, loc, element,
                                   clamp(builder, loc, sum, to.least(), to.greatest()));
  };
  return elementwise(b, shapeOf(x), pairs.operands, pairs.maps, body, element);
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

static Value vectorOf(TensorBuilder &b, ArrayRef<int32_t> numbers) {
  auto type = RankedTensorType::get(numbers.size(), b.builder.getI32Type());
  return arith::ConstantOp::create(b.builder, b.loc, DenseElementsAttr::get(type, numbers));
}

namespace {

/// The multiplication of a Requantization: operands behind the sums, and a body that reads their
/// elements.
struct Scaling {
  SmallVector<Value> operands;
  std::function<Value(OpBuilder &, Location, Value, ValueRange)> body;
};

} // namespace

static Scaling fixedPoint(TensorBuilder &b, const Requantization &by) {
  SmallVector<Multiplier> multipliers = llvm::map_to_vector(by.scales, multiplierOf);
  if (llvm::all_equal(multipliers))
    return {{}, [=](OpBuilder &builder, Location loc, Value sum, ValueRange) {
              return multiply(builder, loc, sum, multipliers.front());
            }};
  auto numbers = [&](llvm::function_ref<int32_t(Multiplier)> number) {
    return vectorOf(b, llvm::map_to_vector(multipliers, number));
  };
  Scaling result;
  result.operands = {numbers([](Multiplier m) { return m.value; }),
                     numbers([](Multiplier m) { return std::max(-m.shift, 0); })};
  bool shiftsLeft = llvm::any_of(multipliers, [](Multiplier m) { return m.shift > 0; });
  if (shiftsLeft)
    result.operands.push_back(numbers([](Multiplier m) { return std::max(m.shift, 0); }));
  result.body = [shiftsLeft](OpBuilder &builder, Location loc, Value sum, ValueRange e) {
    return multiply(builder, loc, sum, MultiplierValues{e[0], shiftsLeft ? e[2] : Value(), e[1]});
  };
  return result;
}

/// In float32 with halves to even, or in float64 with halves away from zero.
static Scaling inFloat(TensorBuilder &b, const Requantization &by) {
  bool isWide = by.mode == Requantization::Float64;
  Type real = isWide ? Type(b.builder.getF64Type()) : Type(b.builder.getF32Type());
  Rounding rounding = isWide ? Rounding::AwayFromZero : Rounding::ToEven;
  double least = by.least - by.zero, greatest = by.greatest - by.zero;
  auto scaled = [=](OpBuilder &builder, Location loc, Value sum, Value scale) {
    bool isSum = sum.getType().isInteger();
    Value number = isSum ? arith::SIToFPOp::create(builder, loc, real, sum).getResult() : sum;
    Value product = arith::MulFOp::create(builder, loc, number, scale);
    return nearest(builder, loc, product, rounding, least, greatest);
  };
  if (llvm::all_equal(by.scales)) {
    double scale = by.scales.front();
    return {{}, [=](OpBuilder &builder, Location loc, Value sum, ValueRange) {
              return scaled(builder, loc, sum, number(builder, loc, real, scale));
            }};
  }
  SmallVector<Attribute> scales;
  for (double scale : by.scales)
    scales.push_back(b.builder.getFloatAttr(real, scale));
  auto type = RankedTensorType::get(scales.size(), real);
  Value each = arith::ConstantOp::create(b.builder, b.loc, DenseElementsAttr::get(type, scales));
  return {{each}, [=](OpBuilder &builder, Location loc, Value sum, ValueRange e) {
            return scaled(builder, loc, sum, e[0]);
          }};
}

Value ops::requantize(TensorBuilder &b, Value sums, const Requantization &by) {
  if (!sums)
    return {};
  Scaling scaling = by.mode == Requantization::FixedPoint ? fixedPoint(b, by) : inFloat(b, by);
  AffineMap all = b.builder.getMultiDimIdentityMap(rankOf(sums));
  SmallVector<Value> operands{sums};
  SmallVector<AffineMap> maps{all};
  for (Value operand : scaling.operands) {
    operands.push_back(operand);
    maps.push_back(all.getSubMap(unsigned(by.dim)));
  }
  Type element = b.builder.getIntegerType(by.width);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
    Value scaled = scaling.body(builder, loc, e[0], e.drop_front());
    if (by.zero)
      scaled = arith::AddIOp::create(builder, loc, scaled,
                                     integer(builder, loc, scaled.getType(), by.zero));
    // Floats were limited before they became integers.
    if (by.mode == Requantization::FixedPoint)
      scaled = clamp(builder, loc, scaled, by.least, by.greatest);
    return arith::TruncIOp::create(builder, loc, element, scaled);
  };
  return elementwise(b, shapeOf(sums), operands, maps, body, element);
}

Value ops::tabulate(TensorBuilder &b, const Quantized &x, Type element,
                    const std::function<int64_t(int64_t)> &f) {
  if (!x.value)
    return {};
  SmallVector<Attribute> numbers;
  for (int64_t i = x.by.least(); i <= x.by.greatest(); ++i)
    numbers.push_back(b.builder.getIntegerAttr(element, f(i)));
  auto type = RankedTensorType::get(numbers.size(), element);
  Value table = arith::ConstantOp::create(b.builder, b.loc, DenseElementsAttr::get(type, numbers));
  auto body = [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
    Value wide = widened(builder, loc, e[0], x.by.isUnsigned);
    if (x.by.least())
      wide = arith::SubIOp::create(builder, loc, wide,
                                   integer(builder, loc, wide.getType(), x.by.least()));
    Value place = arith::IndexCastOp::create(builder, loc, builder.getIndexType(), wide);
    return tensor::ExtractOp::create(builder, loc, table, place);
  };
  AffineMap map = b.builder.getMultiDimIdentityMap(rankOf(x.value));
  return elementwise(b, shapeOf(x.value), x.value, map, body, element);
}
