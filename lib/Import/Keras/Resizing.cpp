//===- Resizing.cpp - layers and operations that change an image's size ----------===//

#include "../Operations/Resizing.h"
#include "../Operations/Shaping.h"
#include "Windows.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static ops::Interpolation readInterpolation(LayerContext &layer, StringRef otherwise) {
  static constexpr std::pair<StringRef, ops::Interpolation> names[] = {
      {"nearest", ops::Interpolation::Nearest},
      {"bilinear", ops::Interpolation::Bilinear},
      {"bicubic", ops::Interpolation::Bicubic},
      {"lanczos3", ops::Interpolation::Lanczos3},
      {"lanczos5", ops::Interpolation::Lanczos5}};
  StringRef name = layer.choice(
      "interpolation", {"nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"}, otherwise);
  return llvm::find_if(names, [&](auto &entry) { return entry.first == name; })->second;
}

static Value importUpSampling2D(LayerContext &layer) {
  SmallVector<int64_t, 2> size = layer.spatial("size", 2, 1, SmallVector<int64_t, 2>{2, 2});
  DataFormat format = layer.dataFormat();
  ops::Interpolation interpolation = readInterpolation(layer, "nearest");
  if (!layer.ready() || !layer.hasRank(4))
    return {};
  int64_t height = format == DataFormat::NHWC ? 1 : 2;
  if (interpolation == ops::Interpolation::Nearest && ops::isDynamic(layer.input()))
    return ops::repeat(layer, ops::repeat(layer, layer.input(), height, size[0]), height + 1,
                       size[1]);
  return ops::resize(layer, layer.input(), {height, height + 1},
                     {layer.shape()[height] * size[0], layer.shape()[height + 1] * size[1]},
                     interpolation, /*antialias=*/false, "size");
}

static Value importUpSampling1D(LayerContext &layer) {
  int64_t size = layer.integer("size", 1, 2);
  return layer.ready() && layer.hasRank(3) ? ops::repeat(layer, layer.input(), 1, size) : Value();
}

static Value importUpSampling3D(LayerContext &layer) {
  SmallVector<int64_t, 2> size = layer.spatial("size", 3, 1, SmallVector<int64_t, 2>(3, 2));
  int64_t first = layer.dataFormat() == DataFormat::NHWC ? 1 : 2;
  if (!layer.ready() || !layer.hasRank(5))
    return {};
  Value value = layer.input();
  for (auto [i, count] : llvm::enumerate(size))
    value = value ? ops::repeat(layer, value, first + i, count) : Value();
  return value;
}

//===----------------------------------------------------------------------===//
// To a given size
//===----------------------------------------------------------------------===//

namespace {

/// What ops.image.resize and the layer Resizing have in common.
struct ResizeArguments {
  explicit ResizeArguments(LayerContext &layer)
      : interpolation(readInterpolation(layer, "bilinear")),
        antialias(layer.boolean("antialias", false)),
        crop(layer.boolean("crop_to_aspect_ratio", false)),
        pad(layer.boolean("pad_to_aspect_ratio", false)), fill(layer.number("fill_value", 0)),
        format(layer.dataFormat()) {
    layer.choice("fill_mode", {"constant"}, "constant");
  }

  ops::Interpolation interpolation;
  bool antialias, crop, pad;
  double fill;
  DataFormat format;
};

} // namespace

/// The part around the middle whose sides are as those of the result, or the whole with margins:
/// keras/src/backend/tensorflow/image.py.
static Value fitAspectRatio(LayerContext &layer, const ResizeArguments &arguments, Value value,
                            int64_t heightDim, ArrayRef<int64_t> size) {
  SmallVector<int64_t> shape(ops::shapeOf(value)), low(4, 0), high(4, 0), steps(4, 1);
  int64_t height = shape[heightDim], width = shape[heightDim + 1];
  int64_t asHigh = width * size[0] / size[1], asWide = height * size[1] / size[0];
  if (arguments.crop) {
    shape[heightDim] = std::max<int64_t>(std::min(height, asHigh), 1);
    shape[heightDim + 1] = std::max<int64_t>(std::min(width, asWide), 1);
    low[heightDim] = (height - shape[heightDim]) / 2;
    low[heightDim + 1] = (width - shape[heightDim + 1]) / 2;
    return ops::slice(layer, value, low, shape, steps);
  }
  int64_t more[] = {std::max(asHigh - height, int64_t(0)), std::max(asWide - width, int64_t(0))};
  for (int64_t i : {0, 1}) {
    low[heightDim + i] = more[i] / 2;
    high[heightDim + i] = more[i] - more[i] / 2;
  }
  return ops::pad(layer, value, low, high, ops::PadMode::Constant, arguments.fill);
}

static Value resizeTo(LayerContext &layer, const ResizeArguments &arguments,
                      ArrayRef<int64_t> size) {
  if (arguments.crop && arguments.pad)
    layer.unsupported("pad_to_aspect_ratio", "false where crop_to_aspect_ratio is true");
  if (!layer.ready())
    return {};
  bool isBatch = layer.shape().size() != 3;
  if (isBatch && !layer.hasRank(4))
    return {};
  Value value = isBatch ? layer.input() : ops::expandDims(layer, layer.input(), 0);
  int64_t height = arguments.format == DataFormat::NHWC ? 1 : 2;
  if (arguments.crop || arguments.pad)
    value = fitAspectRatio(layer, arguments, value, height, size);
  if (!value)
    return {};
  value = ops::resize(layer, value, {height, height + 1}, size, arguments.interpolation,
                      arguments.antialias, "size");
  return value && !isBatch ? ops::squeeze(layer, value, 0) : value;
}

Value sepconv::keras::importResize(LayerContext &layer) {
  SmallVector<int64_t, 2> size = layer.spatial("size", 2, 1);
  ResizeArguments arguments(layer);
  return resizeTo(layer, arguments, size);
}

const std::vector<StringRef> &sepconv::keras::resizeArguments() {
  static const std::vector<StringRef> names{
      "size",      "interpolation", "antialias",  "crop_to_aspect_ratio", "pad_to_aspect_ratio",
      "fill_mode", "fill_value",    "data_format"};
  return names;
}

static Value importResizing(LayerContext &layer) {
  int64_t height = layer.integer("height", 1), width = layer.integer("width", 1);
  ResizeArguments arguments(layer);
  return resizeTo(layer, arguments, {height, width});
}

/// The middle of a larger image; a smaller one is resized and cropped to the aspect ratio.
static Value importCenterCrop(LayerContext &layer) {
  int64_t size[] = {layer.integer("height", 1), layer.integer("width", 1)};
  DataFormat format = layer.dataFormat();
  if (!layer.ready() || !layer.hasRank(4))
    return {};
  int64_t first = format == DataFormat::NHWC ? 1 : 2;
  SmallVector<int64_t> offsets(4, 0), output(layer.shape()), steps(4, 1);
  for (int64_t i : {0, 1}) {
    int64_t &extent = output[first + i];
    if (extent < size[i]) {
      layer.unsupported(i ? "width" : "height",
                        "at most that of the input of shape " + shown(layer.shape()));
      return {};
    }
    offsets[first + i] = (extent - size[i]) / 2;
    extent = size[i];
  }
  return ops::slice(layer, layer.input(), offsets, output, steps);
}

ArrayRef<LayerClass> sepconv::keras::resizingLayers() {
  static const std::vector<StringRef> resizing = [] {
    std::vector<StringRef> names = resizeArguments();
    names.insert(names.end(), {"height", "width"});
    return names;
  }();
  static const LayerClass table[] = {
      {"CenterCrop", importCenterCrop, {"height", "width", "data_format"}},
      {"Resizing", importResizing, resizing},
      {"UpSampling1D", importUpSampling1D, {"size"}},
      {"UpSampling2D", importUpSampling2D, {"size", "data_format", "interpolation"}},
      {"UpSampling3D", importUpSampling3D, {"size", "data_format"}},
  };
  return table;
}
