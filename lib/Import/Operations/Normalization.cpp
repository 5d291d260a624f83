//===- Normalization.cpp - means and deviations taken out ------------------------===//

#include "Normalization.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "Reductions.h"
#include "Shaping.h"
#include "Windows.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::batchNorm(TensorBuilder &b, Value value, Value gamma, Value beta, Value mean,
                     Value variance, int64_t dim, double epsilon) {
  return BatchNormOp::create(b.builder, b.loc, value.getType(), value, gamma, beta, mean, variance,
                             dim, APFloat(epsilon));
}

/// sqrt(x + epsilon)
static Value root(TensorBuilder &b, Value value, double epsilon) {
  Value sum = apply(b, "add", {value, b.splat({}, elementOf(value), epsilon)});
  return apply(b, "sqrt", sum);
}

Value ops::standardize(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, double epsilon) {
  Value mean = reduce(b, value, dims, /*keepDims=*/true, Reduction::Mean);
  Value distance = apply(b, "subtract", {value, mean});
  Value squares = apply(b, "square", distance);
  Value variance = reduce(b, squares, dims, /*keepDims=*/true, Reduction::Mean);
  return apply(b, "divide", {distance, root(b, variance, epsilon)});
}

Value ops::standardizeGroups(TensorBuilder &b, Value value, int64_t dim, int64_t groups,
                             double epsilon) {
  SmallVector<int64_t> shape(shapeOf(value)), split(shape);
  if (shape[dim] % groups) {
    b.error("groups") << "expected a divisor of the " << shape[dim] << " channels, found "
                      << groups;
    return {};
  }
  split[dim] = groups;
  split.insert(split.begin() + dim + 1, shape[dim] / groups);
  SmallVector<int64_t> dims;
  for (int64_t i = 1, e = split.size(); i < e; ++i)
    if (i != dim)
      dims.push_back(i);
  return reshape(b, standardize(b, reshape(b, value, split), dims, epsilon), shape);
}

Value ops::rmsNorm(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, double epsilon) {
  Value mean = reduce(b, apply(b, "square", value), dims, /*keepDims=*/true, Reduction::Mean);
  return apply(b, "divide", {value, root(b, mean, epsilon)});
}

Value ops::unitNorm(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, unsigned order,
                    double epsilon) {
  Value norm =
      reduce(b, value, dims, /*keepDims=*/true, order == 1 ? Reduction::L1 : Reduction::L2);
  Value least = b.splat({}, elementOf(value), epsilon);
  return apply(b, "divide", {value, apply(b, "maximum", {norm, least})});
}

Value ops::localResponseNorm(TensorBuilder &b, Value value, int64_t dim, int64_t size, double alpha,
                             double beta, double bias) {
  // The neighbours are a window over a signal whose places are those along the dimension.
  SmallVector<int64_t> shape(shapeOf(value));
  int64_t before = ShapedType::getNumElements(ArrayRef(shape).take_front(dim));
  int64_t after = ShapedType::getNumElements(ArrayRef(shape).drop_front(dim + 1));
  Window window;
  window.size = {size};
  window.strides = window.dilations = {1};
  window.padding = Window::Explicit;
  window.margins = {{(size - 1) / 2, size / 2}};
  Value signal = reshape(b, apply(b, "square", value), {before, shape[dim], after});
  Value sums = sumPool(b, window, signal);
  Type element = elementOf(value);
  Value scaled = apply(b, "multiply", {sums, b.splat({}, element, alpha / size)});
  Value moved = apply(b, "add", {scaled, b.splat({}, element, bias)});
  Value divisor = apply(b, "power", {moved, b.splat({}, element, beta)});
  return divisor ? apply(b, "divide", {value, reshape(b, divisor, shape)}) : Value();
}

Value ops::scaleAlong(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, Value gamma,
                      Value beta) {
  SmallVector<int64_t> shape(rankOf(value), 1);
  for (int64_t dim : dims)
    shape[dim] = shapeOf(value)[dim];
  if (gamma)
    value = apply(b, "multiply", {value, reshape(b, gamma, shape)});
  if (beta)
    value = apply(b, "add", {value, reshape(b, beta, shape)});
  return value;
}

//===----------------------------------------------------------------------===//
// With statistics that are given
//===----------------------------------------------------------------------===//

Value ops::deviation(TensorBuilder &b, Value variance, float least) {
  ArrayRef<int64_t> shape = shapeOf(variance);
  DenseElementsAttr known;
  if (matchPattern(variance, m_Constant(&known)) && known.getElementType().isF32())
    return b.constant(shape, llvm::map_to_vector(known.getValues<float>(), [&](float value) {
                        return std::max(std::sqrt(value), least);
                      }));
  AffineMap map = b.builder.getMultiDimIdentityMap(shape.size());
  return elementwise(b, shape, variance, map, [&](OpBuilder &builder, Location loc, ValueRange x) {
    Value root = math::SqrtOp::create(builder, loc, x[0]);
    Value bound = number(builder, loc, root.getType(), least);
    return arith::MaximumFOp::create(builder, loc, root, bound).getResult();
  });
}

Value ops::centered(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, Value mean,
                    Value deviation, bool invert) {
  SmallVector<AffineExpr> source;
  for (auto [size, dim] : llvm::zip_equal(shapeOf(mean), dims))
    source.push_back(size == 1 ? b.builder.getAffineConstantExpr(0)
                               : b.builder.getAffineDimExpr(dim));
  AffineMap map = AffineMap::get(rankOf(value), 0, source, b.builder.getContext());
  AffineMap maps[] = {b.builder.getMultiDimIdentityMap(rankOf(value)), map, map};
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    if (invert)
      return arith::AddFOp::create(builder, loc, x[1],
                                   arith::MulFOp::create(builder, loc, x[0], x[2]));
    Value distance = arith::SubFOp::create(builder, loc, x[0], x[1]);
    return arith::DivFOp::create(builder, loc, distance, x[2]);
  };
  return elementwise(b, shapeOf(value), {value, mean, deviation}, maps, body);
}
