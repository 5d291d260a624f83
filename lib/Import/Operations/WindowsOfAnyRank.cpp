//===- WindowsOfAnyRank.cpp - windows that images and signals have not -----------===//
//
// What `sepconv` has operations for becomes those. The rest are sums of `linalg`, over any number
// of dimensions: convolutions and pools of volumes, pools with dilations, averages over padding.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "FoldConstants.h"
#include "Reductions.h"
#include "Shaping.h"
#include "Windows.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

namespace {

/// An input with its padding, and where windows are in it.
struct Padded {
  Value input;
  SmallVector<int64_t> output;
};

} // namespace

static std::optional<Padded> padded(TensorBuilder &b, const Window &window, Value input,
                                    double outside) {
  SmallVector<int64_t> low(rankOf(input), 0), high(low), output(shapeOf(input));
  for (size_t i = 0; i < window.size.size(); ++i) {
    int64_t dim = window.firstDim() + i;
    std::optional<WindowExtent> extent = place(b, window, i, output[dim]);
    if (!extent)
      return std::nullopt;
    // What no window reaches is cut off by the loops.
    low[dim] = extent->before;
    high[dim] = std::max<int64_t>(extent->after, 0);
    output[dim] = extent->output;
  }
  bool isPadded = llvm::any_of(llvm::concat<int64_t>(low, high), [](int64_t n) { return n; });
  Value whole = isPadded ? pad(b, input, low, high, PadMode::Constant, outside) : input;
  if (!whole || !b.fits(output))
    return std::nullopt;
  return Padded{whole, output};
}

/// Where the element of a window is that loops `first` and the following count, from the loops of
/// the output on.
static SmallVector<AffineExpr> position(TensorBuilder &b, const Window &window, int64_t rank,
                                        int64_t first) {
  SmallVector<AffineExpr> result;
  for (int64_t dim = 0; dim < rank; ++dim)
    result.push_back(b.builder.getAffineDimExpr(dim));
  for (size_t i = 0; i < window.size.size(); ++i) {
    AffineExpr &at = result[window.firstDim() + i];
    at = at * window.strides[i] + b.builder.getAffineDimExpr(first + i) * window.dilations[i];
  }
  return result;
}

Value ops::foldWindows(TensorBuilder &b, const Window &window, Value input, double start,
                       Type element, Body body) {
  std::optional<Padded> image = padded(b, window, input, start);
  if (!image)
    return {};
  int64_t rank = rankOf(input), count = window.size.size(), loops = rank + count;
  MLIRContext *context = b.builder.getContext();
  SmallVector<AffineExpr> ofWindow;
  for (int64_t i = 0; i < count; ++i)
    ofWindow.push_back(b.builder.getAffineDimExpr(rank + i));
  AffineMap output = AffineMap::getMultiDimIdentityMap(loops, context).getMajorSubMap(rank);
  AffineMap maps[] = {AffineMap::get(loops, 0, position(b, window, rank, rank), context),
                      AffineMap::get(loops, 0, ofWindow, context), output};
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::parallel);
  std::fill(iterators.begin() + rank, iterators.end(), utils::IteratorType::reduction);
  // As in linalg's pools, an operand that nothing reads says how large the window is.
  Value shape = tensor::EmptyOp::create(b.builder, b.loc, window.size, element);
  Value init = filled(b, image->output, element, start);
  auto build = [&](OpBuilder &builder, Location loc, ValueRange x) {
    linalg::YieldOp::create(builder, loc, body(builder, loc, {x[2], x[0]}));
  };
  return linalg::GenericOp::create(b.builder, b.loc, init.getType(),
                                   ValueRange{image->input, shape}, init, maps, iterators, build)
      ->getResult(0);
}

Value ops::windowsOf(TensorBuilder &b, const Window &window, Value input, double outside) {
  std::optional<Padded> image = padded(b, window, input, outside);
  if (!image)
    return {};
  int64_t rank = rankOf(input), elements = 1;
  SmallVector<int64_t> shape(image->output), flat(image->output);
  llvm::append_range(shape, window.size);
  if (!b.fits(shape))
    return {};
  for (int64_t size : window.size)
    elements *= size;
  flat.push_back(elements);
  AffineMap map =
      AffineMap::get(shape.size(), 0, position(b, window, rank, rank), b.builder.getContext());
  Value each = elementwise(b, shape, image->input, map,
                           [](OpBuilder &, Location, ValueRange x) { return x[0]; });
  return reshape(b, each, flat);
}

/// By a function of two numbers.
static Value foldBy(TensorBuilder &b, const Window &window, Value input, double start,
                    StringRef function) {
  return foldWindows(b, window, input, start, elementOf(input), findFunction(function)->body);
}

static bool hasSimplePool(const Window &window) {
  return window.size.size() <= 2 &&
         llvm::all_of(window.dilations, [](int64_t dilation) { return dilation == 1; });
}

static bool isOfDialect(const Window &window, Value input) {
  return isa<FloatType>(elementOf(input)) && hasSimplePool(window);
}

Value ops::maxPool(TensorBuilder &b, const Window &window, Value input, bool isUnsigned) {
  Type element = elementOf(input);
  bool isOfBytes = element.isInteger(8) && hasSimplePool(window);
  if (!isOfDialect(window, input) && !isOfBytes) {
    if (!isUnsigned)
      return foldBy(b, window, input, -std::numeric_limits<double>::infinity(), "maximum");
    StringRef dtype = element.isInteger(8) ? "uint8" : "uint16";
    return convertTo(b, maxPool(b, window, fromOutside(b, input, dtype)), element);
  }
  auto placed = place(b, shapeOf(input), window, shapeOf(input)[window.channelDim()]);
  if (placed)
    placed->unsignedInput = isUnsigned;
  return placed ? pool(b, *placed, input, PoolKind::Max) : Value();
}

Value ops::sumPool(TensorBuilder &b, const Window &window, Value input) {
  return foldBy(b, window, input, 0, "add");
}

Value ops::averagePool(TensorBuilder &b, const Window &given, Value input, bool countsPadding) {
  Window window = given;
  if (countsPadding && window.padding == Window::Explicit) {
    SmallVector<int64_t> low(rankOf(input), 0), high(low);
    // What a last window has more than the padding does not count.
    window.roundsUp = false;
    for (auto [i, margin] : llvm::enumerate(window.margins)) {
      int64_t dim = window.firstDim() + i;
      std::optional<WindowExtent> extent = place(b, given, i, shapeOf(input)[dim]);
      if (!extent)
        return {};
      low[dim] = extent->before;
      high[dim] = std::min(extent->after, margin.second);
      margin = {0, extent->after - high[dim]};
    }
    if (low != high || llvm::any_of(low, [](int64_t n) { return n; }))
      input = pad(b, input, low, high);
    if (!input)
      return {};
  }
  if (isOfDialect(window, input)) {
    auto placed = place(b, shapeOf(input), window, shapeOf(input)[window.channelDim()]);
    return placed ? pool(b, *placed, input, PoolKind::Average) : Value();
  }
  Value sums = foldBy(b, window, input, 0, "add");
  std::optional<Padded> image = padded(b, window, input, 0);
  if (!sums || !image)
    return {};
  if (image->input == input) {
    double count = ShapedType::getNumElements(window.size);
    return apply(b, "divide", {sums, b.splat({}, elementOf(input), count)});
  }
  SmallVector<int64_t> shape(shapeOf(input));
  shape[0] = shape[window.channelDim()] = 1;
  Value counts = foldBy(b, window, b.splat(shape, elementOf(input), 1), 0, "add");
  return apply(b, "divide", {sums, foldConstants(b, counts)});
}

Value ops::normPool(TensorBuilder &b, const Window &window, Value input, double order) {
  Type element = elementOf(input);
  if (order == 2)
    return apply(b, "sqrt", foldBy(b, window, apply(b, "square", input), 0, "add"));
  Value powers = apply(b, "absolute", input);
  if (order == 1)
    return foldBy(b, window, powers, 0, "add");
  Value sum = foldBy(b, window, apply(b, "power", {powers, b.splat({}, element, order)}), 0, "add");
  return apply(b, "power", {sum, b.splat({}, element, 1 / order)});
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// Loops: those of the output, whose channels are a group and its filters, then the window's, then
/// the channels of a group.
Value ops::convolutionOfAnyRank(TensorBuilder &b, const Window &window, Value input, Value filter,
                                Value bias, int64_t groups) {
  std::optional<Padded> image = padded(b, window, input, 0);
  if (!image)
    return {};
  int64_t channel = window.channelDim(), count = window.size.size(), rank = window.rank();
  int64_t channels = shapeOf(filter)[count], filters = shapeOf(filter).back() / groups;
  auto split = [](ArrayRef<int64_t> shape, int64_t dim, int64_t groups, int64_t rest) {
    SmallVector<int64_t> result(shape);
    result[dim] = groups;
    result.insert(result.begin() + dim + 1, rest);
    return result;
  };
  SmallVector<int64_t> result(image->output);
  result[channel] = groups * filters;
  if (!b.fits(result))
    return {};
  // With a dimension for the groups, everything behind it moves by one.
  MLIRContext *context = b.builder.getContext();
  int64_t loops = rank + 1 + count + 1;
  auto dim = [&](int64_t i) { return b.builder.getAffineDimExpr(i); };
  auto outputLoop = [&](int64_t of) { return of <= channel ? of : of + 1; };
  SmallVector<AffineExpr> from, weights;
  for (int64_t i = 0; i < rank; ++i) {
    int64_t at = i - window.firstDim();
    bool isSpatial = at >= 0 && at < count;
    AffineExpr loop = dim(outputLoop(i));
    from.push_back(isSpatial ? loop * window.strides[at] + dim(rank + 1 + at) * window.dilations[at]
                             : loop);
    if (i == channel)
      from.push_back(dim(loops - 1));
  }
  for (int64_t i = 0; i < count; ++i)
    weights.push_back(dim(rank + 1 + i));
  weights.append({dim(loops - 1), dim(channel), dim(channel + 1)});
  AffineMap maps[] = {AffineMap::get(loops, 0, from, context),
                      AffineMap::get(loops, 0, weights, context),
                      AffineMap::getMultiDimIdentityMap(loops, context).getMajorSubMap(rank + 1)};
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::parallel);
  std::fill(iterators.begin() + rank + 1, iterators.end(), utils::IteratorType::reduction);
  Value grouped = reshape(b, image->input, split(shapeOf(image->input), channel, groups, channels));
  Value kernel = reshape(b, filter, split(shapeOf(filter), count + 1, groups, filters));
  Value init = filled(b, split(result, channel, groups, filters), elementOf(input), 0);
  auto body = [&](OpBuilder &builder, Location loc, ValueRange x) {
    Value product = arith::MulFOp::create(builder, loc, x[0], x[1]);
    linalg::YieldOp::create(builder, loc,
                            arith::AddFOp::create(builder, loc, x[2], product).getResult());
  };
  Value sums = linalg::GenericOp::create(b.builder, b.loc, init.getType(),
                                         ValueRange{grouped, kernel}, init, maps, iterators, body)
                   ->getResult(0);
  Value output = reshape(b, sums, result);
  if (!bias)
    return output;
  SmallVector<int64_t> along(rank, 1);
  along[channel] = groups * filters;
  return apply(b, "add", {output, reshape(b, bias, along)});
}

Value ops::convolution(TensorBuilder &b, const Window &window, Value input, Value filter,
                       Value bias, int64_t groups) {
  if (window.size.size() > 2)
    return convolutionOfAnyRank(b, window, input, filter, bias, groups);
  auto placed = place(b, shapeOf(input), window, shapeOf(filter).back());
  return placed ? convolution(b, *placed, input, filter, bias, groups, {}) : Value();
}
