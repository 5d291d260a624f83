//===- OrderOperations.cpp - keras.ops of sorted and of scattered elements --------===//

#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"
#include "../Operations/Lookup.h"
#include "../Operations/Ordering.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

/// The value, or all of its elements side by side, and the dimension of an axis that may be null.
static std::pair<Value, std::optional<int64_t>> alongAxis(LayerContext &layer, Value value,
                                                          std::optional<int64_t> otherwise) {
  bool isGiven = layer.argument("axis") || otherwise;
  int64_t axis = isGiven ? layer.integer("axis", anyInteger, otherwise) : 0;
  if (!layer.ready() || (!isGiven && !layer.keepsBatch(false)))
    return {};
  if (!isGiven)
    value = ops::reshape(layer, value, ShapedType::getNumElements(ops::shapeOf(value)));
  return {value, static_cast<ops::TensorBuilder &>(layer).dimension(value, "axis", axis)};
}

template <bool isProduct> static Value importCumulative(LayerContext &layer) {
  if (layer.argument("dtype"))
    layer.unsupported("dtype", "null");
  if (!layer.ready())
    return {};
  auto [value, dim] = alongAxis(layer, layer.input(), std::nullopt);
  return dim ? ops::cumulative(layer, value, *dim, isProduct, /*isExclusive=*/false,
                               /*isReverse=*/false)
             : Value();
}

template <bool wantsPlaces> static Value importSort(LayerContext &layer) {
  if (!layer.ready())
    return {};
  std::optional<int64_t> last = layer.argument("axis") ? std::nullopt : std::optional<int64_t>(-1);
  auto [value, dim] = alongAxis(layer, layer.input(), last);
  if (!dim)
    return {};
  return wantsPlaces ? ops::sortedPlaces(layer, value, *dim, ops::shapeOf(value)[*dim], false)
                     : ops::sort(layer, value, *dim, false);
}

/// The greatest elements along the last dimension, and where they are.
static Results importTopK(LayerContext &layer) {
  int64_t count = layer.integer("k", 1);
  layer.boolean("sorted", true);
  if (!layer.ready())
    return Value();
  std::optional<int64_t> dim = layer.dimension("axis", -1);
  if (!dim)
    return Value();
  if (count > layer.shape()[*dim]) {
    layer.unsupported("k", "at most the " + Twine(layer.shape()[*dim]) + " elements");
    return Value();
  }
  Value places = ops::sortedPlaces(layer, layer.input(), *dim, count, /*isDescending=*/true);
  return ArrayRef<Value>{ops::takeAlong(layer, layer.input(), places, *dim), places};
}

/// Whether fewer than `k` predictions are greater than that of the target.
static Value importInTopK(LayerContext &layer) {
  int64_t count = layer.integer("k", 1);
  if (!layer.ready())
    return {};
  Value predictions = layer.input(1);
  int64_t last = ops::rankOf(predictions) - 1;
  Value target =
      ops::takeAlong(layer, predictions, ops::expandDims(layer, layer.input(0), last), last);
  if (!target)
    return {};
  Value isGreater = ops::apply(layer, "greater", {predictions, target});
  Value above = ops::reduce(layer, isGreater, last, false, ops::Reduction::Sum);
  return ops::apply(layer, "less", {above, layer.splat({}, ops::elementOf(above), count)});
}

using Quantile = Value (*)(ops::TensorBuilder &, Value, int64_t, double, StringRef);

/// Of all dimensions of the argument as one; `fractions` are those of an operand or one of them.
static Value quantiles(LayerContext &layer, ArrayRef<double> fractions, bool isList,
                       StringRef method, Quantile quantile) {
  auto dims = layer.axes("axis");
  bool keepDims = layer.boolean("keepdims", false);
  if (!layer.ready() || !layer.keepsBatch(layer.argument("axis")))
    return {};
  SmallVector<int64_t> permutation, kept(layer.shape()), shape;
  for (int64_t dim = 0, rank = layer.shape().size(); dim < rank; ++dim)
    if (llvm::is_contained(*dims, dim)) {
      kept[dim] = 1;
    } else {
      permutation.push_back(dim);
      shape.push_back(layer.shape()[dim]);
    }
  permutation.append(dims->begin(), dims->end());
  int64_t last = shape.size(), count = 1;
  for (int64_t dim : *dims)
    count *= layer.shape()[dim];
  shape.push_back(count);
  Value value = ops::reshape(layer, ops::transpose(layer, layer.input(), permutation), shape);
  SmallVector<Value> results;
  for (double fraction : fractions) {
    Value result = quantile(layer, value, last, fraction, method);
    if (!result)
      return {};
    result = keepDims ? ops::reshape(layer, result, kept) : result;
    results.push_back(isList ? ops::expandDims(layer, result, 0) : result);
  }
  return isList ? ops::concatenate(layer, results, 0) : results.front();
}

template <Quantile quantile> static Value importMedian(LayerContext &layer) {
  return quantiles(layer, 0.5, false, "linear", quantile);
}

template <int64_t whole, Quantile quantile> static Value importQuantile(LayerContext &layer) {
  const json::Value *method = layer.argument("method");
  if (!layer.ready())
    return {};
  auto fractions = ops::constantNumbers(layer.input(1));
  if (!fractions || fractions->empty()) {
    layer.error() << "expected operand 1 to be numbers";
    return {};
  }
  for (double &fraction : *fractions)
    fraction /= whole;
  bool isList = !layer.shape(1).empty();
  if (isList && !layer.keepsBatch(false))
    return {};
  return quantiles(layer, *fractions, isList,
                   method ? method->getAsString().value_or("") : StringRef("linear"), quantile);
}

static Value importSearchSorted(LayerContext &layer) {
  StringRef side = layer.choice("side", {"left", "right"}, "left");
  return layer.ready() ? ops::searchSorted(layer, layer.input(0), layer.input(1), side == "right")
                       : Value();
}

static Value importDigitize(LayerContext &layer) {
  return layer.ready() ? ops::searchSorted(layer, layer.input(1), layer.input(0), true) : Value();
}

//===----------------------------------------------------------------------===//
// Scattered elements
//===----------------------------------------------------------------------===//

/// What keras.ops.segment_sum and the like make of the rows of each segment.
template <ops::Scatter kind> static Value importSegments(LayerContext &layer) {
  int64_t count = layer.integer("num_segments", 1);
  layer.boolean("sorted", false);
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double empty = kind == ops::Scatter::Max   ? -infinity
                 : kind == ops::Scatter::Min ? infinity
                                             : kind == ops::Scatter::Multiply;
  return ops::joinSegments(layer, layer.input(), layer.input(1), count, kind, empty);
}

static Value importScatter(LayerContext &layer) {
  SmallVector<int64_t> shape = layer.integers("shape", 1, std::nullopt);
  if (!layer.ready() || !layer.keepsBatch(false) || !layer.fits(shape))
    return {};
  Value zeros = layer.splat(shape, ops::elementOf(layer.input(1)), 0);
  return ops::scatterParts(layer, zeros, layer.input(0), layer.input(1), ops::Scatter::Add);
}

static Value importScatterUpdate(LayerContext &layer) {
  static constexpr std::pair<StringLiteral, ops::Scatter> kinds[] = {
      {"add", ops::Scatter::Add},
      {"max", ops::Scatter::Max},
      {"min", ops::Scatter::Min},
      {"mul", ops::Scatter::Multiply}};
  ops::Scatter kind = ops::Scatter::Replace;
  if (layer.argument("reduction")) {
    StringRef name = layer.choice("reduction", {"add", "max", "min", "mul"}, "add");
    kind = llvm::find_if(kinds, [&](auto &entry) { return entry.first == name; })->second;
  }
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  return ops::scatterParts(layer, layer.input(0), layer.input(1),
                           ops::convertTo(layer, layer.input(2), ops::elementOf(layer.input(0))),
                           kind);
}

/// A part is replaced that begins at places that are known.
static Value importSliceUpdate(LayerContext &layer) {
  if (!layer.ready())
    return {};
  auto offsets = ops::constantNumbers(layer.input(1));
  ArrayRef<int64_t> shape = layer.shape(), part = layer.shape(2);
  SmallVector<int64_t> low, high;
  bool fits = offsets && offsets->size() == shape.size() && part.size() == shape.size();
  for (size_t dim = 0; fits && dim < shape.size(); ++dim) {
    low.push_back((*offsets)[dim]);
    high.push_back(shape[dim] - part[dim] - low.back());
    fits = low.back() >= 0 && high.back() >= 0;
  }
  if (!fits) {
    layer.error() << "expected a part of shape " << shown(shape)
                  << " at places that are known, found one of shape " << shown(part);
    return {};
  }
  Type element = ops::elementOf(layer.input());
  Value isNew = ops::pad(layer, layer.splat(part, layer.builder.getI32Type(), 1), low, high);
  Value updates = ops::pad(layer, ops::convertTo(layer, layer.input(2), element), low, high);
  return ops::select(layer, isNew, updates, layer.input());
}

ArrayRef<LayerClass> sepconv::keras::orderOperations() {
  using S = ops::Scatter;
  static const std::vector<StringRef> segments{"num_segments", "sorted"};
  static const std::vector<StringRef> quantile{"axis", "method", "keepdims"};
  static const LayerClass table[] = {
      {"Argsort", importSort<true>, {"axis"}},
      {"Cumprod", importCumulative<true>, {"axis", "dtype"}},
      {"Cumsum", importCumulative<false>, {"axis", "dtype"}},
      {"Digitize", importDigitize, {}, 2, 2},
      {"InTopK", importInTopK, {"k"}, 2, 2},
      {"Median", importMedian<ops::quantile>, {"axis", "keepdims"}},
      {"Nanmedian", importMedian<ops::nanQuantile>, {"axis", "keepdims"}},
      {"Nanpercentile", importQuantile<100, ops::nanQuantile>, quantile, 2, 2},
      {"Nanquantile", importQuantile<1, ops::nanQuantile>, quantile, 2, 2},
      {"Percentile", importQuantile<100, ops::quantile>, quantile, 2, 2},
      {"Quantile", importQuantile<1, ops::quantile>, quantile, 2, 2},
      {"Scatter", importScatter, {"shape"}, 2, 2},
      {"ScatterUpdate", importScatterUpdate, {"reduction"}, 3, 3},
      {"SearchSorted", importSearchSorted, {"side"}, 2, 2},
      {"SegmentMax", importSegments<S::Max>, segments, 2, 2},
      {"SegmentMin", importSegments<S::Min>, segments, 2, 2},
      {"SegmentProd", importSegments<S::Multiply>, segments, 2, 2},
      {"SegmentSum", importSegments<S::Add>, segments, 2, 2},
      {"SliceUpdate", importSliceUpdate, {}, 3, 3},
      {"Sort", importSort<false>, {"axis"}},
      {"TopK", importTopK, {"k", "sorted"}},
  };
  return table;
}
