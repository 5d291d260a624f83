//===- ConvertConvolutions.cpp - the window operations as linalg.generic ---------===//
//
// Loops are (b, y, x, c) of the output, then the reduction's: the window (ky, kx), the input's
// channels (kc). Padding becomes a tensor.pad.
//
//===----------------------------------------------------------------------===//

#include "LinalgForms.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// `input` with `padding` (top, bottom, left, right) of `value` around height and width.
Value padded(OpBuilder &builder, Location loc, Value input, ArrayRef<int64_t> padding,
             double value = 0) {
  if (llvm::all_of(padding, [](int64_t p) { return p == 0; }))
    return input;
  auto low = getAsIndexOpFoldResult(builder.getContext(), {0, padding[0], padding[2], 0});
  auto high = getAsIndexOpFoldResult(builder.getContext(), {0, padding[1], padding[3], 0});
  Value constant = createConstant(builder, loc, typeOf(input).getElementType(), value);
  return tensor::PadOp::create(builder, loc, Type(), input, low, high, constant);
}

/// The positions of the input under the window's element (ky, kx) of the output's (y, x).
std::pair<AffineExpr, AffineExpr> windowPosition(MLIRContext *context, ArrayRef<int64_t> strides,
                                                 ArrayRef<int64_t> dilations) {
  auto dim = [&](unsigned i) { return getAffineDimExpr(i, context); };
  return {dim(1) * strides[0] + dim(4) * dilations[0], dim(2) * strides[1] + dim(5) * dilations[1]};
}

Value multiplyAdd(OpBuilder &builder, Location loc, ValueRange args) {
  Value product = arith::MulFOp::create(builder, loc, args[0], args[1]);
  return arith::AddFOp::create(builder, loc, args[2], product);
}

Value maximum(OpBuilder &builder, Location loc, ValueRange args) {
  return arith::MaximumFOp::create(builder, loc, args[2], args[0]);
}

Value sum(OpBuilder &builder, Location loc, ValueRange args) {
  return arith::AddFOp::create(builder, loc, args[2], args[0]);
}

/// The depthwise convolution of a padded input. The filter [KH, KW, C, M] is read as
/// [KH, KW, C * M], so that the output's channel is one loop whatever the depth multiplier.
Value createDepthwise(OpBuilder &builder, Location loc, Value input, Value filter,
                      ArrayRef<int64_t> strides, ArrayRef<int64_t> dilations,
                      ArrayRef<int64_t> output) {
  MLIRContext *context = builder.getContext();
  int64_t multiplier = typeOf(filter).getDimSize(3);
  Value taps = tensor::CollapseShapeOp::create(builder, loc, filter,
                                               ArrayRef<ReassociationIndices>{{0}, {1}, {2, 3}});
  AffineExpr b, y, x, c, ky, kx;
  bindDims(context, b, y, x, c, ky, kx);
  auto [row, column] = windowPosition(context, strides, dilations);
  SmallVector<AffineMap> maps{
      AffineMap::get(6, 0, {b, row, column, c.floorDiv(multiplier)}, context),
      AffineMap::get(6, 0, {ky, kx, c}, context)};
  auto type = RankedTensorType::get(output, typeOf(input).getElementType());
  return createReduction(builder, loc, type, 0, 2, {input, taps}, maps, multiplyAdd);
}

/// The 1x1 convolution; `filter` is [1, 1, C, K].
Value createPointwise(OpBuilder &builder, Location loc, Value input, Value filter,
                      ArrayRef<int64_t> strides, RankedTensorType type) {
  MLIRContext *context = builder.getContext();
  Value matrix = tensor::CollapseShapeOp::create(builder, loc, filter,
                                                 ArrayRef<ReassociationIndices>{{0, 1, 2}, {3}});
  AffineExpr b, y, x, c, kc;
  bindDims(context, b, y, x, c, kc);
  SmallVector<AffineMap> maps{
      AffineMap::get(5, 0, {b, y * strides[0], x * strides[1], kc}, context),
      AffineMap::get(5, 0, {kc, c}, context)};
  return createReduction(builder, loc, type, 0, 1, {input, matrix}, maps, multiplyAdd);
}

Value createConvolution(OpBuilder &builder, Conv2DOp op, Value input) {
  MLIRContext *context = builder.getContext();
  RankedTensorType type = typeOf(op.getOutput()), filter = typeOf(op.getFilter());
  AffineExpr b, y, x, c, ky, kx, kc;
  bindDims(context, b, y, x, c, ky, kx, kc);
  auto [row, column] = windowPosition(context, op.getStrides(), op.getDilations());
  AffineExpr channel = kc;
  if (int64_t groups = op.getGroups(); groups > 1)
    channel = c.floorDiv(filter.getDimSize(3) / groups) * filter.getDimSize(2) + kc;
  SmallVector<AffineMap> maps{AffineMap::get(7, 0, {b, row, column, channel}, context),
                              AffineMap::get(7, 0, {ky, kx, kc, c}, context)};
  return createReduction(builder, op.getLoc(), type, 0, 3, {input, op.getFilter()}, maps,
                         multiplyAdd);
}

struct ConvertConv2D : OpRewritePattern<Conv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(Conv2DOp op, PatternRewriter &rewriter) const override {
    Value input = padded(rewriter, op.getLoc(), op.getInput(), op.getPadding());
    RankedTensorType filter = typeOf(op.getFilter());
    bool pointwise = filter.getDimSize(0) == 1 && filter.getDimSize(1) == 1 && op.getGroups() == 1;
    Value result = pointwise ? createPointwise(rewriter, op.getLoc(), input, op.getFilter(),
                                               op.getStrides(), typeOf(op.getOutput()))
                             : createConvolution(rewriter, op, input);
    rewriter.replaceOp(op, createEpilogue(rewriter, op.getLoc(), typeOf(op.getOutput()), result,
                                          op.getBias(), op.getActivationAttr()));
    return success();
  }
};

struct ConvertDepthwiseConv2D : OpRewritePattern<DepthwiseConv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(DepthwiseConv2DOp op, PatternRewriter &rewriter) const override {
    Value input = padded(rewriter, op.getLoc(), op.getInput(), op.getPadding());
    Value result = createDepthwise(rewriter, op.getLoc(), input, op.getFilter(), op.getStrides(),
                                   op.getDilations(), typeOf(op.getOutput()).getShape());
    rewriter.replaceOp(op, createEpilogue(rewriter, op.getLoc(), typeOf(op.getOutput()), result,
                                          op.getBias(), op.getActivationAttr()));
    return success();
  }
};

struct ConvertSeparableConv2D : OpRewritePattern<SeparableConv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SeparableConv2DOp op, PatternRewriter &rewriter) const override {
    Value input = padded(rewriter, op.getLoc(), op.getInput(), op.getPadding());
    RankedTensorType type = typeOf(op.getOutput());
    SmallVector<int64_t> intermediate(type.getShape());
    intermediate[3] = typeOf(op.getPointwiseFilter()).getDimSize(2);
    Value result = createDepthwise(rewriter, op.getLoc(), input, op.getDepthwiseFilter(),
                                   op.getStrides(), op.getDilations(), intermediate);
    result = createPointwise(rewriter, op.getLoc(), result, op.getPointwiseFilter(), {1, 1}, type);
    rewriter.replaceOp(op, createEpilogue(rewriter, op.getLoc(), typeOf(op.getOutput()), result,
                                          op.getBias(), op.getActivationAttr()));
    return success();
  }
};

bool isPadded(Pool2DOp op, unsigned spatialDim) {
  return op.getPadding()[2 * spatialDim] || op.getPadding()[2 * spatialDim + 1];
}

/// How many of the window's elements lie within the input, at each of `output` positions.
SmallVector<int64_t> countInside(int64_t input, int64_t output, int64_t window, int64_t stride,
                                 int64_t before) {
  SmallVector<int64_t> counts;
  for (int64_t i = 0; i < output; ++i) {
    int64_t begin = i * stride - before;
    counts.push_back(std::min(begin + window, input) - std::max<int64_t>(begin, 0));
  }
  return counts;
}

/// The sum over each window divided by the number of elements that the window holds: by those of
/// its rows and of its columns. One over each is a vector, or a number if it is the same
/// everywhere.
Value createAverage(OpBuilder &builder, Pool2DOp op, Value total) {
  RankedTensorType input = typeOf(op.getInput()), type = typeOf(total);
  SmallVector<Value> inputs{total};
  SmallVector<AffineMap> maps{builder.getMultiDimIdentityMap(4)};
  double everywhere = 1;
  for (unsigned i : {0u, 1u}) {
    SmallVector<int64_t> counts{op.getWindow()[i]};
    if (isPadded(op, i))
      counts = countInside(input.getDimSize(1 + i), type.getDimSize(1 + i), op.getWindow()[i],
                           op.getStrides()[i], op.getPadding()[2 * i]);
    if (llvm::all_equal(counts)) {
      everywhere /= counts.empty() ? 1 : counts.front();
      continue;
    }
    SmallVector<Attribute> factors;
    for (int64_t count : counts)
      factors.push_back(builder.getFloatAttr(type.getElementType(), 1.0 / count));
    auto factorType = RankedTensorType::get(type.getDimSize(1 + i), type.getElementType());
    inputs.push_back(arith::ConstantOp::create(builder, op.getLoc(),
                                               DenseElementsAttr::get(factorType, factors)));
    maps.push_back(maps.front().getSubMap({1 + i}));
  }
  return createElementwise(builder, op.getLoc(), typeOf(op.getOutput()), inputs, maps,
                           [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
                             Value mean = args[0];
                             SmallVector<Value> factors(args.drop_front());
                             if (everywhere != 1)
                               factors.push_back(
                                   createConstant(nested, loc, type.getElementType(), everywhere));
                             for (Value factor : factors)
                               mean = arith::MulFOp::create(nested, loc, mean, factor);
                             return mean;
                           });
}

/// The window is given by the shape of an operand that nothing reads, as in linalg's own pooling
/// operations: the loops' bounds of a linalg operation are those of its operands.
struct ConvertPool2D : OpRewritePattern<Pool2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(Pool2DOp op, PatternRewriter &rewriter) const override {
    MLIRContext *context = op.getContext();
    Location loc = op.getLoc();
    bool max = op.getKind() == PoolKind::Max;
    double neutral = max ? -INFINITY : 0;
    RankedTensorType type = typeOf(op.getOutput());
    Value input = padded(rewriter, loc, op.getInput(), op.getPadding(), neutral);
    Value window =
        tensor::EmptyOp::create(rewriter, loc, op.getWindow(), computedIn(type.getElementType()));
    auto [row, column] = windowPosition(context, op.getStrides(), {1, 1});
    AffineExpr b, y, x, c, ky, kx;
    bindDims(context, b, y, x, c, ky, kx);
    SmallVector<AffineMap> maps{AffineMap::get(6, 0, {b, row, column, c}, context),
                                AffineMap::get(6, 0, {ky, kx}, context)};
    Value result = createReduction(rewriter, loc, type, neutral, 2, {input, window}, maps,
                                   max ? maximum : sum);
    rewriter.replaceOp(op, max ? createEpilogue(rewriter, loc, type, result)
                               : createAverage(rewriter, op, result));
    return success();
  }
};

} // namespace

/// An average over padding keeps a number for each row and each column.
LogicalResult sepconv::checkAverage(Pool2DOp op) {
  constexpr int64_t maxNumbers = 1 << 24;
  if (op.getKind() == PoolKind::Max)
    return success();
  for (unsigned i : {0u, 1u})
    if (int64_t windows = typeOf(op.getOutput()).getDimSize(1 + i);
        isPadded(op, i) && windows > maxNumbers)
      return op.emitOpError("an average with padding must have at most ")
             << maxNumbers << " windows along the " << (i ? "width" : "height") << ", got "
             << windows;
  return success();
}

void sepconv::populateConvolutionPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertConv2D, ConvertDepthwiseConv2D, ConvertSeparableConv2D, ConvertPool2D>(
      patterns.getContext());
}
