//===- FixedPoint.h - products with numbers that are integers and shifts ---------===//
//
// The arithmetic of TFLite's reference kernels (dialect/README.md, Q5): on numbers that are known,
// and as operations.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Builders.h"

namespace mlir::sepconv::ops {

/// value / 2^31 * 2^shift, with `value` from 2^30 to 2^31 - 1, or 0.
struct Multiplier {
  int32_t value = 0;
  int shift = 0;
  bool operator==(const Multiplier &other) const {
    return value == other.value && shift == other.shift;
  }
};

/// The nearest one; 0 below 2^-32.
Multiplier multiplierOf(double number);

/// a * b / 2^31, rounded to nearest, the greater one of two.
int32_t highProduct(int32_t a, int32_t b);
/// x / 2^shift, rounded to nearest, away from zero between two.
int32_t roundingShift(int32_t x, int shift);
/// x * multiplier by these two.
int32_t multiply(int32_t x, Multiplier multiplier);

/// The same of an i32. Of an i64, the sum of products of 16 bits, it is the product with the 16
/// upper bits of the multiplier, rounded once; an i32 too.
Value multiply(OpBuilder &b, Location loc, Value x, Multiplier multiplier);
/// With the numbers of a multiplier as i32: the value, what is shifted to the left before (null
/// where nothing is), and to the right afterwards.
struct MultiplierValues {
  Value value, left, right;
};
Value multiply(OpBuilder &b, Location loc, Value x, const MultiplierValues &multiplier);
Value roundingShift(OpBuilder &b, Location loc, Value x, Value shift);

/// exp(-x / 2^26) of 0 <= x < 2^31, in units of 2^-31.
int32_t expOfNegative(int32_t x);
/// The nearest number from `least` to `greatest`.
Value clamp(OpBuilder &b, Location loc, Value x, int64_t least, int64_t greatest);

/// The integer of a type.
Value integer(OpBuilder &b, Location loc, Type type, int64_t value);

} // namespace mlir::sepconv::ops
