//===- Shaping.cpp - layers that move elements, and those that do nothing --------===//

#include "../Operations/Shaping.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "Layers.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using Margins = SmallVector<std::pair<int64_t, int64_t>, 2>;

/// What an argument says of each spatial dimension: an integer, one for each, or pairs (before,
/// after); of one dimension, one pair is (before, after).
static Margins margins(LayerContext &layer, StringRef name, size_t count) {
  const json::Value *value = layer.argument(name);
  const json::Array *pairs = value ? value->getAsArray() : nullptr;
  bool nested = pairs && !pairs->empty() && pairs->front().getAsArray();
  if (!nested && !(count == 1 && pairs)) {
    Margins result;
    for (int64_t both : layer.spatial(name, count, 0, SmallVector<int64_t, 2>(count, 1)))
      result.push_back({both, both});
    return result;
  }
  SmallVector<int64_t, 4> sides;
  auto add = [&](const json::Array &pair) {
    for (const json::Value &side : pair)
      if (std::optional<int64_t> size = side.getAsInteger(); size && *size >= 0 && *size <= 1 << 24)
        sides.push_back(*size);
  };
  if (!nested)
    add(*pairs);
  else
    for (const json::Value &pair : *pairs)
      if (const json::Array *both = pair.getAsArray(); both && both->size() == 2)
        add(*both);
  Margins result(count);
  if (sides.size() == 2 * count && pairs->size() == (nested ? count : 2)) {
    for (size_t i = 0; i < count; ++i)
      result[i] = {sides[2 * i], sides[2 * i + 1]};
    return result;
  }
  static constexpr StringLiteral forms[] = {
      "an integer or (left, right)",
      "an integer, (height, width) or ((top, bottom), (left, right))",
      "an integer, three of them or three pairs"};
  layer.unsupported(name, forms[count - 1]);
  return result;
}

template <size_t count> static Value importZeroPadding(LayerContext &layer) {
  Margins padding = margins(layer, "padding", count);
  unsigned first = layer.dataFormat() == DataFormat::NHWC ? 1 : 2;
  if (!layer.ready() || !layer.hasRank(count + 2))
    return {};
  SmallVector<int64_t> low(count + 2, 0), high(count + 2, 0);
  for (size_t i = 0; i < count; ++i)
    std::tie(low[first + i], high[first + i]) = padding[i];
  return ops::pad(layer, layer.input(), low, high);
}

template <size_t count> static Value importCropping(LayerContext &layer) {
  Margins cropping = margins(layer, "cropping", count);
  unsigned first = layer.dataFormat() == DataFormat::NHWC ? 1 : 2;
  if (!layer.ready() || !layer.hasRank(count + 2))
    return {};
  SmallVector<int64_t> offsets(count + 2, 0), output(layer.shape()), ones(count + 2, 1);
  for (size_t i = 0; i < count; ++i) {
    offsets[first + i] = cropping[i].first;
    output[first + i] -= cropping[i].first + cropping[i].second;
    if (output[first + i] <= 0) {
      layer.unsupported("cropping", "less than the input of shape " + shown(layer.shape()));
      return {};
    }
  }
  return ops::slice(layer, layer.input(), offsets, output, ones);
}

static Value importReshape(LayerContext &layer) {
  SmallVector<int64_t> target = layer.integers("target_shape", -1, std::nullopt);
  if (!layer.ready() || !layer.fits(layer.shape()))
    return {};
  ArrayRef<int64_t> from = layer.shape();
  auto rest = ops::resolveShape(from.drop_front(), target);
  if (!rest) {
    layer.unsupported("target_shape",
                      std::to_string(ShapedType::getNumElements(from.drop_front())) +
                          " elements, those of the input " + shown(from) + " without its batch");
    return {};
  }
  rest->insert(rest->begin(), from[0]);
  return ops::reshape(layer, layer.input(), *rest);
}

/// Flattens in the order of channels_last, whatever the input's is.
static Value importFlatten(LayerContext &layer) {
  DataFormat format = layer.dataFormat();
  if (!layer.ready())
    return {};
  Value value = layer.input();
  ArrayRef<int64_t> shape = layer.shape();
  if (format == DataFormat::NCHW && shape.size() > 2) {
    SmallVector<int64_t> permutation{0};
    llvm::append_range(permutation, llvm::seq<int64_t>(2, shape.size()));
    permutation.push_back(1);
    value = ops::transpose(layer, value, permutation);
  }
  return ops::reshape(layer, value, {shape[0], ShapedType::getNumElements(shape.drop_front())});
}

static Value importPermute(LayerContext &layer) {
  SmallVector<int64_t> dims = layer.integers("dims", 1, std::nullopt);
  if (!layer.ready())
    return {};
  SmallVector<int64_t> permutation{0};
  llvm::append_range(permutation, dims);
  if (permutation.size() != layer.shape().size() || !isPermutationVector(permutation)) {
    layer.unsupported("dims", "a permutation of 1 to " + Twine(layer.shape().size() - 1));
    return {};
  }
  return ops::transpose(layer, layer.input(), permutation);
}

/// What layers for training do at inference.
static Value importNothing(LayerContext &layer) { return layer.ready() ? layer.input() : Value(); }

/// What layers do at inference that are random when a model is trained.
static Value importRandom(LayerContext &layer) {
  if (layer.isTraining)
    layer.error() << "was called with training=True, which makes its results random; call it "
                     "without, and save the model again";
  return importNothing(layer);
}

static Value importRepeatVector(LayerContext &layer) {
  int64_t count = layer.integer("n", 1);
  if (!layer.ready() || !layer.hasRank(2))
    return {};
  return ops::repeat(layer, ops::expandDims(layer, layer.input(), 1), 1, count);
}

/// Zeros where all channels have one value; layers that would follow the mask are refused.
static Value importMasking(LayerContext &layer) {
  double number = layer.number("mask_value", 0);
  if (!layer.ready())
    return {};
  Value value = layer.input();
  Type element = ops::elementOf(value);
  Value differs = ops::apply(layer, "not_equal", {value, layer.splat({}, element, number)});
  Value any = ops::reduce(layer, differs, ops::rankOf(value) - 1, true, ops::Reduction::Any);
  return ops::select(layer, any, value, layer.splat({}, element, 0));
}

ArrayRef<LayerClass> sepconv::keras::shapingLayers() {
  static std::vector<LayerClass> table{
      {"ZeroPadding1D", importZeroPadding<1>, {"padding", "data_format"}},
      {"ZeroPadding2D", importZeroPadding<2>, {"padding", "data_format"}},
      {"ZeroPadding3D", importZeroPadding<3>, {"padding", "data_format"}},
      {"Cropping1D", importCropping<1>, {"cropping", "data_format"}},
      {"Cropping2D", importCropping<2>, {"cropping", "data_format"}},
      {"Cropping3D", importCropping<3>, {"cropping", "data_format"}},
      {"Reshape", importReshape, {"target_shape"}},
      {"Flatten", importFlatten, {"data_format"}},
      {"Permute", importPermute, {"dims"}},
      {"RepeatVector", importRepeatVector, {"n"}},
      {"Masking", importMasking, {"mask_value"}},
      {"ActivityRegularization", importNothing, {"l1", "l2"}},
      {"Identity", importNothing, {}},
  };
  static constexpr StringLiteral random[] = {"AlphaDropout",
                                             "AugMix",
                                             "CutMix",
                                             "Dropout",
                                             "GaussianDropout",
                                             "GaussianNoise",
                                             "MixUp",
                                             "RandAugment",
                                             "RandomBrightness",
                                             "RandomColorDegeneration",
                                             "RandomColorJitter",
                                             "RandomContrast",
                                             "RandomCrop",
                                             "RandomElasticTransform",
                                             "RandomErasing",
                                             "RandomFlip",
                                             "RandomGaussianBlur",
                                             "RandomGrayscale",
                                             "RandomHue",
                                             "RandomInvert",
                                             "RandomPerspective",
                                             "RandomPosterization",
                                             "RandomRotation",
                                             "RandomSaturation",
                                             "RandomSharpness",
                                             "RandomShear",
                                             "RandomTranslation",
                                             "RandomZoom",
                                             "SpatialDropout1D",
                                             "SpatialDropout2D",
                                             "SpatialDropout3D"};
  static const bool added = [] {
    for (StringRef name : random)
      table.push_back({name, importRandom, {}, 1, 1, /*takesAnyArgument=*/true});
    return true;
  }();
  (void)added;
  return table;
}
