//===- Normalization.cpp - BatchNormalization, Normalization, Rescaling ----------===//

#include "Layers.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static Value importBatchNormalization(LayerContext &layer) {
  SmallVector<int64_t> axes = layer.integers("axis", std::numeric_limits<int64_t>::min(), -1);
  double epsilon = layer.number("epsilon", 1e-3);
  bool center = layer.boolean("center", true), scale = layer.boolean("scale", true);
  bool renorm = layer.boolean("renorm", false);
  VariableArguments gammaArguments = layer.variable("gamma", "ones");
  VariableArguments betaArguments = layer.variable("beta", "zeros");
  VariableArguments meanArguments = layer.variable("moving_mean", "zeros", /*trainable=*/false);
  VariableArguments varianceArguments =
      layer.variable("moving_variance", "ones", /*trainable=*/false);
  if (axes.size() != 1)
    layer.unsupported("axis", "one axis");
  if (epsilon < 0)
    layer.unsupported("epsilon", "a number of at least 0");
  if (!layer.ready())
    return {};
  std::optional<int64_t> dim = layer.dimension("axis", axes.front());
  if (!dim)
    return {};
  int64_t channels = layer.shape()[*dim];
  auto splat = [&](float value) {
    return arith::ConstantOp::create(layer.builder, layer.loc,
                                     DenseElementsAttr::get(layer.type({channels}), value));
  };
  Value gamma = scale ? layer.weight("gamma", {channels}, gammaArguments) : splat(1);
  Value beta = center ? layer.weight("beta", {channels}, betaArguments) : splat(0);
  Value mean = layer.weight("moving_mean", {channels}, meanArguments);
  Value variance = layer.weight("moving_variance", {channels}, varianceArguments);
  if (renorm) // moving_stddev, renorm_mean and renorm_stddev, which only training reads
    layer.skipWeights(3);
  if (!layer.ready())
    return {};
  return BatchNormOp::create(layer.builder, layer.loc, layer.input().getType(), layer.input(),
                             gamma, beta, mean, variance, *dim, APFloat(epsilon));
}

//===----------------------------------------------------------------------===//
// Constants among the arguments
//===----------------------------------------------------------------------===//

/// Reads an argument that may be a number, lists of numbers or a serialized array.
static Numbers numbersArgument(LayerContext &layer, StringRef name, float otherwise) {
  const json::Value *value = layer.argument(name);
  if (!value)
    return {{}, {otherwise}};
  if (std::optional<Numbers> numbers = readNumbers(*value))
    return *numbers;
  layer.unsupported(name, "a number or a list of numbers");
  return {{}, {otherwise}};
}

/// The map of an operand whose dimensions are the output's `dims`; those of size 1 are repeated.
static AffineMap broadcastMap(LayerContext &layer, ArrayRef<int64_t> shape,
                              ArrayRef<int64_t> dims) {
  SmallVector<AffineExpr> source;
  for (auto [size, dim] : llvm::zip_equal(shape, dims))
    source.push_back(size == 1 ? layer.builder.getAffineConstantExpr(0)
                               : layer.builder.getAffineDimExpr(dim));
  return AffineMap::get(layer.shape().size(), 0, source, layer.builder.getContext());
}

/// The last dimensions of the input, with which `numbers` must broadcast; none after reporting.
static std::optional<SmallVector<int64_t>> lastDims(LayerContext &layer, StringRef argument,
                                                    const Numbers &numbers) {
  ArrayRef<int64_t> shape = layer.shape();
  bool legal = numbers.shape.size() < shape.size();
  for (size_t i = 1; legal && i <= numbers.shape.size(); ++i) {
    int64_t size = numbers.shape[numbers.shape.size() - i];
    legal = size == 1 || size == shape[shape.size() - i];
  }
  if (!legal) {
    layer.error(argument) << "expected numbers that broadcast with the input's shape "
                          << shown(shape) << ", found shape " << shown(numbers.shape);
    return std::nullopt;
  }
  int64_t rank = shape.size();
  return llvm::to_vector(llvm::seq<int64_t>(rank - numbers.shape.size(), rank));
}

static Value importRescaling(LayerContext &layer) {
  Numbers scale = numbersArgument(layer, "scale", 1), offset = numbersArgument(layer, "offset", 0);
  if (!layer.ready())
    return {};
  auto scaleDims = lastDims(layer, "scale", scale), offsetDims = lastDims(layer, "offset", offset);
  if (!scaleDims || !offsetDims)
    return {};
  SmallVector<Value> operands{layer.input(), layer.constant(scale.shape, scale.values),
                              layer.constant(offset.shape, offset.values)};
  AffineMap maps[] = {layer.builder.getMultiDimIdentityMap(layer.shape().size()),
                      broadcastMap(layer, scale.shape, *scaleDims),
                      broadcastMap(layer, offset.shape, *offsetDims)};
  return layer.elementwise(layer.shape(), operands, maps,
                           [](OpBuilder &b, Location loc, ValueRange x) -> Value {
                             Value scaled = arith::MulFOp::create(b, loc, x[0], x[1]);
                             return arith::AddFOp::create(b, loc, scaled, x[2]);
                           });
}

//===----------------------------------------------------------------------===//
// Normalization
//===----------------------------------------------------------------------===//

/// max(sqrt(variance), keras.backend.epsilon()), computed here if the variance is known.
static Value deviationOf(LayerContext &layer, Value variance) {
  static constexpr float epsilon = 1e-7f;
  ArrayRef<int64_t> shape = cast<RankedTensorType>(variance.getType()).getShape();
  DenseElementsAttr known;
  if (matchPattern(variance, m_Constant(&known)))
    return layer.constant(shape, llvm::map_to_vector(known.getValues<float>(), [](float value) {
                            return std::max(std::sqrt(value), epsilon);
                          }));
  AffineMap map = layer.builder.getMultiDimIdentityMap(shape.size());
  return layer.elementwise(shape, variance, map, [](OpBuilder &b, Location loc, ValueRange x) {
    Value root = math::SqrtOp::create(b, loc, x[0]);
    Value least = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(epsilon));
    return arith::MaximumFOp::create(b, loc, root, least).getResult();
  });
}

static Value importNormalization(LayerContext &layer) {
  bool given = layer.argument("mean"), invert = layer.boolean("invert", false);
  Numbers mean = numbersArgument(layer, "mean", 0);
  Numbers variance = numbersArgument(layer, "variance", 1);
  SmallVector<int64_t> axes;
  if (layer.argument("axis") || !layer.layer.config->get("axis"))
    axes = layer.integers("axis", std::numeric_limits<int64_t>::min(), -1);
  if (given != bool(layer.argument("variance")) || mean.shape != variance.shape)
    layer.unsupported("variance", "the shape of the mean, " + shown(mean.shape));
  if (!layer.ready())
    return {};
  for (int64_t &axis : axes) {
    std::optional<int64_t> dim = layer.dimension("axis", axis);
    if (!dim)
      return {};
    axis = *dim;
  }
  llvm::sort(axes);
  SmallVector<int64_t> kept;
  for (int64_t axis : axes)
    kept.push_back(layer.shape()[axis]);
  SmallVector<Value> operands{layer.input()};
  if (given) {
    // Fewer dimensions than kept axes stand for the last of them.
    bool legal = mean.shape.size() <= kept.size();
    for (size_t i = 1; legal && i <= mean.shape.size(); ++i) {
      int64_t size = mean.shape[mean.shape.size() - i];
      legal = size == 1 || size == kept[kept.size() - i];
    }
    if (!legal) {
      layer.unsupported("mean", "numbers of shape " + shown(kept));
      return {};
    }
    axes.erase(axes.begin(), axes.end() - mean.shape.size());
    kept = mean.shape;
    operands.push_back(layer.constant(kept, mean.values));
    operands.push_back(layer.constant(kept, variance.values));
  } else {
    VariableArguments zeros = layer.variable("mean", "zeros", /*trainable=*/false);
    VariableArguments ones = layer.variable("variance", "ones", /*trainable=*/false);
    operands.push_back(layer.weight("mean", kept, zeros));
    operands.push_back(layer.weight("variance", kept, ones));
    layer.skipWeights(1); // count
    if (!layer.ready())
      return {};
  }
  operands[2] = deviationOf(layer, operands[2]);
  AffineMap map = broadcastMap(layer, kept, axes);
  AffineMap maps[] = {layer.builder.getMultiDimIdentityMap(layer.shape().size()), map, map};
  return layer.elementwise(
      layer.shape(), operands, maps, [&](OpBuilder &b, Location loc, ValueRange x) -> Value {
        if (invert)
          return arith::AddFOp::create(b, loc, x[1], arith::MulFOp::create(b, loc, x[0], x[2]));
        Value centered = arith::SubFOp::create(b, loc, x[0], x[1]);
        return arith::DivFOp::create(b, loc, centered, x[2]);
      });
}

ArrayRef<LayerClass> sepconv::keras::normalizationLayers() {
  static const LayerClass table[] = {
      {"BatchNormalization",
       importBatchNormalization,
       {"axis", "epsilon", "center", "scale", "renorm"}},
      {"Rescaling", importRescaling, {"scale", "offset"}},
      {"Normalization", importNormalization, {"axis", "mean", "variance", "invert"}},
  };
  return table;
}
