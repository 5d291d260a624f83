//===- ActivityLoss.cpp - what the outputs of layers add to the loss -------------===//

#include "ActivityLoss.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::sepconv;

static int64_t sizeOf(Value tensor, unsigned dim) {
  return cast<RankedTensorType>(tensor.getType()).getDimSize(dim);
}

static Value number(OpBuilder &b, Location loc, double value) {
  return arith::ConstantOp::create(b, loc, b.getF64FloatAttr(value));
}

namespace {
/// What one element adds, given those of the operands, as f64.
using Addend = llvm::function_ref<Value(OpBuilder &b, Location loc, ValueRange elements)>;
} // namespace

/// Adds up in f64: a sum over all dimensions that the last map does not have.
static Value sumOf(OpBuilder &b, Location loc, ValueRange operands, ArrayRef<AffineMap> maps,
                   ArrayRef<int64_t> shape, Addend addend) {
  auto type = RankedTensorType::get(shape, b.getF64Type());
  Value zero = arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, 0.0));
  SmallVector<utils::IteratorType> iterators(maps.front().getNumDims(),
                                             utils::IteratorType::reduction);
  for (AffineExpr kept : maps.back().getResults())
    iterators[cast<AffineDimExpr>(kept).getPosition()] = utils::IteratorType::parallel;
  auto body = [&](OpBuilder &b, Location loc, ValueRange arguments) {
    SmallVector<Value> elements;
    for (Value element : arguments.drop_back())
      elements.push_back(element.getType().isF64()
                             ? element
                             : arith::ExtFOp::create(b, loc, b.getF64Type(), element).getResult());
    Value sum = arith::AddFOp::create(b, loc, arguments.back(), addend(b, loc, elements));
    linalg::YieldOp::create(b, loc, sum);
  };
  return linalg::GenericOp::create(b, loc, type, operands, zero, maps, iterators, body)
      ->getResult(0);
}

/// The sum of l1 * |x| + l2 * x^2 over all elements, a tensor<f64>; one of the two is not 0.
static Value normsOf(OpBuilder &b, Location loc, Value value, double l1, double l2) {
  int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
  AffineMap maps[] = {b.getMultiDimIdentityMap(rank), AffineMap::get(rank, 0, b.getContext())};
  return sumOf(b, loc, value, maps, {}, [=](OpBuilder &b, Location loc, ValueRange elements) {
    Value x = elements.front(), sum;
    auto add = [&](double factor, Value of) {
      Value term = arith::MulFOp::create(b, loc, number(b, loc, factor), of);
      sum = sum ? arith::AddFOp::create(b, loc, sum, term).getResult() : term;
    };
    if (l1 != 0) // 0 * infinity is not 0
      add(l1, math::AbsFOp::create(b, loc, x));
    if (l2 != 0)
      add(l2, arith::MulFOp::create(b, loc, x, x));
    return sum;
  });
}

/// The sum of |cosine| over all ordered pairs of different rows of a matrix, or columns, times a
/// factor, a tensor<f64>.
static Value cosinesOf(OpBuilder &b, Location loc, Value matrix, bool rows, double factor) {
  int64_t count = sizeOf(matrix, rows ? 0 : 1);
  auto map = [&](unsigned dims, ArrayRef<unsigned> results) {
    return AffineMap::getMultiDimMapWithTargets(dims, results, b.getContext());
  };
  auto element = [&](unsigned dims, unsigned which, unsigned k) {
    return rows ? map(dims, {which, k}) : map(dims, {k, which});
  };
  auto product = [](OpBuilder &b, Location loc, ValueRange x) -> Value {
    return arith::MulFOp::create(b, loc, x.front(), x.back());
  };
  Value squares = sumOf(b, loc, matrix, {element(2, 0, 1), map(2, {0})}, count, product);
  Value products =
      sumOf(b, loc, {matrix, matrix}, {element(3, 0, 2), element(3, 1, 2), map(3, {0, 1})},
            {count, count}, product);
  auto cosine = [factor](OpBuilder &b, Location loc, ValueRange x) -> Value {
    // As keras.ops.nn.normalize: a norm is at least 1e-7.
    auto square = [&](Value sum) {
      return arith::MaximumFOp::create(b, loc, sum, number(b, loc, 1e-14));
    };
    Value norms =
        math::SqrtOp::create(b, loc, arith::MulFOp::create(b, loc, square(x[1]), square(x[2])));
    Value value = arith::DivFOp::create(b, loc, math::AbsFOp::create(b, loc, x[0]), norms);
    Value same =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, linalg::IndexOp::create(b, loc, 0),
                              linalg::IndexOp::create(b, loc, 1));
    return arith::SelectOp::create(b, loc, same, number(b, loc, 0),
                                   arith::MulFOp::create(b, loc, number(b, loc, factor), value));
  };
  return sumOf(b, loc, {products, squares, squares},
               {map(2, {0, 1}), map(2, {0}), map(2, {1}), map(2, {})}, {}, cosine);
}

void ActivityLoss::add(OpBuilder &b, Location loc, RegularizerAttr regularizer, Value output) {
  // Layer.__call__ of Keras 3 (keras/src/layers/layer.py) divides by the size of dimension 0.
  double batch = sizeOf(output, 0);
  if (regularizer.is("orthogonal")) {
    bool rows = regularizer.choice("mode") == "rows";
    double count = sizeOf(output, rows ? 0 : 1);
    double factor = regularizer.number("factor") / (count * (count - 1)) / batch;
    return terms.push_back(cosinesOf(b, loc, output, rows, factor));
  }
  double l1 = regularizer.number("l1") / batch, l2 = regularizer.number("l2") / batch;
  if (l1 != 0 || l2 != 0)
    terms.push_back(normsOf(b, loc, output, l1, l2));
}

Value ActivityLoss::total(OpBuilder &b, Location loc) const {
  if (terms.empty())
    return {};
  auto type = RankedTensorType::get({}, b.getF32Type());
  Value empty = tensor::EmptyOp::create(b, loc, type.getShape(), type.getElementType());
  SmallVector<AffineMap> maps(terms.size() + 1, AffineMap::get(b.getContext()));
  auto body = [](OpBuilder &b, Location loc, ValueRange arguments) {
    Value sum = arguments.front();
    for (Value term : arguments.drop_front().drop_back())
      sum = arith::AddFOp::create(b, loc, sum, term);
    linalg::YieldOp::create(b, loc,
                            arith::TruncFOp::create(b, loc, b.getF32Type(), sum).getResult());
  };
  Value sum = linalg::GenericOp::create(b, loc, type, terms, empty, maps,
                                        ArrayRef<utils::IteratorType>(), body)
                  ->getResult(0);
  return tensor::ExpandShapeOp::create(b, loc, RankedTensorType::get({1}, b.getF32Type()), sum,
                                       ArrayRef<ReassociationIndices>());
}
