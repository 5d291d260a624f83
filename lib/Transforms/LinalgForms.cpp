//===- LinalgForms.cpp - what the linalg forms of the layers are made of ---------===//

#include "LinalgForms.h"

using namespace mlir;
using namespace mlir::sepconv;

Value sepconv::createConstant(OpBuilder &builder, Location loc, Type type, double value) {
  if (type.isInteger())
    return arith::ConstantOp::create(builder, loc,
                                     builder.getIntegerAttr(type, static_cast<int64_t>(value)));
  APFloat number(value);
  bool losesInfo;
  number.convert(cast<FloatType>(type).getFloatSemantics(), APFloat::rmNearestTiesToEven,
                 &losesInfo);
  return arith::ConstantOp::create(builder, loc, FloatAttr::get(type, number));
}

Type sepconv::computedIn(Type element) {
  return isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 32
             ? Type(Float32Type::get(element.getContext()))
             : element;
}

RankedTensorType sepconv::computedIn(RankedTensorType type) {
  return type.clone(computedIn(type.getElementType()));
}

/// A number in another float type, an integer in a wider one, or either in its own.
static Value convert(OpBuilder &builder, Location loc, Value number, Type type,
                     bool isUnsigned = false) {
  unsigned from = number.getType().getIntOrFloatBitWidth(), to = type.getIntOrFloatBitWidth();
  if (from == to)
    return number;
  if (type.isInteger())
    return isUnsigned ? arith::ExtUIOp::create(builder, loc, type, number).getResult()
                      : arith::ExtSIOp::create(builder, loc, type, number).getResult();
  return from < to ? arith::ExtFOp::create(builder, loc, type, number).getResult()
                   : arith::TruncFOp::create(builder, loc, type, number).getResult();
}

Value sepconv::createSum(OpBuilder &builder, Location loc, Value a, Value b) {
  return a.getType().isInteger() ? arith::AddIOp::create(builder, loc, a, b).getResult()
                                 : arith::AddFOp::create(builder, loc, a, b).getResult();
}

Value sepconv::multiplyAdd(OpBuilder &builder, Location loc, ValueRange args) {
  Value product = args[0].getType().isInteger()
                      ? arith::MulIOp::create(builder, loc, args[0], args[1]).getResult()
                      : arith::MulFOp::create(builder, loc, args[0], args[1]).getResult();
  return createSum(builder, loc, args[2], product);
}

/// A linalg.generic over the output's dimensions and `reductions` further ones.
static Value createGeneric(OpBuilder &builder, Location loc, Value init, unsigned reductions,
                           ValueRange inputs, ArrayRef<AffineMap> inputMaps, ScalarBody body,
                           bool isFirstUnsigned = false) {
  unsigned rank = cast<RankedTensorType>(init.getType()).getRank();
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  iterators.append(reductions, utils::IteratorType::reduction);
  SmallVector<AffineMap> maps(inputMaps);
  maps.push_back(AffineMap::get(rank + reductions, 0,
                                builder.getMultiDimIdentityMap(rank).getResults(),
                                builder.getContext()));
  Type element = getElementTypeOrSelf(init);
  auto convertedBody = [&](OpBuilder &nested, Location loc, ValueRange args) {
    if (!reductions)
      args = args.drop_back();
    SmallVector<Value> numbers = llvm::map_to_vector(args, [&](Value arg) {
      bool isUnsigned = isFirstUnsigned && arg == args.front();
      return convert(nested, loc, arg, computedIn(element), isUnsigned);
    });
    Value result = body(nested, loc, numbers);
    linalg::YieldOp::create(nested, loc, convert(nested, loc, result, element));
  };
  return linalg::GenericOp::create(builder, loc, init.getType(), inputs, init, maps, iterators,
                                   convertedBody)
      .getResult(0);
}

Value sepconv::createElementwise(OpBuilder &builder, Location loc, RankedTensorType type,
                                 ValueRange inputs, ArrayRef<AffineMap> maps, ScalarBody body) {
  Value empty = tensor::EmptyOp::create(
      builder, loc, tensor::getMixedSizes(builder, loc, inputs.front()), type.getElementType());
  return createGeneric(builder, loc, empty, 0, inputs, maps, body);
}

Value sepconv::createReduction(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes,
                               Type element, double init, unsigned reductions, ValueRange inputs,
                               ArrayRef<AffineMap> maps, ScalarBody body, bool isFirstUnsigned) {
  element = computedIn(element);
  Value start = createConstant(builder, loc, element, init);
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, element);
  Value filled = linalg::FillOp::create(builder, loc, start, empty).getResult(0);
  return createGeneric(builder, loc, filled, reductions, inputs, maps, body, isFirstUnsigned);
}

Value sepconv::createEpilogue(OpBuilder &builder, Location loc, RankedTensorType type, Value value,
                              Value bias, ActivationAttr activation) {
  bool isLinear = !activation || activation.getKind() == ActivationKind::Linear;
  if (!bias && isLinear && value.getType() == type)
    return value;
  SmallVector<Value> inputs{value};
  SmallVector<AffineMap> maps{builder.getMultiDimIdentityMap(type.getRank())};
  if (bias) {
    inputs.push_back(bias);
    maps.push_back(maps.front().getMinorSubMap(1));
  }
  return createElementwise(builder, loc, type, inputs, maps,
                           [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
                             Value x = args[0];
                             if (bias)
                               x = createSum(nested, loc, x, args[1]);
                             return activation ? createActivation(nested, loc, activation, x) : x;
                           });
}
