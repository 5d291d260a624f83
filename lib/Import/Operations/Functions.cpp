//===- Functions.cpp - functions of one element by their names -------------------===//

#include "FunctionBodies.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;
using namespace mlir::sepconv::ops::bodies;

using K = Function::Kind;

static constexpr Function table[] = {
    {"absolute", 1, absolute, K::Number},
    {"add", 2, arithmetic<arith::AddFOp, arith::AddIOp>, K::Number},
    {"arccos", 1, unary<math::AcosOp>},
    {"arccosh", 1, unary<math::AcoshOp>},
    {"arcsin", 1, unary<math::AsinOp>},
    {"arcsinh", 1, unary<math::AsinhOp>},
    {"arctan", 1, unary<math::AtanOp>},
    {"arctan2", 2, binary<math::Atan2Op>},
    {"arctanh", 1, unary<math::AtanhOp>},
    {"bitwise_and", 2, binary<arith::AndIOp>, K::Number},
    {"bitwise_invert", 1, bitwiseNot, K::Number},
    {"bitwise_left_shift", 2, binary<arith::ShLIOp>, K::Number},
    {"bitwise_not", 1, bitwiseNot, K::Number},
    {"bitwise_or", 2, binary<arith::OrIOp>, K::Number},
    {"bitwise_right_shift", 2, binary<arith::ShRSIOp>, K::Number},
    {"bitwise_xor", 2, binary<arith::XOrIOp>, K::Number},
    {"cbrt", 1, cubeRoot},
    {"ceil", 1, whole<math::CeilOp>, K::Number},
    {"cos", 1, unary<math::CosOp>},
    {"cosh", 1, unary<math::CoshOp>},
    {"deg2rad", 1, toRadians},
    {"divide", 2, binary<arith::DivFOp>},
    {"divide_no_nan", 2, divideNoNan},
    {"equal", 2, compare<F::OEQ, I::eq>, K::Predicate},
    {"erf", 1, unary<math::ErfOp>},
    {"erfc", 1, erfc},
    {"exp", 1, unary<math::ExpOp>},
    {"exp2", 1, exp2},
    {"expm1", 1, unary<math::ExpM1Op>},
    {"fabs", 1, absolute},
    {"floor", 1, whole<math::FloorOp>, K::Number},
    {"floor_divide", 2, floorDivide, K::Number},
    {"fmax", 2, fmax},
    {"fmin", 2, fmin},
    {"fmod", 2, remainder, K::Number},
    {"greater", 2, compare<F::OGT, I::sgt>, K::Predicate},
    {"greater_equal", 2, compare<F::OGE, I::sge>, K::Predicate},
    {"heaviside", 2, heaviside},
    {"hypot", 2, hypotenuse},
    {"isfinite", 1, isFinite, K::Predicate},
    {"isinf", 1, isInfinite, K::Predicate},
    {"isnan", 1, isNan, K::Predicate},
    {"isneginf", 1, isNegativeInfinite, K::Predicate},
    {"isposinf", 1, isPositiveInfinite, K::Predicate},
    {"left_shift", 2, binary<arith::ShLIOp>, K::Number},
    {"less", 2, compare<F::OLT, I::slt>, K::Predicate},
    {"less_equal", 2, compare<F::OLE, I::sle>, K::Predicate},
    {"log", 1, unary<math::LogOp>},
    {"log10", 1, log10},
    {"log1p", 1, unary<math::Log1pOp>},
    {"log2", 1, log2},
    {"logaddexp", 2, logAddExp},
    {"logaddexp2", 2, logAddExp2},
    {"logical_and", 2, logical<arith::AndIOp>, K::Predicate},
    {"logical_not", 1, logicalNot, K::Predicate},
    {"logical_or", 2, logical<arith::OrIOp>, K::Predicate},
    {"logical_xor", 2, logicalXor, K::Predicate},
    {"maximum", 2, arithmetic<arith::MaximumFOp, arith::MaxSIOp>, K::Number},
    {"minimum", 2, arithmetic<arith::MinimumFOp, arith::MinSIOp>, K::Number},
    {"mod", 2, floorModulo, K::Number},
    {"multiply", 2, arithmetic<arith::MulFOp, arith::MulIOp>, K::Number},
    {"negative", 1, negative, K::Number},
    {"not_equal", 2, compare<F::UNE, I::ne>, K::Predicate},
    {"power", 2, power, K::Number},
    {"quotient", 2, quotient, K::Number},
    {"rad2deg", 1, toDegrees},
    {"reciprocal", 1, reciprocal},
    {"remainder", 2, remainder, K::Number},
    {"right_shift", 2, binary<arith::ShRSIOp>, K::Number},
    {"round", 1, whole<math::RoundEvenOp>, K::Number},
    {"rsqrt", 1, unary<math::RsqrtOp>},
    {"sign", 1, sign, K::Number},
    {"sin", 1, unary<math::SinOp>},
    {"sinc", 1, sinc},
    {"sinh", 1, unary<math::SinhOp>},
    {"sparse_plus", 1, sparsePlus},
    {"sqrt", 1, unary<math::SqrtOp>},
    {"square", 1, square, K::Number},
    {"squared_difference", 2, squaredDifference, K::Number},
    {"subtract", 2, arithmetic<arith::SubFOp, arith::SubIOp>, K::Number},
    {"tan", 1, unary<math::TanOp>},
    {"tanh", 1, unary<math::TanhOp>},
    {"true_divide", 2, binary<arith::DivFOp>},
    {"trunc", 1, whole<math::TruncOp>, K::Number},
};

ArrayRef<Function> ops::functions() { return table; }

const Function *ops::findFunction(StringRef name) {
  const Function *found = llvm::find_if(table, [&](auto &f) { return f.name == name; });
  return found == std::end(table) ? nullptr : found;
}
