//===- Shaping.cpp - layers that move elements, and those that do nothing --------===//

#include "Layers.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

/// {top, bottom, left, right} of an argument that is an integer, a pair (height, width) or a pair
/// of pairs ((top, bottom), (left, right)).
static std::array<int64_t, 4> margins(LayerContext &layer, StringRef name) {
  const json::Value *value = layer.argument(name);
  const json::Array *pairs = value ? value->getAsArray() : nullptr;
  if (!pairs || pairs->empty() || !pairs->front().getAsArray()) {
    std::array<int64_t, 2> both = layer.pair(name, 0, std::array<int64_t, 2>{1, 1});
    return {both[0], both[0], both[1], both[1]};
  }
  SmallVector<int64_t, 4> result;
  for (const json::Value &pair : *pairs)
    if (const json::Array *sides = pair.getAsArray(); sides && sides->size() == 2)
      for (const json::Value &side : *sides)
        if (std::optional<int64_t> size = side.getAsInteger();
            size && *size >= 0 && *size <= 1 << 24)
          result.push_back(*size);
  if (pairs->size() == 2 && result.size() == 4)
    return {result[0], result[1], result[2], result[3]};
  layer.unsupported(name, "an integer, (height, width) or ((top, bottom), (left, right))");
  return {0, 0, 0, 0};
}

static Value importZeroPadding2D(LayerContext &layer) {
  std::array<int64_t, 4> padding = margins(layer, "padding");
  unsigned height = layer.dataFormat() == DataFormat::NHWC ? 1 : 2;
  if (!layer.ready() || !layer.isImage())
    return {};
  SmallVector<int64_t> low(4, 0), high(4, 0), output(layer.shape());
  for (unsigned i : {0u, 1u}) {
    low[height + i] = padding[2 * i];
    high[height + i] = padding[2 * i + 1];
    output[height + i] += padding[2 * i] + padding[2 * i + 1];
  }
  if (!layer.fits(output))
    return {};
  OpBuilder &b = layer.builder;
  Value zero = arith::ConstantOp::create(b, layer.loc, b.getF32FloatAttr(0));
  return tensor::PadOp::create(b, layer.loc, layer.type(output), layer.input(),
                               getAsIndexOpFoldResult(b.getContext(), low),
                               getAsIndexOpFoldResult(b.getContext(), high), zero);
}

static Value importCropping2D(LayerContext &layer) {
  std::array<int64_t, 4> cropping = margins(layer, "cropping");
  unsigned height = layer.dataFormat() == DataFormat::NHWC ? 1 : 2;
  if (!layer.ready() || !layer.isImage())
    return {};
  SmallVector<int64_t> offsets(4, 0), output(layer.shape());
  for (unsigned i : {0u, 1u}) {
    offsets[height + i] = cropping[2 * i];
    output[height + i] -= cropping[2 * i] + cropping[2 * i + 1];
  }
  if (output[height] <= 0 || output[height + 1] <= 0) {
    layer.unsupported("cropping", "less than the input of shape " + shown(layer.shape()));
    return {};
  }
  MLIRContext *context = layer.builder.getContext();
  SmallVector<int64_t> ones(4, 1);
  return tensor::ExtractSliceOp::create(layer.builder, layer.loc, layer.type(output), layer.input(),
                                        getAsIndexOpFoldResult(context, offsets),
                                        getAsIndexOpFoldResult(context, output),
                                        getAsIndexOpFoldResult(context, ones));
}

static Value importReshape(LayerContext &layer) {
  SmallVector<int64_t> target = layer.integers("target_shape", -1, std::nullopt);
  if (!layer.ready() || !layer.fits(layer.shape()))
    return {};
  ArrayRef<int64_t> from = layer.shape();
  int64_t elements = ShapedType::getNumElements(from.drop_front()), known = 1;
  SmallVector<int64_t> output{from[0]};
  int64_t *unknown = nullptr;
  output.reserve(target.size() + 1);
  bool legal = true;
  for (int64_t size : target) {
    output.push_back(size);
    if (size > 0 && known <= elements)
      known *= size;
    else if (size == -1 && !unknown)
      unknown = &output.back();
    else
      legal = false;
  }
  if (unknown)
    *unknown = elements / known;
  legal &= unknown ? elements % known == 0 && known <= elements : known == elements;
  if (!legal) {
    layer.unsupported("target_shape", std::to_string(elements) + " elements, those of the input " +
                                          shown(from) + " without its batch");
    return {};
  }
  return layer.reshape(layer.input(), output);
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
    value = layer.transpose(value, permutation);
  }
  return layer.reshape(value, {shape[0], ShapedType::getNumElements(shape.drop_front())});
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
  return layer.transpose(layer.input(), permutation);
}

/// What layers for training do at inference.
static Value importNothing(LayerContext &layer) { return layer.ready() ? layer.input() : Value(); }

ArrayRef<LayerClass> sepconv::keras::shapingLayers() {
  static const std::vector<StringRef> dropout{"rate", "noise_shape", "data_format"};
  static const LayerClass table[] = {
      {"ZeroPadding2D", importZeroPadding2D, {"padding", "data_format"}},
      {"Cropping2D", importCropping2D, {"cropping", "data_format"}},
      {"Reshape", importReshape, {"target_shape"}},
      {"Flatten", importFlatten, {"data_format"}},
      {"Permute", importPermute, {"dims"}},
      {"Dropout", importNothing, dropout},
      {"SpatialDropout1D", importNothing, dropout},
      {"SpatialDropout2D", importNothing, dropout},
      {"SpatialDropout3D", importNothing, dropout},
      {"AlphaDropout", importNothing, dropout},
      {"GaussianDropout", importNothing, dropout},
      {"GaussianNoise", importNothing, {"stddev"}},
      {"ActivityRegularization", importNothing, {"l1", "l2"}},
      {"Identity", importNothing, {}},
  };
  return table;
}
