//===- ConvertConvolutions.cpp - the convolutions as linalg.generic --------------===//
//
// Loops are (b, y, x, c) of the output, then the reduction's: the window (ky, kx), the input's
// channels (kc). Padding becomes a tensor.pad.
//
//===----------------------------------------------------------------------===//

#include "WindowSizes.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// The window of a filter [KH, KW, ...].
template <typename Op> WindowSizes windowSizes(OpBuilder &builder, Op op, Value filter) {
  return WindowSizes(builder, op, typeOf(filter).getShape().take_front(2), op.getDilations());
}

template <typename Op> Type sumType(Op op) { return typeOf(op.getOutput()).getElementType(); }

/// The depthwise convolution. The filter [KH, KW, C, M] is read as
/// [KH, KW, C * M], so that the output's channel is one loop whatever the depth multiplier.
template <typename Op> Value createDepthwise(OpBuilder &builder, Op op, Value filter) {
  MLIRContext *context = builder.getContext();
  Location loc = op.getLoc();
  WindowSizes window = windowSizes(builder, op, filter);
  Value input = window.padded(int64_t(op.getPaddingValue()));
  int64_t channels = typeOf(filter).getDimSize(2), multiplier = typeOf(filter).getDimSize(3);
  Value taps = tensor::CollapseShapeOp::create(builder, loc, filter,
                                               ArrayRef<ReassociationIndices>{{0}, {1}, {2, 3}});
  AffineExpr b, y, x, c, ky, kx;
  bindDims(context, b, y, x, c, ky, kx);
  auto [row, column] = windowPosition(context, op.getStrides(), op.getDilations());
  SmallVector<AffineMap> maps{
      AffineMap::get(6, 0, {b, row, column, c.floorDiv(multiplier)}, context),
      AffineMap::get(6, 0, {ky, kx, c}, context)};
  return createReduction(builder, loc, window.output(channels * multiplier), sumType(op), 0, 2,
                         {input, taps}, maps, multiplyAdd, op.getUnsignedInput());
}

/// The 1x1 convolution; `filter` is [1, 1, C, K].
template <typename Op>
Value createPointwise(OpBuilder &builder, Op op, Value input, Value filter,
                      ArrayRef<int64_t> strides, ArrayRef<OpFoldResult> output) {
  Location loc = op.getLoc();
  MLIRContext *context = builder.getContext();
  Value matrix = tensor::CollapseShapeOp::create(builder, loc, filter,
                                                 ArrayRef<ReassociationIndices>{{0, 1, 2}, {3}});
  AffineExpr b, y, x, c, kc;
  bindDims(context, b, y, x, c, kc);
  SmallVector<AffineMap> maps{
      AffineMap::get(5, 0, {b, y * strides[0], x * strides[1], kc}, context),
      AffineMap::get(5, 0, {kc, c}, context)};
  bool isUnsigned = input == op.getInput() && op.getUnsignedInput();
  return createReduction(builder, loc, output, sumType(op), 0, 1, {input, matrix}, maps,
                         multiplyAdd, isUnsigned);
}

Value createConvolution(OpBuilder &builder, Conv2DOp op, Value input,
                        ArrayRef<OpFoldResult> output) {
  MLIRContext *context = builder.getContext();
  RankedTensorType filter = typeOf(op.getFilter());
  AffineExpr b, y, x, c, ky, kx, kc;
  bindDims(context, b, y, x, c, ky, kx, kc);
  auto [row, column] = windowPosition(context, op.getStrides(), op.getDilations());
  AffineExpr channel = kc;
  if (int64_t groups = op.getGroups(); groups > 1)
    channel = c.floorDiv(filter.getDimSize(3) / groups) * filter.getDimSize(2) + kc;
  SmallVector<AffineMap> maps{AffineMap::get(7, 0, {b, row, column, channel}, context),
                              AffineMap::get(7, 0, {ky, kx, kc, c}, context)};
  return createReduction(builder, op.getLoc(), output, sumType(op), 0, 3, {input, op.getFilter()},
                         maps, multiplyAdd, op.getUnsignedInput());
}

struct ConvertConv2D : OpRewritePattern<Conv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(Conv2DOp op, PatternRewriter &rewriter) const override {
    WindowSizes window = windowSizes(rewriter, op, op.getFilter());
    Value input = window.padded(int64_t(op.getPaddingValue()));
    RankedTensorType filter = typeOf(op.getFilter());
    SmallVector<OpFoldResult> output = window.output(filter.getDimSize(3));
    bool pointwise = filter.getDimSize(0) == 1 && filter.getDimSize(1) == 1 && op.getGroups() == 1;
    Value result =
        pointwise ? createPointwise(rewriter, op, input, op.getFilter(), op.getStrides(), output)
                  : createConvolution(rewriter, op, input, output);
    rewriter.replaceOp(op, createEpilogue(rewriter, op.getLoc(), typeOf(op.getOutput()), result,
                                          op.getBias(), op.getActivationAttr()));
    return success();
  }
};

struct ConvertDepthwiseConv2D : OpRewritePattern<DepthwiseConv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(DepthwiseConv2DOp op, PatternRewriter &rewriter) const override {
    Value result = createDepthwise(rewriter, op, op.getFilter());
    rewriter.replaceOp(op, createEpilogue(rewriter, op.getLoc(), typeOf(op.getOutput()), result,
                                          op.getBias(), op.getActivationAttr()));
    return success();
  }
};

struct ConvertSeparableConv2D : OpRewritePattern<SeparableConv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SeparableConv2DOp op, PatternRewriter &rewriter) const override {
    Value result = createDepthwise(rewriter, op, op.getDepthwiseFilter());
    SmallVector<OpFoldResult> output = windowSizes(rewriter, op, op.getDepthwiseFilter())
                                           .output(typeOf(op.getPointwiseFilter()).getDimSize(3));
    result = createPointwise(rewriter, op, result, op.getPointwiseFilter(), {1, 1}, output);
    rewriter.replaceOp(op, createEpilogue(rewriter, op.getLoc(), typeOf(op.getOutput()), result,
                                          op.getBias(), op.getActivationAttr()));
    return success();
  }
};

} // namespace

void sepconv::populateConvolutionPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertConv2D, ConvertDepthwiseConv2D, ConvertSeparableConv2D>(
      patterns.getContext());
}
