//===- ConvertPools.cpp - pools as linalg.generic --------------------------------===//
//
// Loops are (b, y, x, c) of the output, then the window (ky, kx). Padding becomes a tensor.pad.
//
//===----------------------------------------------------------------------===//

#include "WindowSizes.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

Value maximum(OpBuilder &builder, Location loc, Value a, Value b, bool isUnsigned) {
  if (!a.getType().isInteger())
    return arith::MaximumFOp::create(builder, loc, a, b);
  return isUnsigned ? arith::MaxUIOp::create(builder, loc, a, b).getResult()
                    : arith::MaxSIOp::create(builder, loc, a, b).getResult();
}

/// What a maximum starts with: the least number of a type.
double leastOf(Type type, bool isUnsigned) {
  if (!type.isInteger())
    return -INFINITY;
  return isUnsigned ? 0 : -std::exp2(type.getIntOrFloatBitWidth() - 1);
}

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
    bool isUnsigned = op.getUnsignedInput();
    RankedTensorType type = typeOf(op.getOutput());
    double neutral = max ? leastOf(type.getElementType(), isUnsigned) : 0;
    auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
      return max ? maximum(builder, loc, args[2], args[0], isUnsigned)
                 : createSum(builder, loc, args[2], args[0]);
    };
    WindowSizes sizes = windowSizes(rewriter, op);
    Value input = sizes.padded(neutral);
    Value window =
        tensor::EmptyOp::create(rewriter, loc, op.getWindow(), computedIn(type.getElementType()));
    auto [row, column] = windowPosition(context, op.getStrides(), {1, 1});
    AffineExpr b, y, x, c, ky, kx;
    bindDims(context, b, y, x, c, ky, kx);
    SmallVector<AffineMap> maps{AffineMap::get(6, 0, {b, row, column, c}, context),
                                AffineMap::get(6, 0, {ky, kx}, context)};
    Value result = createReduction(rewriter, loc, sizes.output(type.getDimSize(3)),
                                   type.getElementType(), neutral, 2, {input, window}, maps, body);
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

void sepconv::populatePoolPatterns(RewritePatternSet &patterns) {
  patterns.add<ConvertPool2D>(patterns.getContext());
}
