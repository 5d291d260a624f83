//===- IntegerSoftmax.cpp - softmax of bytes in fixed point ----------------------===//
//
// Rule Q8. The exponential of the distance from the greatest one of a row, a byte, is in a table;
// the reciprocal of their sum is computed for each row by Newton's method.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "FixedPoint.h"
#include "Quantization.h"
#include "Reductions.h"
#include "Shaping.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// exp(-distance * scale) in units of 2^-31, for all distances of bytes; 0 where the argument, of
/// five integer bits, would overflow.
static SmallVector<int32_t> exponentials(double scale) {
  constexpr int fraction = 26, integerBits = 5;
  double most = std::exp2(31) - 1;
  Multiplier multiplier = multiplierOf(std::min(scale * (1 << fraction), most));
  double radius = std::floor(((1 << integerBits) - 1) * std::exp2(fraction - multiplier.shift));
  SmallVector<int32_t> table;
  for (int32_t distance = 0; distance < 256; ++distance)
    table.push_back(distance <= radius ? expOfNegative(-multiply(-distance, multiplier)) : 0);
  return table;
}

static Value constantTable(TensorBuilder &b, ArrayRef<int32_t> numbers) {
  auto type = RankedTensorType::get(numbers.size(), b.builder.getI32Type());
  return arith::ConstantOp::create(b.builder, b.loc, DenseElementsAttr::get(type, numbers));
}

/// The entry for the distance of x from the greatest one.
static Value lookUp(OpBuilder &b, Location loc, Value table, Value x, Value greatest,
                    bool isUnsigned) {
  Value distance = arith::SubIOp::create(b, loc, widened(b, loc, greatest, isUnsigned),
                                         widened(b, loc, x, isUnsigned));
  // As it is; whoever checks accesses does not know that the greatest one is greater.
  distance = clamp(b, loc, distance, 0, 255);
  Value place = arith::IndexCastOp::create(b, loc, b.getIndexType(), distance);
  return tensor::ExtractOp::create(b, loc, table, place);
}

namespace {

/// Arithmetic of i64 on numbers of 32 bits.
struct Wide {
  Value number(int64_t value) { return integer(b, loc, b.getI64Type(), value); }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, loc, x, y); }
  Value sub(Value x, Value y) { return arith::SubIOp::create(b, loc, x, y); }
  Value left(Value x, Value y) { return arith::ShLIOp::create(b, loc, x, y); }
  Value right(Value x, int64_t n) { return arith::ShRSIOp::create(b, loc, x, number(n)); }
  /// x * y / 2^31 to nearest.
  Value high(Value x, Value y) {
    return right(add(arith::MulIOp::create(b, loc, x, y), number(1 << 30)), 31);
  }

  OpBuilder &b;
  Location loc;
};

} // namespace

/// How many zeros there are before the first bit of a number of 32 bits.
static Value leadingZeros(Wide &w, Value x) {
  return w.sub(math::CountLeadingZerosOp::create(w.b, w.loc, x), w.number(32));
}

/// 1 / (1 + x) of 0 <= x < 1, both in units of 2^-31: from 48/17 - 32/17 * d on, with
/// d = (1 + x) / 2, in units of 2^-29.
static Value reciprocal(Wide &w, Value x) {
  Value half = w.right(w.add(x, w.number(int64_t(1) << 31)), 1);
  Value result = w.add(w.number(1515870810), w.high(half, w.number(-1010580540)));
  for (int step = 0; step < 3; ++step) {
    Value error = w.sub(w.number(1 << 29), w.high(half, result));
    result = w.add(result, w.left(w.high(result, error), w.number(2)));
  }
  return clamp(w.b, w.loc, w.left(result, w.number(1)), std::numeric_limits<int32_t>::min(),
               std::numeric_limits<int32_t>::max());
}

Value ops::softmax(TensorBuilder &b, const Quantized &x, double beta, const Quantization &to) {
  if (!x.value)
    return {};
  int64_t last = rankOf(x.value) - 1;
  bool isUnsigned = x.by.isUnsigned;
  SmallVector<int32_t> table = exponentials(beta * x.by.scale());
  Value exact = constantTable(b, table);
  Value rounded =
      constantTable(b, llvm::map_to_vector(table, [](int32_t e) { return roundingShift(e, 12); }));
  SmallVector<int64_t> row(shapeOf(x.value));
  row.back() = 1;
  Value greatest = reshape(b,
                           fold(b, x.value, last, elementOf(x.value), x.by.least(),
                                [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
                                  if (isUnsigned)
                                    return arith::MaxUIOp::create(builder, loc, e[1], e[0]);
                                  return arith::MaxSIOp::create(builder, loc, e[1], e[0]);
                                }),
                           row);
  Type wide = b.builder.getI64Type(), narrow = b.builder.getI32Type();
  Value sum = reshape(b,
                      fold(b, {x.value, greatest}, last, narrow, 0,
                           [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
                             Value term = lookUp(builder, loc, rounded, e[0], e[1], isUnsigned);
                             return arith::AddIOp::create(builder, loc, e[2], term);
                           }),
                      row);
  AffineMap map = b.builder.getMultiDimIdentityMap(row.size());
  // The sum has 12 integer bits; its reciprocal is that of the sum shifted to 1 <= s < 2.
  Value scale = elementwise(
      b, row, sum, map,
      [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
        Wide w{builder, loc};
        Value s = arith::ExtSIOp::create(builder, loc, wide, e[0]);
        Value shifted = w.left(s, leadingZeros(w, s));
        return reciprocal(w, w.sub(shifted, w.number(int64_t(1) << 31)));
      },
      narrow);
  int64_t bits = 12 + 31 - int64_t(to.width);
  Value exponent = elementwise(
      b, row, sum, map,
      [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
        Wide w{builder, loc};
        Value s = arith::ExtSIOp::create(builder, loc, wide, e[0]);
        return w.sub(w.number(bits), leadingZeros(w, s));
      },
      narrow);
  Type element = b.builder.getIntegerType(to.width);
  SmallVector<AffineExpr> first(map.getResults());
  first.back() = b.builder.getAffineConstantExpr(0);
  AffineMap rows = AffineMap::get(row.size(), 0, first, b.builder.getContext());
  auto body = [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
    Wide w{builder, loc};
    Value exp = lookUp(builder, loc, exact, e[0], e[1], isUnsigned);
    Value product = w.high(arith::ExtSIOp::create(builder, loc, wide, e[2]),
                           arith::ExtSIOp::create(builder, loc, wide, exp));
    Value part = w.add(roundingShift(builder, loc, product, e[3]), w.number(to.least()));
    return arith::TruncIOp::create(builder, loc, element,
                                   clamp(builder, loc, part, to.least(), to.greatest()));
  };
  return elementwise(b, shapeOf(x.value), {x.value, greatest, scale, exponent},
                     {map, rows, rows, rows}, body, element);
}
