//===- RaiseConvolutions.cpp - convolutions of linalg as layers ------------------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_RAISECONVOLUTIONS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// How a named operation stores its filter: the permutation that makes it [KH, KW, C, ...].
struct NamedConvolution {
  StringRef name;
  DataFormat format;
  bool isDepthwise;
  SmallVector<int64_t> filter;
};

const NamedConvolution *findNamed(StringRef name) {
  static const NamedConvolution convolutions[] = {
      {"linalg.conv_2d_nhwc_hwcf", DataFormat::NHWC, false, {0, 1, 2, 3}},
      {"linalg.conv_2d_nhwc_fhwc", DataFormat::NHWC, false, {1, 2, 3, 0}},
      {"linalg.conv_2d_nchw_fchw", DataFormat::NCHW, false, {2, 3, 1, 0}},
      {"linalg.depthwise_conv_2d_nhwc_hwc", DataFormat::NHWC, true, {0, 1, 2}},
      {"linalg.depthwise_conv_2d_nhwc_hwcm", DataFormat::NHWC, true, {0, 1, 2, 3}},
      {"linalg.depthwise_conv_2d_nchw_chw", DataFormat::NCHW, true, {1, 2, 0}},
  };
  const auto *found =
      llvm::find_if(convolutions, [&](const NamedConvolution &row) { return row.name == name; });
  return found == std::end(convolutions) ? nullptr : found;
}

SmallVector<int64_t> numbersOf(Operation *op, StringRef name) {
  return llvm::to_vector(op->getAttrOfType<DenseIntElementsAttr>(name).getValues<int64_t>());
}

Value transposed(PatternRewriter &rewriter, Location loc, Value value, ArrayRef<int64_t> order) {
  if (llvm::is_sorted(order))
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape =
      llvm::map_to_vector(order, [&](int64_t dim) { return type.getDimSize(dim); });
  Value empty = tensor::EmptyOp::create(rewriter, loc, shape, type.getElementType());
  return linalg::TransposeOp::create(rewriter, loc, value, empty, order)->getResult(0);
}

/// The vector that an initial value repeats along its dimension of channels.
Value biasOf(Value init, unsigned channels) {
  auto broadcast = init.getDefiningOp<linalg::LinalgOp>();
  if (!broadcast || broadcast.getNumDpsInputs() != 1 || broadcast.getNumReductionLoops() != 0)
    return {};
  Block *body = broadcast.getBlock();
  AffineMap from = broadcast.getMatchingIndexingMap(broadcast.getDpsInputOperand(0));
  AffineMap to = broadcast.getMatchingIndexingMap(broadcast.getDpsInitOperand(0));
  bool repeats = body->getTerminator()->getOperand(0) == body->getArgument(0) && to.isIdentity() &&
                 from.getNumResults() == 1 && from.getResult(0) == to.getResult(channels);
  return repeats ? broadcast.getDpsInputOperand(0)->get() : Value();
}

bool isZero(Value init) {
  auto fill = init.getDefiningOp<linalg::FillOp>();
  return (fill && matchPattern(fill.getInputs().front(), m_AnyZeroFloat())) ||
         matchPattern(init, m_AnyZeroFloat());
}

/// The sum starts at another tensor: it is added afterwards.
Value add(PatternRewriter &rewriter, Location loc, Value sum, Value init) {
  auto type = cast<RankedTensorType>(init.getType());
  Value empty = tensor::EmptyOp::create(rewriter, loc, tensor::getMixedSizes(rewriter, loc, init),
                                        type.getElementType());
  AffineMap identity = rewriter.getMultiDimIdentityMap(type.getRank());
  SmallVector<utils::IteratorType> loops(type.getRank(), utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             rewriter, loc, type, ValueRange{sum, init}, empty,
             ArrayRef{identity, identity, identity}, loops,
             [](OpBuilder &builder, Location at, ValueRange x) {
               linalg::YieldOp::create(builder, at,
                                       ValueRange(arith::AddFOp::create(builder, at, x[0], x[1])));
             })
      .getResult(0);
}

struct RaiseConvolution : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(linalg::LinalgOp op, PatternRewriter &rewriter) const override {
    const NamedConvolution *named = findNamed(op->getName().getStringRef());
    if (!named || op->getNumResults() != 1 || !isSupported(op))
      return failure();
    Location loc = op.getLoc();
    Value input = op.getDpsInputs()[0], filter = op.getDpsInputs()[1], init = op.getDpsInits()[0];
    filter = transposed(rewriter, loc, filter, named->filter);
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    bool hasMultiplier = type.getRank() == 5; // [B, H, W, C, M]
    if (named->filter.size() == 3) {
      SmallVector<int64_t> shape(cast<RankedTensorType>(filter.getType()).getShape());
      shape.push_back(1);
      filter = tensor::ExpandShapeOp::create(
          rewriter, loc, RankedTensorType::get(shape, type.getElementType()), filter,
          ArrayRef<ReassociationIndices>{{0}, {1}, {2, 3}});
    }
    // The bias of a multiplier's channels has two dimensions.
    unsigned channels = named->format == DataFormat::NHWC ? 3 : 1;
    Value bias = hasMultiplier ? Value() : biasOf(init, channels);
    Value result = create(rewriter, loc, *named, op, {input, filter, bias});
    if (hasMultiplier)
      result = tensor::ExpandShapeOp::create(rewriter, loc, type, result,
                                             ArrayRef<ReassociationIndices>{{0}, {1}, {2}, {3, 4}},
                                             tensor::getMixedSizes(rewriter, loc, init));
    rewriter.replaceOp(op, bias || isZero(init) ? result : add(rewriter, loc, result, init));
    return success();
  }

private:
  /// Layers compute in one float type, with filters whose shapes are known.
  static bool isSupported(linalg::LinalgOp op) {
    Type element = getElementTypeOrSelf(op->getResult(0));
    auto filter = dyn_cast<RankedTensorType>(op.getDpsInputs()[1].getType());
    return isa<FloatType>(element) && filter && filter.hasStaticShape() &&
           llvm::all_of(op->getOperandTypes(),
                        [&](Type type) { return getElementTypeOrSelf(type) == element; });
  }

  static Value create(PatternRewriter &rewriter, Location loc, const NamedConvolution &named,
                      Operation *op, ArrayRef<Value> operands) {
    SmallVector<int64_t> padding(4, 0);
    SmallVector<int64_t> strides = numbersOf(op, "strides"), dilations = numbersOf(op, "dilations");
    if (named.isDepthwise)
      return DepthwiseConv2DOp::create(rewriter, loc, operands[0], operands[1], operands[2],
                                       strides, dilations, padding, false, named.format,
                                       ActivationAttr());
    return Conv2DOp::create(rewriter, loc, operands[0], operands[1], operands[2], strides,
                            dilations, padding, false, named.format, 1, ActivationAttr());
  }
};

struct RaiseConvolutions : sepconv::impl::RaiseConvolutionsBase<RaiseConvolutions> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<RaiseConvolution>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
