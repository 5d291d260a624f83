//===- Float64Functions.h - functions of float64 by arithmetic --------------===//
//
// Without branches, so that vectors stay vectors, and without fma: a product and its error are said
// by halves of the factors, so that the numbers are the same on each machine. Errors are up to 3
// units in the last place, of erfc 8; a test compares them with libm's
// (test/Execution/emulator/float64.test). Private to lib/Lowering/Math.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::sepconv {

/// Builds functions of values that are float64, or vectors of it.
class Float64Functions {
public:
  /// Before an operation, of its type.
  Float64Functions(Operation *op) : b(op->getLoc(), op), type(op->getResult(0).getType()) {}

  // Float64Functions.cpp
  Value exp(Value x) { return scaledExp(x, 0); }
  Value exp2(Value x);
  Value expm1(Value x);
  Value log(Value x);
  Value log1p(Value x);
  Value log2(Value x);
  Value log10(Value x);
  Value pow(Value x, Value y);
  // Float64Hyperbolic.cpp
  Value sinh(Value x);
  Value cosh(Value x);
  Value tanh(Value x);
  Value asinh(Value x);
  Value acosh(Value x);
  Value atanh(Value x);
  Value cbrt(Value x);
  Value erf(Value x);
  Value erfc(Value x);
  // Float64Angles.cpp: no number of an angle beyond 2^40.
  Value sin(Value x) { return sine(x, /*quarters=*/0); }
  Value cos(Value x) { return sine(x, /*quarters=*/1); }
  Value tan(Value x);
  Value asin(Value x);
  Value acos(Value x);
  Value atan(Value x);
  Value atan2(Value y, Value x);

private:
  using Compare = arith::CmpFPredicate;
  /// A number in two parts: the nearest, and what that is off.
  using Pair = std::pair<Value, Value>;

  template <typename T> Value splat(Type of, T value) {
    auto vector = dyn_cast<VectorType>(of);
    Type element = getElementTypeOrSelf(of);
    TypedAttr one = isa<FloatType>(element) ? TypedAttr(b.getFloatAttr(element, double(value)))
                                            : TypedAttr(b.getIntegerAttr(element, int64_t(value)));
    return arith::ConstantOp::create(
        b, of, vector ? TypedAttr(DenseElementsAttr::get(vector, Attribute(one))) : one);
  }
  Value number(double value) { return splat(type, value); }
  Type integers() {
    Type element = b.getI64Type();
    auto vector = dyn_cast<VectorType>(type);
    return vector ? Type(VectorType::get(vector.getShape(), element)) : element;
  }
  Value integer(int64_t value) { return splat(integers(), value); }
  Value add(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, x, y); }
  Value neg(Value x) { return arith::NegFOp::create(b, x); }
  Value abs(Value x);
  Value sqrt(Value x);
  Value floor(Value x);
  Value signOf(Value of, Value magnitude);
  Value is(Compare predicate, Value x, Value y) {
    return arith::CmpFOp::create(b, predicate, x, y);
  }
  Value is(Compare predicate, Value x, double y) { return is(predicate, x, number(y)); }
  Value both(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
  Value select(Value condition, Value x, Value y) {
    return arith::SelectOp::create(b, condition, x, y);
  }
  Value bitsOf(Value x) { return arith::BitcastOp::create(b, integers(), x); }
  Value fromBits(Value x) { return arith::BitcastOp::create(b, type, x); }
  Value polynomial(Value x, ArrayRef<double> coefficients);
  Value powerOf2(Value exponent);
  Pair sum(Value x, Value y);
  Pair product(Value x, Value y);
  /// x = exponent * ln 2 + rest, with |rest| at most ln 2 / 2.
  Pair reduce(Value x);
  /// exp(rest) - 1.
  Value reducedExpm1(Value rest);
  /// exp(rest) * 2^exponent.
  Value scaled(Value rest, Value exponent);
  /// exp(x) * 2^exponent.
  Value scaledExp(Value x, int64_t exponent);
  /// x = 2^exponent * (1 + f), f from sqrt(1/2) - 1 to sqrt(2) - 1, both as numbers.
  Pair mantissa(Value x);
  /// log(1 + f), and what it is off.
  Pair logOfMantissa(Value f);
  Pair logParts(Value x);
  /// What log is of what has no logarithm, or of what has a logarithm of its own.
  Value specialLog(Value x, Value result);
  Value complementOfErf(Value magnitude);
  Value sine(Value x, int64_t quarters);

  ImplicitLocOpBuilder b;
  Type type;
};

} // namespace mlir::sepconv
