//===- Reductions.cpp - one number of many ---------------------------------------===//

#include "Reductions.h"
#include "../ActivationFunctions.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "Shaping.h"
#include "Windows.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

static int64_t countOf(Value value, ArrayRef<int64_t> dims) {
  int64_t count = 1;
  for (int64_t dim : dims)
    count *= shapeOf(value)[dim];
  return count;
}

static SmallVector<int64_t> keptShape(Value value, ArrayRef<int64_t> dims) {
  SmallVector<int64_t> shape(shapeOf(value));
  for (int64_t dim : dims)
    shape[dim] = 1;
  return shape;
}

Value ops::fold(TensorBuilder &b, ArrayRef<Value> operands, ArrayRef<int64_t> dims, Type element,
                double start, Body body) {
  Value value = operands.front();
  int64_t rank = rankOf(value);
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  SmallVector<AffineExpr> kept;
  SmallVector<int64_t> shape;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (llvm::is_contained(dims, dim)) {
      iterators[dim] = utils::IteratorType::reduction;
    } else {
      kept.push_back(b.builder.getAffineDimExpr(dim));
      shape.push_back(shapeOf(value)[dim]);
    }
  SmallVector<AffineMap> maps;
  for (Value operand : operands) {
    SmallVector<AffineExpr> source;
    for (int64_t dim = 0; dim < rank; ++dim)
      source.push_back(shapeOf(operand)[dim] == shapeOf(value)[dim]
                           ? b.builder.getAffineDimExpr(dim)
                           : b.builder.getAffineConstantExpr(0));
    maps.push_back(AffineMap::get(rank, 0, source, b.builder.getContext()));
  }
  maps.push_back(AffineMap::get(rank, 0, kept, b.builder.getContext()));
  if (llvm::any_of(shape, ShapedType::isDynamic)) {
    b.error() << "expected a known size of all dimensions but those that are reduced, found an "
                 "input of shape "
              << shown(shapeOf(value));
    return {};
  }
  Value init = filled(b, shape, element, start);
  auto build = [&](OpBuilder &builder, Location loc, ValueRange x) {
    linalg::YieldOp::create(builder, loc, body(builder, loc, x));
  };
  return linalg::GenericOp::create(b.builder, b.loc, init.getType(), operands, init, maps,
                                   iterators, build)
      ->getResult(0);
}

/// Whether the reduction is the pool of an image or a signal, for which there are schedules.
static bool isPool(Value value, ArrayRef<int64_t> dims, DataFormat &format) {
  int64_t rank = rankOf(value);
  if ((rank != 3 && rank != 4) || isDynamic(value) || int64_t(dims.size()) != rank - 2 ||
      !isa<FloatType>(elementOf(value)))
    return false;
  format = dims.front() == 1 ? DataFormat::NHWC : DataFormat::NCHW;
  return dims.front() >= 1 && dims.back() - dims.front() == int64_t(dims.size()) - 1;
}

static Value foldWith(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, double start,
                      StringRef function) {
  Type element = elementOf(value);
  if (element.isInteger(1) && findFunction(function)->kind == Function::Number) {
    element = b.builder.getI32Type();
    value = convertTo(b, value, element);
  }
  bool isNarrow = isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 32;
  Value wide = isNarrow ? convertTo(b, value, b.builder.getF32Type()) : value;
  const Function &two = *findFunction(function);
  Value result = fold(b, wide, dims, elementOf(wide), start, two.body);
  return convertTo(b, result, element);
}

/// Divides by how many elements these dimensions of `value` have.
static Value divideByCount(TensorBuilder &b, Value sum, Value value, ArrayRef<int64_t> dims) {
  SmallVector<Value> sizes;
  for (int64_t dim : dims)
    sizes.push_back(getValueOrCreateConstantIndexOp(
        b.builder, b.loc, tensor::getMixedSize(b.builder, b.loc, value, dim)));
  AffineMap map = b.builder.getMultiDimIdentityMap(rankOf(sum));
  return elementwise(
      b, shapeOf(sum), sum, map, [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
        Value result = x[0];
        for (Value size : sizes) {
          Value number = arith::IndexCastOp::create(builder, loc, builder.getI32Type(), size);
          Value real = convert(builder, loc, number, result.getType());
          result = arith::DivFOp::create(builder, loc, result, real);
        }
        return result;
      });
}

static Value composed(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, Reduction kind) {
  switch (kind) {
  case Reduction::L1:
    return reduce(b, apply(b, "absolute", value), dims, true, Reduction::Sum);
  case Reduction::L2:
    return apply(b, "sqrt", reduce(b, apply(b, "square", value), dims, true, Reduction::Sum));
  case Reduction::LogSumExp: {
    Value greatest = reduce(b, value, dims, true, Reduction::Max);
    Value sum = reduce(b, apply(b, "exp", apply(b, "subtract", {value, greatest})), dims, true,
                       Reduction::Sum);
    return apply(b, "add", {apply(b, "log", sum), greatest});
  }
  case Reduction::Mean: {
    Value sum = reduce(b, value, dims, true, Reduction::Sum);
    return isDynamic(value)
               ? divideByCount(b, sum, value, dims)
               : apply(b, "divide", {sum, b.splat({}, elementOf(value), countOf(value, dims))});
  }
  default: // Any and All
    break;
  }
  Value truth = convertTo(b, value, b.builder.getI1Type());
  return kind == Reduction::Any ? foldWith(b, truth, dims, 0, "logical_or")
                                : foldWith(b, truth, dims, 1, "logical_and");
}

Value ops::reduce(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, bool keepDims,
                  Reduction kind) {
  if (!value || dims.empty())
    return value;
  bool isReal = llvm::is_contained({Reduction::Mean, Reduction::LogSumExp, Reduction::L2}, kind);
  if (isReal && !isa<FloatType>(elementOf(value)))
    value = convertTo(b, value, b.builder.getF32Type());
  static constexpr double infinity = std::numeric_limits<double>::infinity();
  Value result;
  DataFormat format;
  bool isPooled =
      (kind == Reduction::Mean || kind == Reduction::Max) && isPool(value, dims, format);
  if (isPooled)
    result =
        globalPool(b, value, kind == Reduction::Mean ? PoolKind::Average : PoolKind::Max, format);
  else if (kind == Reduction::Sum)
    result = foldWith(b, value, dims, 0, "add");
  else if (kind == Reduction::Product)
    result = foldWith(b, value, dims, 1, "multiply");
  else if (kind == Reduction::Max)
    result = foldWith(b, value, dims, -infinity, "maximum");
  else if (kind == Reduction::Min)
    result = foldWith(b, value, dims, infinity, "minimum");
  else
    result = composed(b, value, dims, kind);
  if (!result)
    return {};
  SmallVector<int64_t> kept = keptShape(value, dims);
  return keepDims ? reshape(b, result, kept) : squeeze(b, reshape(b, result, kept), dims);
}

Value ops::extremumIndex(TensorBuilder &b, Value value, int64_t dim, bool keepDims, bool isMax,
                         bool isLast, Type index) {
  if (!value)
    return {};
  if (elementOf(value).isInteger(1))
    value = convertTo(b, value, b.builder.getI32Type());
  Value extremum = reduce(b, value, dim, true, isMax ? Reduction::Max : Reduction::Min);
  if (!extremum)
    return {};
  const Function &equal = *findFunction("equal");
  int64_t size = shapeOf(value)[dim];
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Value place =
        arith::IndexCastOp::create(builder, loc, index, linalg::IndexOp::create(builder, loc, dim));
    Value here = arith::SelectOp::create(builder, loc, equal.body(builder, loc, x.take_front(2)),
                                         place, x[2]);
    return isLast ? arith::MaxSIOp::create(builder, loc, here, x[2]).getResult()
                  : arith::MinSIOp::create(builder, loc, here, x[2]).getResult();
  };
  // Where nothing is equal there is NaN: an index all the same.
  Value result = fold(b, {value, extremum}, dim, index, isLast ? 0 : size - 1, body);
  return keepDims ? expandDims(b, result, dim) : result;
}

Value ops::variance(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, bool keepDims) {
  Value mean = reduce(b, value, dims, true, Reduction::Mean);
  Value squares = apply(b, "squared_difference", {value, mean});
  return reduce(b, squares, dims, keepDims, Reduction::Mean);
}

Value ops::norm(TensorBuilder &b, Value value, ArrayRef<int64_t> dims, double order) {
  if (order == 1 || order == 2)
    return reduce(b, value, dims, true, order == 1 ? Reduction::L1 : Reduction::L2);
  Type element = elementOf(value);
  Value powers = apply(b, "power", {apply(b, "absolute", value), b.splat({}, element, order)});
  Value sum = reduce(b, powers, dims, true, Reduction::Sum);
  return apply(b, "power", {sum, b.splat({}, element, 1 / order)});
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

Value ops::softmax(TensorBuilder &b, Value value, ArrayRef<int64_t> dims) {
  if (!value)
    return {};
  if (dims.size() == 1)
    return buildSoftmax(b.builder, b.loc, value, dims.front());
  // Of several, the elements of all of them side by side.
  SmallVector<int64_t> permutation, shape;
  for (int64_t dim = 0; dim < rankOf(value); ++dim)
    if (!llvm::is_contained(dims, dim)) {
      permutation.push_back(dim);
      shape.push_back(shapeOf(value)[dim]);
    }
  permutation.append(dims.begin(), dims.end());
  shape.push_back(countOf(value, dims));
  Value last = transpose(b, value, permutation);
  SmallVector<int64_t> spread(shapeOf(last)), back(permutation.size());
  Value result = softmax(b, reshape(b, last, shape), int64_t(shape.size()) - 1);
  for (auto [to, from] : llvm::enumerate(permutation))
    back[from] = to;
  return transpose(b, reshape(b, result, spread), back);
}

Value ops::logSoftmax(TensorBuilder &b, Value value, ArrayRef<int64_t> dims) {
  return apply(b, "subtract", {value, reduce(b, value, dims, true, Reduction::LogSumExp)});
}
