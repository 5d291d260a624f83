//===- ActivityLoss.cpp - what the outputs of layers add to the loss -------------===//

#include "ActivityLoss.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::sepconv;

/// The sum of l1 * |x| + l2 * x^2 over all elements, a tensor<f64>.
static Value sumOf(OpBuilder &b, Location loc, Value value, double l1, double l2) {
  int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
  auto sumType = RankedTensorType::get({}, b.getF64Type());
  Value zero = arith::ConstantOp::create(b, loc, DenseElementsAttr::get(sumType, 0.0));
  AffineMap maps[] = {b.getMultiDimIdentityMap(rank), AffineMap::get(rank, 0, b.getContext())};
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::reduction);
  auto body = [&](OpBuilder &b, Location loc, ValueRange arguments) {
    Value x = arguments[0], sum = arguments[1];
    if (!x.getType().isF64())
      x = arith::ExtFOp::create(b, loc, b.getF64Type(), x);
    auto add = [&](double factor, Value of) {
      Value number = arith::ConstantOp::create(b, loc, b.getF64FloatAttr(factor));
      sum = arith::AddFOp::create(b, loc, sum, arith::MulFOp::create(b, loc, number, of));
    };
    if (l1 != 0) // 0 * infinity is not 0
      add(l1, math::AbsFOp::create(b, loc, x));
    if (l2 != 0)
      add(l2, arith::MulFOp::create(b, loc, x, x));
    linalg::YieldOp::create(b, loc, sum);
  };
  return linalg::GenericOp::create(b, loc, sumType, value, zero, maps, iterators, body)
      ->getResult(0);
}

void ActivityLoss::add(OpBuilder &b, Location loc, RegularizerAttr regularizer, Value output) {
  // Layer.__call__ of Keras 3 (keras/src/layers/layer.py) divides by the size of dimension 0.
  double batch = cast<RankedTensorType>(output.getType()).getDimSize(0);
  double l1 = regularizer.number("l1") / batch, l2 = regularizer.number("l2") / batch;
  if (l1 != 0 || l2 != 0)
    terms.push_back(sumOf(b, loc, output, l1, l2));
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
