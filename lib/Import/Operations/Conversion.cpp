//===- Conversion.cpp - numbers of one type as those of another ------------------===//
//
// Integers have a sign. Those of a caller that have none become wider ones where they come in, and
// narrow where they go out.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"

#include "sepconv/IR/Buffer.h"

#include "llvm/ADT/APSInt.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

static unsigned widthOf(Type type) { return type.getIntOrFloatBitWidth(); }

Value ops::convert(OpBuilder &b, Location loc, Value x, Type to) {
  Type from = x.getType();
  if (from == to)
    return x;
  bool isFloat = isa<FloatType>(from), toFloat = isa<FloatType>(to);
  if (from.isInteger(1))
    return arith::SelectOp::create(b, loc, x, number(b, loc, to, 1), number(b, loc, to, 0));
  if (to.isInteger(1)) {
    Value zero = number(b, loc, from, 0);
    if (isFloat)
      return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNE, x, zero);
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, x, zero);
  }
  if (!isFloat && toFloat)
    return convert(b, loc, arith::SIToFPOp::create(b, loc, computedIn(to), x), to);
  if (isFloat && !toFloat) {
    // By way of 32 bits, of which the lower ones are kept, as C and NumPy do.
    if (widthOf(to) >= 32)
      return arith::FPToSIOp::create(b, loc, to, x);
    return convert(b, loc, arith::FPToSIOp::create(b, loc, b.getI32Type(), x), to);
  }
  if (widthOf(from) == widthOf(to)) // float16 and bfloat16
    return convert(b, loc, convert(b, loc, x, b.getF32Type()), to);
  bool widens = widthOf(from) < widthOf(to);
  if (isFloat)
    return widens ? arith::ExtFOp::create(b, loc, to, x).getResult()
                  : arith::TruncFOp::create(b, loc, to, x).getResult();
  return widens ? arith::ExtSIOp::create(b, loc, to, x).getResult()
                : arith::TruncIOp::create(b, loc, to, x).getResult();
}

/// The bits of the nearest number of a type; of integers the next one towards zero.
static APInt bitsOf(const APFloat &x, Type type) {
  if (auto to = dyn_cast<FloatType>(type)) {
    APFloat result = x;
    bool losesInfo;
    result.convert(to.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    return result.bitcastToAPInt();
  }
  if (type.isInteger(1))
    return APInt(1, !x.isZero());
  llvm::APSInt result(widthOf(type), /*isUnsigned=*/false);
  bool isExact;
  x.convertToInteger(result, APFloat::rmTowardZero, &isExact);
  return result;
}

Value ops::convertConstant(OpBuilder &builder, Value value, Type element) {
  DenseElementsAttr numbers;
  if (elementOf(value) == element)
    return value;
  if (!isa<FloatType>(elementOf(value)) || !matchPattern(value, m_Constant(&numbers)))
    return {};
  auto converted = cast<DenseFPElementsAttr>(numbers).mapValues(
      element, [&](const APFloat &x) { return bitsOf(x, element); });
  return arith::ConstantOp::create(builder, value.getLoc(), converted);
}

Value ops::convertTo(TensorBuilder &b, Value value, Type element) {
  if (!value || elementOf(value) == element)
    return value;
  if (Value constant = convertConstant(b.builder, value, element))
    return constant;
  AffineMap map = b.builder.getMultiDimIdentityMap(rankOf(value));
  return elementwise(
      b, shapeOf(value), value, map,
      [&](OpBuilder &builder, Location loc, ValueRange x) {
        return convert(builder, loc, x[0], computedIn(element));
      },
      element);
}

Value ops::fromOutside(TensorBuilder &b, Value value, StringRef dtype) {
  if (!dtype.starts_with("uint"))
    return value;
  unsigned bits = widthOf(elementOf(value));
  if (bits >= 64)
    return value;
  Type wide = b.builder.getIntegerType(bits < 32 ? 32 : 64);
  AffineMap map = b.builder.getMultiDimIdentityMap(rankOf(value));
  return elementwise(
      b, shapeOf(value), value, map,
      [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
        return arith::ExtUIOp::create(builder, loc, wide, x[0]);
      },
      wide);
}

Type ops::typeNamed(MLIRContext *context, StringRef dtype) {
  Builder b(context);
  Type types[] = {b.getF16Type(),       b.getBF16Type(), b.getF32Type(),
                  b.getF64Type(),       b.getI1Type(),   b.getI8Type(),
                  b.getIntegerType(16), b.getI32Type(),  b.getI64Type()};
  for (Type type : types)
    if (canBe(type, dtype))
      return type;
  return {};
}
