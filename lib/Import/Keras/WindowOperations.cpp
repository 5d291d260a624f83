//===- WindowOperations.cpp - keras.ops of patches, distances and choices ---------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Lookup.h"
#include "../Operations/Ordering.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Windows.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

//===----------------------------------------------------------------------===//
// Patches
//===----------------------------------------------------------------------===//

/// Of an image in NHWC that is padded: [images, rows, columns, rows of a window, its columns,
/// channels]; null after reporting.
static Value windowsOf(LayerContext &layer, Value image, const ops::Window &window) {
  SmallVector<int64_t> low(4, 0), high(4, 0), shape{ops::shapeOf(image)[0]};
  for (size_t i : {0, 1}) {
    auto extent = ops::place(layer, window, i, ops::shapeOf(image)[i + 1]);
    if (!extent)
      return {};
    low[i + 1] = extent->before;
    high[i + 1] = extent->after;
    shape.push_back(extent->output);
  }
  shape.append({window.size[0], window.size[1], ops::shapeOf(image)[3]});
  if (!layer.fits(shape))
    return {};
  if (low != high || llvm::any_of(low, [](int64_t margin) { return margin != 0; }))
    image = ops::pad(layer, image, low, high);
  SmallVector<AffineExpr> d(6);
  bindDimsList(layer.builder.getContext(), MutableArrayRef<AffineExpr>(d));
  AffineExpr from[] = {d[0], d[1] * window.strides[0] + d[3] * window.dilations[0],
                       d[2] * window.strides[1] + d[4] * window.dilations[1], d[5]};
  AffineMap map = AffineMap::get(6, 0, from, layer.builder.getContext());
  return image ? ops::elementwise(layer, shape, image, map,
                                  [](OpBuilder &, Location, ValueRange x) { return x[0]; })
               : Value();
}

/// Each patch's pixels, with all of their channels, become the channels of one pixel.
static Value importExtractPatches(LayerContext &layer) {
  ops::Window window;
  window.size = layer.spatial("size", 2, 1);
  window.strides = layer.spatial("strides", 2, 1, window.size);
  window.dilations = layer.spatial("dilation_rate", 2, 1, SmallVector<int64_t, 2>{1, 1});
  if (layer.choice("padding", {"valid", "same"}, "valid") == "same")
    window.padding = ops::Window::Same;
  bool isFirst = layer.dataFormat() == DataFormat::NCHW;
  if (!layer.ready() || !layer.hasRank(4))
    return {};
  Value image = isFirst ? ops::transpose(layer, layer.input(), {0, 2, 3, 1}) : layer.input();
  Value windows = windowsOf(layer, image, window);
  if (!windows)
    return {};
  ArrayRef<int64_t> s = ops::shapeOf(windows);
  Value patches = ops::reshape(layer, windows, {s[0], s[1], s[2], s[3] * s[4] * s[5]});
  return isFirst ? ops::transpose(layer, patches, {0, 3, 1, 2}) : patches;
}

/// As PyTorch has it: of an image in NCHW each window as a column, whose elements are channel by
/// channel.
static Value importUnfold(LayerContext &layer) {
  ops::Window window;
  window.size = layer.spatial("kernel_size", 2, 1);
  window.strides = layer.spatial("stride", 2, 1, SmallVector<int64_t, 2>{1, 1});
  window.dilations = layer.spatial("dilation", 2, 1, SmallVector<int64_t, 2>{1, 1});
  window.padding = ops::Window::Explicit;
  for (int64_t margin : layer.spatial("padding", 2, 0, SmallVector<int64_t, 2>{0, 0}))
    window.margins.push_back({margin, margin});
  if (!layer.ready() || !layer.hasRank(4))
    return {};
  Value windows = windowsOf(layer, ops::transpose(layer, layer.input(), {0, 2, 3, 1}), window);
  if (!windows)
    return {};
  ArrayRef<int64_t> s = ops::shapeOf(windows);
  SmallVector<int64_t> shape{s[0], s[5] * s[3] * s[4], s[1] * s[2]};
  return ops::reshape(layer, ops::transpose(layer, windows, {0, 5, 3, 4, 1, 2}), shape);
}

//===----------------------------------------------------------------------===//
// Distances and choices
//===----------------------------------------------------------------------===//

/// The distance of each vector of one list from each of the other.
static Value importDistances(LayerContext &layer) {
  if (!layer.ready())
    return {};
  int64_t left = layer.shape(0).size(), right = layer.shape(1).size();
  if (left < 2 || right < 2) {
    layer.error() << "expected lists of vectors, found shapes " << shown(layer.shape(0)) << " and "
                  << shown(layer.shape(1));
    return {};
  }
  Value squares = ops::apply(layer, "squared_difference",
                             {ops::expandDims(layer, layer.input(0), left - 1),
                              ops::expandDims(layer, layer.input(1), right - 2)});
  if (!squares)
    return {};
  return ops::apply(
      layer, "sqrt",
      ops::reduce(layer, squares, ops::rankOf(squares) - 1, false, ops::Reduction::Sum));
}

/// 1 for each class that is there.
static Value importMultiHot(LayerContext &layer) {
  int64_t classes = layer.integer("num_classes", 1), axis = layer.integer("axis", anyInteger, -1);
  const json::Value *dtype = layer.argument("dtype");
  Type element = ops::typeNamed(layer.builder.getContext(),
                                dtype ? dtype->getAsString().value_or("") : StringRef("float32"));
  if (!element)
    layer.unsupported("dtype", "a type such as 'float32'");
  if (layer.boolean("sparse", false))
    layer.unsupported("sparse", "false");
  if (axis != -1)
    layer.unsupported("axis", "-1");
  if (!layer.ready())
    return {};
  int64_t rank = layer.shape().size(), dim = rank > 1 ? 1 : 0;
  if (rank < 1 || !layer.keepsBatch(rank > 1))
    return {};
  Value hot = ops::oneHot(layer, layer.input(), rank, classes, element);
  return hot ? ops::reduce(layer, hot, dim, false, ops::Reduction::Max) : Value();
}

/// What is left of each number above a bound. Keras adds up the running sums where the paper has
/// the last one (keras/src/backend/tensorflow/nn.py); what it computes is what is wanted.
static Value importSparsemax(LayerContext &layer) {
  int64_t axis = layer.integer("axis", anyInteger, -1);
  if (!layer.ready())
    return {};
  std::optional<int64_t> dim = layer.dimension("axis", axis);
  if (!dim)
    return {};
  Value x = layer.input();
  Type element = ops::elementOf(x);
  Value sorted = ops::sort(layer, x, *dim, /*isDescending=*/true);
  Value sums = ops::cumulative(layer, sorted, *dim, false, false, false);
  if (!sums)
    return {};
  SmallVector<int64_t> along(layer.shape().size(), 1);
  along[*dim] = layer.shape()[*dim];
  Value counts = ops::reshape(layer, ops::range(layer, 1, along[*dim] + 1, 1, element), along);
  Value one = layer.splat({}, element, 1);
  Value bounds = ops::apply(layer, "divide", {ops::apply(layer, "subtract", {sums, one}), counts});
  Value isLeft = ops::apply(layer, "greater", {sorted, bounds});
  Value zero = layer.splat({}, element, 0);
  auto total = [&](Value value) {
    return ops::reduce(layer, value, *dim, true, ops::Reduction::Sum);
  };
  Value left = total(ops::select(layer, isLeft, sums, zero));
  Value count = total(ops::convertTo(layer, isLeft, element));
  Value bound = ops::apply(layer, "divide", {ops::apply(layer, "subtract", {left, one}), count});
  return ops::apply(layer, "maximum", {ops::apply(layer, "subtract", {x, bound}), zero});
}

ArrayRef<LayerClass> sepconv::keras::windowOperations() {
  static const LayerClass table[] = {
      {"CDist", importDistances, {}, 2, 2},
      {"ExtractPatches",
       importExtractPatches,
       {"size", "strides", "dilation_rate", "padding", "data_format"}},
      {"MultiHot", importMultiHot, {"num_classes", "axis", "dtype", "sparse"}},
      {"Sparsemax", importSparsemax, {"axis"}},
      {"Unfold", importUnfold, {"kernel_size", "dilation", "padding", "stride"}},
  };
  return table;
}
