//===- FoldBatchNorm.cpp - batch normalization into the weights before it --------===//

#include "BatchNorm.h"
#include "sepconv/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_FOLDBATCHNORM
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// The dimension of the output that the bias belongs to.
template <typename Op> int64_t channelDim(Op op) {
  if constexpr (std::is_same_v<Op, DenseOp>)
    return cast<RankedTensorType>(op.getOutput().getType()).getRank() - 1;
  else
    return op.getDataFormat() == DataFormat::NHWC ? 3 : 1;
}

/// The weights that are multiplied last. Their last dimensions are the output's channels.
template <typename Op> OpOperand &lastFilter(Op op) {
  if constexpr (std::is_same_v<Op, SeparableConv2DOp>)
    return op.getPointwiseFilterMutable();
  else
    return op.getFilterMutable();
}

/// Whether no element becomes infinite or NaN when it is rounded to `type`.
bool allFinite(ArrayRef<double> elements, Type type) {
  double largest = APFloat::getLargest(cast<FloatType>(type).getFloatSemantics()).convertToDouble();
  return llvm::all_of(elements, [&](double element) { return std::abs(element) <= largest; });
}

template <typename Op> LogicalResult foldInto(Op layer, BatchNormOp norm) {
  if (!layer.getOutput().hasOneUse() || norm.getAxis() != uint64_t(channelDim(layer)))
    return failure();
  if (ActivationAttr activation = layer.getActivationAttr();
      activation && activation.getKind() != ActivationKind::Linear)
    return failure();
  OpOperand &filter = lastFilter(layer);
  std::optional<ScaleAndShift> factors = constantScaleAndShift(norm);
  std::optional<SmallVector<double>> weights = constantElements(filter.get());
  size_t channels = cast<RankedTensorType>(norm.getGamma().getType()).getDimSize(0);
  std::optional<SmallVector<double>> bias = SmallVector<double>(channels, 0);
  if (layer.getBias())
    bias = constantElements(layer.getBias());
  if (!factors || !weights || !bias)
    return failure();
  for (auto [i, weight] : llvm::enumerate(*weights))
    weight *= factors->scale[i % channels];
  for (auto [element, scale, shift] : llvm::zip_equal(*bias, factors->scale, factors->shift))
    element = element * scale + shift;

  auto filterType = cast<RankedTensorType>(filter.get().getType());
  Type element = filterType.getElementType();
  if (!allFinite(*weights, element) || !allFinite(*bias, element))
    return failure();
  OpBuilder builder(layer);
  Location biasLoc = layer.getBias() ? layer.getBias().getLoc() : norm.getBeta().getLoc();
  Value newFilter = createConstant(builder, filter.get().getLoc(), filterType, *weights);
  Value newBias =
      createConstant(builder, biasLoc, RankedTensorType::get(int64_t(channels), element), *bias);
  filter.set(newFilter);
  layer.getBiasMutable().assign(newBias);
  layer->setLoc(builder.getFusedLoc({layer.getLoc(), norm.getLoc()}));
  norm.replaceAllUsesWith(layer.getOutput());
  norm.erase();
  return success();
}

struct FoldBatchNorm : sepconv::impl::FoldBatchNormBase<FoldBatchNorm> {
  void runOnOperation() override {
    // In the order of the blocks, so that a second normalization finds the layer too.
    getOperation().walk([](BatchNormOp norm) {
      Operation *producer = norm.getInput().getDefiningOp();
      if (!producer)
        return;
      llvm::TypeSwitch<Operation *>(producer)
          .Case<Conv2DOp, DepthwiseConv2DOp, SeparableConv2DOp, DenseOp>(
              [&](auto layer) { (void)foldInto(layer, norm); });
    });
  }
};

} // namespace
