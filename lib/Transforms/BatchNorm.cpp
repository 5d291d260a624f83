//===- BatchNorm.cpp - batch normalization as a scale and a shift ----------------===//

#include "BatchNorm.h"
#include "LinalgForms.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::sepconv;

std::optional<SmallVector<double>> sepconv::constantElements(Value value) {
  DenseFPElementsAttr attribute;
  if (!matchPattern(value, m_Constant(&attribute)))
    return std::nullopt;
  if (attribute.getElementType().isF32()) // weights can be many
    return SmallVector<double>(attribute.getValues<float>());
  return llvm::map_to_vector(attribute.getValues<APFloat>(),
                             [](const APFloat &element) { return element.convertToDouble(); });
}

Value sepconv::createConstant(OpBuilder &builder, Location loc, RankedTensorType type,
                              ArrayRef<double> elements) {
  if (type.getElementType().isF32()) {
    SmallVector<float> rounded(elements);
    return arith::ConstantOp::create(builder, loc,
                                     DenseElementsAttr::get(type, ArrayRef<float>(rounded)));
  }
  const llvm::fltSemantics &semantics = cast<FloatType>(type.getElementType()).getFloatSemantics();
  SmallVector<APFloat> rounded;
  for (double element : elements) {
    bool losesInfo;
    rounded.emplace_back(element);
    rounded.back().convert(semantics, APFloat::rmNearestTiesToEven, &losesInfo);
  }
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, rounded));
}

std::optional<ScaleAndShift> sepconv::constantScaleAndShift(BatchNormOp op) {
  auto gamma = constantElements(op.getGamma()), beta = constantElements(op.getBeta());
  auto mean = constantElements(op.getMean()), variance = constantElements(op.getVariance());
  if (!gamma || !beta || !mean || !variance)
    return std::nullopt;
  ScaleAndShift result;
  for (auto [g, b, m, v] : llvm::zip_equal(*gamma, *beta, *mean, *variance)) {
    double scale = g / std::sqrt(v + op.getEpsilon().convertToDouble());
    result.scale.push_back(scale);
    result.shift.push_back(b - m * scale);
  }
  return result;
}

Value sepconv::createScaleAndShift(OpBuilder &builder, Location loc, Value input, Value scale,
                                   Value shift, unsigned axis) {
  auto type = cast<RankedTensorType>(input.getType());
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  AffineMap channel = identity.getSubMap(axis);
  return createElementwise(builder, loc, type, {input, scale, shift}, {identity, channel, channel},
                           [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
                             Value product = arith::MulFOp::create(nested, loc, args[0], args[1]);
                             return arith::AddFOp::create(nested, loc, product, args[2]);
                           });
}
