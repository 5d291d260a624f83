//===- SamplingOperations.cpp - keras.ops that read images at other places --------===//

#include "../Operations/FoldConstants.h"
#include "../Operations/GridSample.h"
#include "../Operations/Matrices.h"
#include "../Operations/Resizing.h"
#include "../Operations/Shaping.h"
#include "Windows.h"

#include "sepconv/IR/Window.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using Sampling = ops::GridSampling;

/// What the backends of Keras agree on: each has other pixels for mirror and reflect.
static Value importMapCoordinates(LayerContext &layer) {
  int64_t order = layer.integer("order", 0);
  StringRef outside = layer.choice("fill_mode", {"constant", "nearest", "wrap"}, "constant");
  Sampling sampling;
  sampling.number = layer.number("fill_value", 0);
  if (order > 1)
    layer.unsupported("order", "0 or 1");
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  sampling.mode = order ? Sampling::Linear : Sampling::Nearest;
  sampling.outside = outside == "constant"  ? Sampling::Constant
                     : outside == "nearest" ? Sampling::Border
                                            : Sampling::Wrap;
  return ops::sampleAt(layer, layer.input(0), layer.input(1), sampling);
}

/// One image or several, in the order of dimensions that an argument says, as several in NHWC;
/// `transforms` makes the numbers of the projection of the other operands.
static Value project(LayerContext &layer, ArrayRef<StringRef> modes,
                     llvm::function_ref<Value()> transforms) {
  Sampling sampling;
  sampling.mode = layer.choice("interpolation", {"bilinear", "nearest"}, "bilinear") == "nearest"
                      ? Sampling::Nearest
                      : Sampling::Linear;
  StringRef outside = modes.empty() ? "constant" : layer.choice("fill_mode", modes, "constant");
  sampling.outside = outside == "constant"  ? Sampling::Constant
                     : outside == "nearest" ? Sampling::Border
                     : outside == "reflect" ? Sampling::Reflection
                                            : Sampling::Wrap;
  sampling.number = layer.number("fill_value", 0);
  bool isFirst = layer.dataFormat() == DataFormat::NCHW;
  if (!layer.ready())
    return {};
  Value image = layer.input(0);
  bool isOne = ops::rankOf(image) == 3;
  if (!layer.keepsBatch(!isOne))
    return {};
  if (isOne)
    image = ops::expandDims(layer, image, 0);
  if (ops::rankOf(image) != 4) {
    layer.error() << "expected images of rank 3 or 4, found shape " << shown(layer.shape(0));
    return {};
  }
  if (isFirst)
    image = ops::transpose(layer, image, {0, 2, 3, 1});
  Value result = ops::projectImage(layer, image, transforms(), sampling);
  if (result && isFirst)
    result = ops::transpose(layer, result, {0, 3, 1, 2});
  return result && isOne ? ops::squeeze(layer, result, 0) : result;
}

/// An operand that is for one image as one for several.
static Value several(LayerContext &layer, size_t index, int64_t rank) {
  Value value = layer.input(index);
  return ops::rankOf(value) == rank - 1 ? ops::expandDims(layer, value, 0) : value;
}

static Value importAffineTransform(LayerContext &layer) {
  return project(layer, {"constant", "nearest", "reflect", "wrap"},
                 [&] { return several(layer, 1, 2); });
}

static Value importPerspectiveTransform(LayerContext &layer) {
  return project(layer, {}, [&] {
    return ops::homography(layer, several(layer, 1, 3), several(layer, 2, 3));
  });
}

static Value importSobelEdges(LayerContext &layer) {
  bool isFirst = layer.dataFormat() == DataFormat::NCHW;
  if (!layer.ready() || !layer.hasRank(4))
    return {};
  Value image = isFirst ? ops::transpose(layer, layer.input(), {0, 2, 3, 1}) : layer.input();
  Value edges = ops::sobelEdges(layer, image);
  return edges && isFirst ? ops::transpose(layer, edges, {0, 3, 1, 2, 4}) : edges;
}

/// As PyTorch has it.
static Value importFold(LayerContext &layer) {
  SmallVector<int64_t, 2> one{1, 1}, none{0, 0}, sizes = layer.spatial("output_size", 2, 1);
  ops::Window window;
  window.size = layer.spatial("kernel_size", 2, 1);
  window.strides = layer.spatial("stride", 2, 1, one);
  window.dilations = layer.spatial("dilation", 2, 1, one);
  window.padding = ops::Window::Explicit;
  for (int64_t margin : layer.spatial("padding", 2, 0, none))
    window.margins.push_back({margin, margin});
  return layer.ready() ? ops::addPatches(layer, window, layer.input(), sizes) : Value();
}

template <PoolKind kind> static Value importAdaptivePool(LayerContext &layer) {
  DataFormat format = layer.dataFormat();
  size_t count = layer.ready() ? layer.shape().size() - 2 : 1;
  if (layer.ready() && (count < 1 || count > 3)) {
    layer.error() << "expected an input of rank 3 to 5, found shape " << shown(layer.shape());
    return {};
  }
  auto windows = layer.spatial("output_size", count, 1);
  return layer.ready() ? ops::adaptivePool(layer, layer.input(), kind, windows, format) : Value();
}

/// The shape, the scales and the translations are operands.
static Value importScaleAndTranslate(LayerContext &layer) {
  static constexpr std::pair<StringLiteral, ops::Interpolation> methods[] = {
      {"linear", ops::Interpolation::Bilinear},    {"bilinear", ops::Interpolation::Bilinear},
      {"trilinear", ops::Interpolation::Bilinear}, {"cubic", ops::Interpolation::Bicubic},
      {"bicubic", ops::Interpolation::Bicubic},    {"tricubic", ops::Interpolation::Bicubic},
      {"lanczos3", ops::Interpolation::Lanczos3},  {"lanczos5", ops::Interpolation::Lanczos5}};
  SmallVector<StringRef> names;
  for (const auto &method : methods)
    names.push_back(method.first);
  StringRef name = layer.choice("method", names, names.front());
  bool antialias = layer.boolean("antialias", true);
  SmallVector<int64_t> axes = layer.integers("spatial_dims", anyInteger, std::nullopt);
  if (!layer.ready())
    return {};
  auto sizes = ops::constantNumbers(layer.input(1)), scales = ops::constantNumbers(layer.input(2));
  auto translations = ops::constantNumbers(layer.input(3));
  if (!sizes || !scales || !translations || sizes->size() != layer.shape().size() ||
      scales->size() != axes.size() || translations->size() != axes.size()) {
    layer.error() << "expected a shape of rank " << layer.shape().size() << ", and " << axes.size()
                  << " scales and translations, that are numbers";
    return {};
  }
  SmallVector<ops::ScaledDimension> dims;
  for (auto [i, axis] : llvm::enumerate(axes)) {
    auto dim = layer.dimension("spatial_dims", axis);
    if (!dim)
      return {};
    double size = std::clamp((*sizes)[*dim], 0.0, double(kMaxSize));
    dims.push_back({*dim, int64_t(size), (*scales)[i], (*translations)[i]});
  }
  auto *method = llvm::find_if(methods, [&](const auto &m) { return m.first == name; });
  return ops::scaleAndTranslate(layer, layer.input(), dims, method->second, antialias);
}

ArrayRef<LayerClass> sepconv::keras::samplingOperations() {
  static const std::vector<StringRef> adaptive{"output_size", "data_format"};
  static const LayerClass table[] = {
      {"AdaptiveAveragePool", importAdaptivePool<PoolKind::Average>, adaptive},
      {"AdaptiveMaxPool", importAdaptivePool<PoolKind::Max>, adaptive},
      {"AffineTransform",
       importAffineTransform,
       {"interpolation", "fill_mode", "fill_value", "data_format"},
       2,
       2},
      {"Fold", importFold, {"output_size", "kernel_size", "dilation", "padding", "stride"}},
      {"MapCoordinates", importMapCoordinates, {"order", "fill_mode", "fill_value"}, 2, 2},
      {"PerspectiveTransform",
       importPerspectiveTransform,
       {"interpolation", "fill_value", "data_format"},
       3,
       3},
      {"ScaleAndTranslate", importScaleAndTranslate, {"spatial_dims", "method", "antialias"}, 4, 4},
      {"SobelEdges", importSobelEdges, {"data_format"}},
  };
  return table;
}
