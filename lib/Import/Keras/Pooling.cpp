//===- Pooling.cpp - pooling -----------------------------------------------------===//

#include "../Operations/Shaping.h"
#include "Windows.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

template <size_t count, PoolKind kind> static Value importPooling(LayerContext &layer) {
  ops::Window window = readWindow(layer, count, "pool_size");
  if (!layer.ready() || !layer.hasRank(count + 2))
    return {};
  if (count > 2)
    return kind == PoolKind::Max
               ? ops::maxPool(layer, window, layer.input())
               : ops::averagePool(layer, window, layer.input(), /*countsPadding=*/false);
  auto placed = ops::place(layer, layer.shape(), window, layer.shape()[window.channelDim()]);
  return placed ? ops::pool(layer, *placed, layer.input(), kind) : Value();
}

template <size_t count, PoolKind kind> static Value importGlobalPooling(LayerContext &layer) {
  DataFormat format = layer.dataFormat();
  bool keepDims = layer.boolean("keepdims", false);
  if (!layer.ready() || !layer.hasRank(count + 2))
    return {};
  Value pool = ops::globalPool(layer, layer.input(), kind, format);
  if (!pool || keepDims)
    return pool;
  int64_t channels = layer.shape()[format == DataFormat::NHWC ? count + 1 : 1];
  return ops::reshape(layer, pool, {layer.shape()[0], channels});
}

template <size_t count, PoolKind kind> static Value importAdaptivePooling(LayerContext &layer) {
  auto windows = layer.spatial("output_size", count, 1);
  DataFormat format = layer.dataFormat();
  if (!layer.ready() || !layer.hasRank(count + 2))
    return {};
  return ops::adaptivePool(layer, layer.input(), kind, windows, format);
}

ArrayRef<LayerClass> sepconv::keras::poolingLayers() {
  static const std::vector<StringRef> window{"pool_size", "strides", "padding", "data_format"};
  static const std::vector<StringRef> global{"data_format", "keepdims"};
  static const std::vector<StringRef> adaptive{"output_size", "data_format"};
  static const LayerClass table[] = {
      {"AdaptiveAveragePooling1D", importAdaptivePooling<1, PoolKind::Average>, adaptive},
      {"AdaptiveAveragePooling2D", importAdaptivePooling<2, PoolKind::Average>, adaptive},
      {"AdaptiveAveragePooling3D", importAdaptivePooling<3, PoolKind::Average>, adaptive},
      {"AdaptiveMaxPooling1D", importAdaptivePooling<1, PoolKind::Max>, adaptive},
      {"AdaptiveMaxPooling2D", importAdaptivePooling<2, PoolKind::Max>, adaptive},
      {"AdaptiveMaxPooling3D", importAdaptivePooling<3, PoolKind::Max>, adaptive},
      {"MaxPooling1D", importPooling<1, PoolKind::Max>, window},
      {"MaxPooling2D", importPooling<2, PoolKind::Max>, window},
      {"MaxPooling3D", importPooling<3, PoolKind::Max>, window},
      {"AveragePooling1D", importPooling<1, PoolKind::Average>, window},
      {"AveragePooling2D", importPooling<2, PoolKind::Average>, window},
      {"AveragePooling3D", importPooling<3, PoolKind::Average>, window},
      {"GlobalMaxPooling1D", importGlobalPooling<1, PoolKind::Max>, global},
      {"GlobalMaxPooling2D", importGlobalPooling<2, PoolKind::Max>, global},
      {"GlobalMaxPooling3D", importGlobalPooling<3, PoolKind::Max>, global},
      {"GlobalAveragePooling1D", importGlobalPooling<1, PoolKind::Average>, global},
      {"GlobalAveragePooling2D", importGlobalPooling<2, PoolKind::Average>, global},
      {"GlobalAveragePooling3D", importGlobalPooling<3, PoolKind::Average>, global},
  };
  return table;
}
