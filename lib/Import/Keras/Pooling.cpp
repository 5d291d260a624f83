//===- Pooling.cpp - pooling and upsampling --------------------------------------===//

#include "Layers.h"

#include "sepconv/IR/Window.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

/// The dimension of the height; the width's is the next.
static unsigned heightDim(DataFormat format) { return format == DataFormat::NHWC ? 1 : 2; }

static Value buildPool(LayerContext &layer, PoolKind kind, DataFormat format,
                       ArrayRef<int64_t> window, ArrayRef<int64_t> strides,
                       ArrayRef<int64_t> padding, ArrayRef<int64_t> output) {
  return Pool2DOp::create(layer.builder, layer.loc, layer.type(output), layer.input(), kind, window,
                          strides, padding, /*same=*/false, format);
}

template <PoolKind kind> static Value importPooling2D(LayerContext &layer) {
  std::array<int64_t, 2> window = layer.pair("pool_size", 1, std::array<int64_t, 2>{2, 2});
  std::array<int64_t, 2> strides = layer.pair("strides", 1, window);
  bool same = layer.choice("padding", {"valid", "same"}, "valid") == "same";
  DataFormat format = layer.dataFormat();
  if (!layer.ready() || !layer.isImage())
    return {};
  SmallVector<int64_t> padding(4, 0), output(layer.shape());
  for (unsigned i : {0u, 1u}) {
    int64_t &extent = output[heightDim(format) + i];
    if (same)
      std::tie(padding[2 * i], padding[2 * i + 1]) = samePadding(extent, window[i], strides[i], 1);
    int64_t fits =
        windowOutputSize(extent, window[i], strides[i], 1, padding[2 * i], padding[2 * i + 1]);
    if (fits <= 0) {
      layer.error() << "a window of " << window[i] << " does not fit into the input's "
                    << (i ? "width" : "height") << " of " << extent;
      return {};
    }
    extent = fits;
  }
  return buildPool(layer, kind, format, window, strides, padding, output);
}

template <PoolKind kind> static Value importGlobalPooling2D(LayerContext &layer) {
  DataFormat format = layer.dataFormat();
  bool keepDims = layer.boolean("keepdims", false);
  if (!layer.ready() || !layer.isImage())
    return {};
  SmallVector<int64_t> output(layer.shape());
  ArrayRef<int64_t> window = layer.shape().slice(heightDim(format), 2);
  output[heightDim(format)] = output[heightDim(format) + 1] = 1;
  Value pool = buildPool(layer, kind, format, window, {1, 1}, {0, 0, 0, 0}, output);
  if (keepDims)
    return pool;
  int64_t channels = output[format == DataFormat::NHWC ? 3 : 1];
  return layer.reshape(pool, {output[0], channels});
}

//===----------------------------------------------------------------------===//
// Upsampling
//===----------------------------------------------------------------------===//

static Value upsampleNearest(LayerContext &layer, unsigned dim, std::array<int64_t, 2> size,
                             ArrayRef<int64_t> output) {
  SmallVector<AffineExpr> source;
  for (unsigned i = 0; i < 4; ++i)
    source.push_back(layer.builder.getAffineDimExpr(i));
  source[dim] = source[dim].floorDiv(size[0]);
  source[dim + 1] = source[dim + 1].floorDiv(size[1]);
  AffineMap map = AffineMap::get(4, 0, source, layer.builder.getContext());
  return layer.elementwise(output, layer.input(), map,
                           [](OpBuilder &, Location, ValueRange x) -> Value { return x[0]; });
}

/// The weights of `size` times as many pixels: pixel i is at (i + 0.5) / size - 0.5 of the input,
/// and what lies outside has the value of the edge.
static SmallVector<float> bilinearWeights(int64_t input, int64_t size) {
  int64_t output = input * size;
  SmallVector<float> weights(output * input, 0);
  for (int64_t i = 0; i < output; ++i) {
    float at = (i + 0.5f) * (static_cast<float>(input) / output) - 0.5f;
    float below = std::floor(at), fraction = at - below;
    int64_t first = std::max<int64_t>(below, 0), second = std::min<int64_t>(below + 1, input - 1);
    weights[i * input + first] += 1 - fraction;
    weights[i * input + second] += fraction;
  }
  return weights;
}

/// Multiplies dimension `dim` by the matrix of its bilinear weights.
static Value upsampleBilinear(LayerContext &layer, Value value, unsigned dim, int64_t size) {
  if (size == 1)
    return value;
  OpBuilder &builder = layer.builder;
  SmallVector<int64_t> shape(cast<RankedTensorType>(value.getType()).getShape());
  int64_t input = shape[dim];
  Value weights = layer.constant({input * size, input}, bilinearWeights(input, size));
  shape[dim] = input * size;
  Value zero = arith::ConstantOp::create(builder, layer.loc, builder.getF32FloatAttr(0));
  Value empty = tensor::EmptyOp::create(builder, layer.loc, shape, builder.getF32Type());
  Value init = linalg::FillOp::create(builder, layer.loc, zero, empty).getResult(0);
  // Four parallel dimensions and the input's pixels, d4.
  SmallVector<AffineExpr> out, in;
  for (unsigned i = 0; i < 4; ++i)
    out.push_back(builder.getAffineDimExpr(i));
  in = out;
  in[dim] = builder.getAffineDimExpr(4);
  MLIRContext *context = builder.getContext();
  AffineMap maps[] = {AffineMap::get(5, 0, in, context),
                      AffineMap::get(5, 0, {out[dim], in[dim]}, context),
                      AffineMap::get(5, 0, out, context)};
  SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  auto body = [](OpBuilder &b, Location loc, ValueRange x) {
    Value product = arith::MulFOp::create(b, loc, x[0], x[1]);
    linalg::YieldOp::create(b, loc, arith::AddFOp::create(b, loc, x[2], product).getResult());
  };
  return linalg::GenericOp::create(builder, layer.loc, layer.type(shape),
                                   ValueRange{value, weights}, init, maps, iterators, body)
      ->getResult(0);
}

static Value importUpSampling2D(LayerContext &layer) {
  std::array<int64_t, 2> size = layer.pair("size", 1, std::array<int64_t, 2>{2, 2});
  DataFormat format = layer.dataFormat();
  bool nearest = layer.choice("interpolation", {"nearest", "bilinear"}, "nearest") == "nearest";
  if (!layer.ready() || !layer.isImage())
    return {};
  unsigned dim = heightDim(format);
  SmallVector<int64_t> output(layer.shape());
  output[dim] *= size[0];
  output[dim + 1] *= size[1];
  if (!layer.fits(output))
    return {};
  if (nearest)
    return upsampleNearest(layer, dim, size, output);
  // The matrices become constants of the program.
  constexpr int64_t maxWeights = 1 << 24;
  for (unsigned i : {dim, dim + 1})
    if (output[i] > maxWeights / layer.shape()[i]) {
      layer.error("size") << "bilinear interpolation from " << layer.shape()[i] << " to "
                          << output[i] << " pixels is too large";
      return {};
    }
  Value rows = upsampleBilinear(layer, layer.input(), dim, size[0]);
  return upsampleBilinear(layer, rows, dim + 1, size[1]);
}

ArrayRef<LayerClass> sepconv::keras::poolingLayers() {
  static const std::vector<StringRef> window{"pool_size", "strides", "padding", "data_format"};
  static const std::vector<StringRef> global{"data_format", "keepdims"};
  static const LayerClass table[] = {
      {"MaxPooling2D", importPooling2D<PoolKind::Max>, window},
      {"AveragePooling2D", importPooling2D<PoolKind::Average>, window},
      {"GlobalMaxPooling2D", importGlobalPooling2D<PoolKind::Max>, global},
      {"GlobalAveragePooling2D", importGlobalPooling2D<PoolKind::Average>, global},
      {"UpSampling2D", importUpSampling2D, {"size", "data_format", "interpolation"}},
  };
  return table;
}
