//===- ConvertConvolutions.cpp - the window operations as linalg.generic ---------===//
//
// Loops are (b, y, x, c) of the output, then the reduction's: the window (ky, kx), the input's
// channels (kc). Padding becomes a tensor.pad.
//
//===----------------------------------------------------------------------===//

#include "LinalgForms.h"
#include "sepconv/IR/Sizes.h"
#include "sepconv/IR/Window.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// What a window operation moves over its input: its numbers along height and width. Sizes that are
/// known only when the product runs are computed then.
struct WindowSizes {
  template <typename Op>
  WindowSizes(OpBuilder &builder, Op op, ArrayRef<int64_t> window, ArrayRef<int64_t> dilations)
      : builder(builder), loc(op.getLoc()), input(op.getInput()), window(window),
        strides(op.getStrides()), dilations(dilations), padding(op.getPadding()),
        same(op.getSame()) {}

  /// The sizes of the output, but for its channels.
  SmallVector<OpFoldResult> output(int64_t channels);
  /// The padding before the input along the height or the width, and behind it.
  std::pair<OpFoldResult, OpFoldResult> around(unsigned i);
  /// The input with all its padding, elements of `value`.
  Value padded(double value = 0);

  OpFoldResult inputSize(unsigned i) { return tensor::getMixedSize(builder, loc, input, 1 + i); }
  /// An expression in the input's size.
  OpFoldResult apply(AffineExpr expr, unsigned i) {
    return affine::makeComposedFoldedAffineApply(builder, loc, expr, inputSize(i));
  }
  AffineExpr size() const { return getAffineDimExpr(0, builder.getContext()); }

  OpBuilder &builder;
  Location loc;
  Value input;
  ArrayRef<int64_t> window, strides, dilations, padding;
  bool same;
};

SmallVector<OpFoldResult> WindowSizes::output(int64_t channels) {
  SmallVector<OpFoldResult> sizes{builder.getIndexAttr(typeOf(input).getDimSize(0))};
  for (unsigned i : {0u, 1u}) {
    int64_t known = typeOf(input).getDimSize(1 + i);
    sizes.push_back(
        ShapedType::isDynamic(known) || same
            ? apply(windowOutputSize(size(), window[i], strides[i], dilations[i], same,
                                     padding[2 * i], padding[2 * i + 1]),
                    i)
            : builder.getIndexAttr(windowOutputSize(known, window[i], strides[i], dilations[i],
                                                    padding[2 * i], padding[2 * i + 1])));
  }
  sizes.push_back(builder.getIndexAttr(channels));
  return sizes;
}

std::pair<OpFoldResult, OpFoldResult> WindowSizes::around(unsigned i) {
  if (!same)
    return {builder.getIndexAttr(padding[2 * i]), builder.getIndexAttr(padding[2 * i + 1])};
  AffineExpr before = samePaddingBefore(size(), window[i], strides[i], dilations[i]);
  return {apply(before, i), apply(dilatedSize(window[i], dilations[i]) - 1 - before, i)};
}

Value WindowSizes::padded(double value) {
  auto [top, bottom] = around(0);
  auto [left, right] = around(1);
  if (llvm::all_of(ArrayRef{top, bottom, left, right}, isZeroInteger))
    return input;
  OpFoldResult none = builder.getIndexAttr(0);
  Value constant = createConstant(builder, loc, typeOf(input).getElementType(), value);
  return tensor::PadOp::create(builder, loc, Type(), input, ArrayRef{none, top, left, none},
                               ArrayRef{none, bottom, right, none}, constant);
}

/// The window of a filter [KH, KW, ...].
template <typename Op> WindowSizes windowSizes(OpBuilder &builder, Op op, Value filter) {
  return WindowSizes(builder, op, typeOf(filter).getShape().take_front(2), op.getDilations());
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

/// The depthwise convolution. The filter [KH, KW, C, M] is read as
/// [KH, KW, C * M], so that the output's channel is one loop whatever the depth multiplier.
template <typename Op> Value createDepthwise(OpBuilder &builder, Op op, Value filter) {
  MLIRContext *context = builder.getContext();
  Location loc = op.getLoc();
  WindowSizes window = windowSizes(builder, op, filter);
  Value input = window.padded();
  int64_t channels = typeOf(filter).getDimSize(2), multiplier = typeOf(filter).getDimSize(3);
  Value taps = tensor::CollapseShapeOp::create(builder, loc, filter,
                                               ArrayRef<ReassociationIndices>{{0}, {1}, {2, 3}});
  AffineExpr b, y, x, c, ky, kx;
  bindDims(context, b, y, x, c, ky, kx);
  auto [row, column] = windowPosition(context, op.getStrides(), op.getDilations());
  SmallVector<AffineMap> maps{
      AffineMap::get(6, 0, {b, row, column, c.floorDiv(multiplier)}, context),
      AffineMap::get(6, 0, {ky, kx, c}, context)};
  return createReduction(builder, loc, window.output(channels * multiplier),
                         typeOf(input).getElementType(), 0, 2, {input, taps}, maps, multiplyAdd);
}

/// The 1x1 convolution; `filter` is [1, 1, C, K].
Value createPointwise(OpBuilder &builder, Location loc, Value input, Value filter,
                      ArrayRef<int64_t> strides, ArrayRef<OpFoldResult> output) {
  MLIRContext *context = builder.getContext();
  Value matrix = tensor::CollapseShapeOp::create(builder, loc, filter,
                                                 ArrayRef<ReassociationIndices>{{0, 1, 2}, {3}});
  AffineExpr b, y, x, c, kc;
  bindDims(context, b, y, x, c, kc);
  SmallVector<AffineMap> maps{
      AffineMap::get(5, 0, {b, y * strides[0], x * strides[1], kc}, context),
      AffineMap::get(5, 0, {kc, c}, context)};
  return createReduction(builder, loc, output, typeOf(input).getElementType(), 0, 1,
                         {input, matrix}, maps, multiplyAdd);
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
  return createReduction(builder, op.getLoc(), output, typeOf(input).getElementType(), 0, 3,
                         {input, op.getFilter()}, maps, multiplyAdd);
}

struct ConvertConv2D : OpRewritePattern<Conv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(Conv2DOp op, PatternRewriter &rewriter) const override {
    WindowSizes window = windowSizes(rewriter, op, op.getFilter());
    Value input = window.padded();
    RankedTensorType filter = typeOf(op.getFilter());
    SmallVector<OpFoldResult> output = window.output(filter.getDimSize(3));
    bool pointwise = filter.getDimSize(0) == 1 && filter.getDimSize(1) == 1 && op.getGroups() == 1;
    Value result = pointwise ? createPointwise(rewriter, op.getLoc(), input, op.getFilter(),
                                               op.getStrides(), output)
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
    result =
        createPointwise(rewriter, op.getLoc(), result, op.getPointwiseFilter(), {1, 1}, output);
    rewriter.replaceOp(op, createEpilogue(rewriter, op.getLoc(), typeOf(op.getOutput()), result,
                                          op.getBias(), op.getActivationAttr()));
    return success();
  }
};

/// The window of a pool.
WindowSizes windowSizes(OpBuilder &builder, Pool2DOp op) {
  static constexpr int64_t undilated[] = {1, 1};
  return WindowSizes(builder, op, op.getWindow(), undilated);
}

bool isPadded(Pool2DOp op, unsigned spatialDim) {
  return op.getSame() || op.getPadding()[2 * spatialDim] || op.getPadding()[2 * spatialDim + 1];
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

/// How many rows or columns the window at an output's position holds, computed where it is needed;
/// `size` and `before` are the input's and its padding's.
Value countInside(OpBuilder &builder, Location loc, Pool2DOp op, unsigned i, Value size,
                  Value before) {
  auto number = [&](int64_t n) { return arith::ConstantIndexOp::create(builder, loc, n); };
  Value position = linalg::IndexOp::create(builder, loc, 1 + i);
  Value start = arith::MulIOp::create(builder, loc, position, number(op.getStrides()[i]));
  Value begin = arith::SubIOp::create(builder, loc, start, before);
  Value end = arith::AddIOp::create(builder, loc, begin, number(op.getWindow()[i]));
  begin = arith::MaxSIOp::create(builder, loc, begin, number(0));
  end = arith::MinSIOp::create(builder, loc, end, size);
  return arith::SubIOp::create(builder, loc, end, begin);
}

/// An index as a number of a float type.
Value indexToFloat(OpBuilder &builder, Location loc, Value index, Type type) {
  Value integer = arith::IndexCastOp::create(builder, loc, builder.getI32Type(), index);
  return arith::SIToFPOp::create(builder, loc, type, integer);
}

/// The sum over each window divided by the number of elements that the window holds: by those of
/// its rows and of its columns. One over each is a vector, or a number if it is the same
/// everywhere.
Value createAverage(OpBuilder &builder, Pool2DOp op, Value total) {
  RankedTensorType input = typeOf(op.getInput()), type = typeOf(total);
  SmallVector<Value> inputs{total};
  SmallVector<AffineMap> maps{builder.getMultiDimIdentityMap(4)};
  double everywhere = 1;
  // Counts along dimensions that are not known: the input's size and the padding before it.
  SmallVector<std::tuple<unsigned, Value, Value>> unknown;
  for (unsigned i : {0u, 1u}) {
    SmallVector<int64_t> counts{op.getWindow()[i]};
    if (isPadded(op, i) && (op.getSame() || type.isDynamicDim(1 + i))) {
      WindowSizes window = windowSizes(builder, op);
      auto value = [&](OpFoldResult size) {
        return getValueOrCreateConstantIndexOp(builder, op.getLoc(), size);
      };
      unknown.push_back({i, value(window.inputSize(i)), value(window.around(i).first)});
      continue;
    }
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
  return createElementwise(
      builder, op.getLoc(), typeOf(op.getOutput()), inputs, maps,
      [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
        Value mean = args[0];
        SmallVector<Value> factors(args.drop_front());
        if (everywhere != 1)
          factors.push_back(createConstant(nested, loc, type.getElementType(), everywhere));
        for (Value factor : factors)
          mean = arith::MulFOp::create(nested, loc, mean, factor);
        for (auto [i, size, before] : unknown) {
          Value count = countInside(nested, loc, op, i, size, before);
          mean = arith::DivFOp::create(nested, loc, mean,
                                       indexToFloat(nested, loc, count, type.getElementType()));
        }
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
    WindowSizes sizes = windowSizes(rewriter, op);
    Value input = sizes.padded(neutral);
    Value window =
        tensor::EmptyOp::create(rewriter, loc, op.getWindow(), computedIn(type.getElementType()));
    auto [row, column] = windowPosition(context, op.getStrides(), {1, 1});
    AffineExpr b, y, x, c, ky, kx;
    bindDims(context, b, y, x, c, ky, kx);
    SmallVector<AffineMap> maps{AffineMap::get(6, 0, {b, row, column, c}, context),
                                AffineMap::get(6, 0, {ky, kx}, context)};
    Value result =
        createReduction(rewriter, loc, sizes.output(type.getDimSize(3)), type.getElementType(),
                        neutral, 2, {input, window}, maps, max ? maximum : sum);
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
        isPadded(op, i) && !op.getSame() && windows > maxNumbers)
      return op.emitOpError("an average with padding must have at most ")
             << maxNumbers << " windows along the " << (i ? "width" : "height") << ", got "
             << windows;
  return success();
}

void sepconv::populateConvolutionPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertConv2D, ConvertDepthwiseConv2D, ConvertSeparableConv2D, ConvertPool2D>(
      patterns.getContext());
}
