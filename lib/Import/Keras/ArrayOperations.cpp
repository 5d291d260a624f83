//===- ArrayOperations.cpp - keras.ops that others are made of -------------------===//

#include "../Operations/Attention.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Normalization.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static constexpr size_t anyNumber = std::numeric_limits<size_t>::max();

//===----------------------------------------------------------------------===//
// Shapes and parts
//===----------------------------------------------------------------------===//

/// Along a dimension that is the same for all ranks: 0 for vstack.
template <int64_t dim> static Value importStackAlong(LayerContext &layer) {
  if (!layer.ready() || !layer.keepsBatch(dim != 0))
    return {};
  if (int64_t(layer.shape().size()) <= dim) {
    layer.error() << "expected inputs of rank " << dim + 1 << " or more, found shape "
                  << shown(layer.shape());
    return {};
  }
  return ops::concatenate(layer, layer.getInputs(), dim);
}

template <int64_t dim> static Value importFlipAlong(LayerContext &layer) {
  if (!layer.ready() || !layer.keepsBatch(dim != 0))
    return {};
  if (int64_t(layer.shape().size()) <= dim) {
    layer.error() << "expected an input of rank " << dim + 1 << " or more, found shape "
                  << shown(layer.shape());
    return {};
  }
  return ops::reverse(layer, layer.input(), dim);
}

static Value importRavel(LayerContext &layer) {
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  return ops::reshape(layer, layer.input(), ShapedType::getNumElements(layer.shape()));
}

/// The numbers of an operand that is a constant; nothing after reporting.
static std::optional<SmallVector<int64_t>> integersOf(LayerContext &layer, size_t index) {
  DenseElementsAttr numbers;
  if (index >= layer.getInputs().size() ||
      !matchPattern(layer.input(index), m_Constant(&numbers))) {
    layer.error() << "expected operand " << index << " to be numbers";
    return std::nullopt;
  }
  SmallVector<int64_t> result;
  for (Attribute number : numbers.getValues<Attribute>())
    if (auto real = dyn_cast<FloatAttr>(number))
      result.push_back(real.getValueAsDouble());
    else
      result.push_back(cast<IntegerAttr>(number).getInt());
  return result;
}

static Value importSlice(LayerContext &layer) {
  SmallVector<int64_t> sizes = layer.integers("shape", 1, std::nullopt);
  if (!layer.ready())
    return {};
  auto offsets = integersOf(layer, 1);
  if (!offsets)
    return {};
  ArrayRef<int64_t> shape = layer.shape();
  bool fits = sizes.size() == shape.size() && offsets->size() == shape.size();
  for (size_t dim = 0; fits && dim < shape.size(); ++dim)
    fits = (*offsets)[dim] >= 0 && (*offsets)[dim] + sizes[dim] <= shape[dim];
  if (!fits) {
    layer.unsupported("shape", "a part of the input's shape " + shown(shape));
    return {};
  }
  if (!layer.keepsBatch(shape.empty() || sizes[0] == shape[0]))
    return {};
  return ops::slice(layer, layer.input(), *offsets, sizes, SmallVector<int64_t>(sizes.size(), 1));
}

/// What lies before and behind an image; of two and the size the one that is null follows.
template <bool pads> static Value importImageMargins(LayerContext &layer) {
  StringRef what = pads ? "padding" : "cropping";
  unsigned first = layer.dataFormat() == DataFormat::NHWC ? 1 : 2;
  std::optional<int64_t> given[6];
  static constexpr StringLiteral sides[] = {"top_", "bottom_", "left_", "right_"};
  static constexpr StringLiteral targets[] = {"target_height", "target_width"};
  for (auto [i, side] : llvm::enumerate(sides))
    if (std::string name = (side + what).str(); layer.argument(name))
      given[i] = layer.integer(name, 0);
  for (auto [i, name] : llvm::enumerate(targets))
    if (layer.argument(name))
      given[4 + i] = layer.integer(name, 1);
  if (!layer.ready() || !layer.hasRank(4))
    return {};
  SmallVector<int64_t> low(4, 0), high(4, 0), sizes(layer.shape());
  for (size_t i : {0, 1}) {
    int64_t size = sizes[first + i], target = given[4 + i].value_or(size);
    int64_t margins = pads ? target - size : size - target;
    int64_t &before = low[first + i], &after = high[first + i];
    before = given[2 * i].value_or(margins - given[2 * i + 1].value_or(margins));
    after = given[2 * i + 1].value_or(margins - before);
    sizes[first + i] += pads ? before + after : -before - after;
    if (before < 0 || after < 0 || sizes[first + i] < 1) {
      layer.error() << "expected margins that fit the input of shape " << shown(layer.shape());
      return {};
    }
  }
  if (pads)
    return ops::pad(layer, layer.input(), low, high);
  return ops::slice(layer, layer.input(), low, sizes, SmallVector<int64_t>(4, 1));
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

static Value importFullLike(LayerContext &layer) {
  if (!layer.ready())
    return {};
  Type element = ops::elementOf(layer.input());
  if (const json::Value *dtype = layer.argument("dtype"))
    element = ops::typeNamed(layer.builder.getContext(), dtype->getAsString().value_or(""));
  if (!element) {
    layer.unsupported("dtype", "null or a type such as 'float32'");
    return {};
  }
  Value number = ops::convertTo(layer, layer.input(1), element);
  return ops::broadcastTo(layer, number, layer.shape());
}

/// The first of several choices whose condition holds; the last operand elsewhere.
static Value importSelect(LayerContext &layer) {
  if (!layer.ready())
    return {};
  size_t count = (layer.getInputs().size() - 1) / 2;
  if (layer.getInputs().size() != 2 * count + 1) {
    layer.error() << "expected a choice for each condition";
    return {};
  }
  Value result = layer.getInputs().back();
  for (size_t i = count; i-- > 0;)
    result = ops::select(layer, layer.input(i), layer.input(count + i), result);
  return result;
}

static Value importCountNonzero(LayerContext &layer) {
  auto dims = layer.axes("axis");
  if (!layer.ready())
    return {};
  Value truth = ops::convertTo(layer, layer.input(), layer.builder.getI1Type());
  return ops::reduce(layer, truth, *dims, false, ops::Reduction::Sum);
}

static Value importRange(LayerContext &layer) {
  auto dims = layer.axes("axis");
  bool keepDims = layer.boolean("keepdims", false);
  if (!layer.ready())
    return {};
  Value most = ops::reduce(layer, layer.input(), *dims, keepDims, ops::Reduction::Max);
  Value least = ops::reduce(layer, layer.input(), *dims, keepDims, ops::Reduction::Min);
  return ops::apply(layer, "subtract", {most, least});
}

/// keras/src/ops/image.py
static Value importGrayscale(LayerContext &layer) {
  bool last = layer.dataFormat() == DataFormat::NHWC;
  if (!layer.ready() || !layer.hasRank(4))
    return {};
  int64_t dim = last ? 3 : 1;
  if (layer.shape()[dim] != 3) {
    layer.error() << "expected 3 channels, found an input of shape " << shown(layer.shape());
    return {};
  }
  SmallVector<int64_t> shape(4, 1);
  shape[dim] = 3;
  Value parts = layer.constant(shape, {0.2989f, 0.587f, 0.114f}, ops::elementOf(layer.input()));
  Value weighted = ops::apply(layer, "multiply", {layer.input(), parts});
  return ops::reduce(layer, weighted, dim, true, ops::Reduction::Sum);
}

//===----------------------------------------------------------------------===//
// Normalization and attention
//===----------------------------------------------------------------------===//

/// keras.config.epsilon()
static double epsilonOf(LayerContext &layer) { return layer.number("epsilon", 1e-7); }

template <bool rms> static Value importNorm(LayerContext &layer) {
  SmallVector<int64_t> list = layer.integers("axis", anyInteger, -1);
  double epsilon = epsilonOf(layer);
  bool isRms = rms || layer.boolean("rms_scaling", false);
  if (!layer.ready())
    return {};
  auto dims = layer.dimensions(layer.input(), "axis", list);
  if (!dims)
    return {};
  Value value = isRms ? ops::rmsNorm(layer, layer.input(), *dims, epsilon)
                      : ops::standardize(layer, layer.input(), *dims, epsilon);
  Value gamma = layer.getInputs().size() > 1 ? layer.input(1) : Value();
  Value beta = layer.getInputs().size() > 2 ? layer.input(2) : Value();
  return value ? ops::scaleAlong(layer, value, *dims, gamma, beta) : Value();
}

/// scale is 1 / sqrt(size) where it is not given; operands are those of Call.
static Value importAttention(LayerContext &layer) {
  bool isCausal = layer.boolean("is_causal", false);
  if (layer.argument("attn_logits_soft_cap"))
    layer.unsupported("attn_logits_soft_cap", "null");
  if (!layer.ready() || !layer.hasRank(4))
    return {};
  if (layer.shape(1).size() != 4 || layer.shape(2).size() != 4) {
    layer.error() << "expected a key and a value of rank 4, found shapes " << shown(layer.shape(1))
                  << " and " << shown(layer.shape(2));
    return {};
  }
  double scale = 1 / std::sqrt(double(layer.shape().back()));
  Value mask;
  if (isCausal)
    mask = ops::causalMask(layer, layer.shape()[1], layer.shape(1)[1], 4);
  return ops::attention(layer, layer.input(0), layer.input(1), layer.input(2), mask, scale);
}

ArrayRef<LayerClass> sepconv::keras::arrayOperations() {
  static const std::vector<StringRef> target{"target_height", "target_width", "data_format"};
  auto margins = [](StringRef what) {
    static std::vector<std::string> names;
    std::vector<StringRef> all = target;
    names.reserve(16);
    for (StringRef side : {"top_", "bottom_", "left_", "right_"})
      all.push_back(names.emplace_back((side + what).str()));
    return all;
  };
  static const LayerClass table[] = {
      {"CountNonzero", importCountNonzero, {"axis"}},
      {"CropImages", importImageMargins<false>, margins("cropping")},
      {"DotProductAttention",
       importAttention,
       {"is_causal", "flash_attention", "attn_logits_soft_cap"},
       3,
       3},
      {"Dstack", importStackAlong<2>, {}, 1, anyNumber},
      {"Fliplr", importFlipAlong<1>, {}},
      {"Flipud", importFlipAlong<0>, {}},
      {"FullLike", importFullLike, {"dtype"}, 2, 2},
      {"Hstack", importStackAlong<1>, {}, 1, anyNumber},
      {"LayerNorm", importNorm<false>, {"axis", "epsilon", "rms_scaling"}, 1, 3},
      {"PadImages", importImageMargins<true>, margins("padding")},
      {"Ptp", importRange, {"axis", "keepdims"}},
      {"RGBToGrayscale", importGrayscale, {"data_format"}},
      {"RMSNorm", importNorm<true>, {"axis", "epsilon"}, 1, 2},
      {"Ravel", importRavel, {}},
      {"Select", importSelect, {}, 3, anyNumber},
      {"Slice", importSlice, {"shape"}, 2, 2},
      {"Vstack", importStackAlong<0>, {}, 1, anyNumber},
  };
  return table;
}
