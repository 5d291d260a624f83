//===- Merging.cpp - layers of several inputs ------------------------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

/// Folds the inputs with a function from left to right.
static ImportLayer merge(StringRef function) {
  return [function](LayerContext &layer) {
    return layer.ready() ? ops::foldAll(layer, function, layer.getInputs(), /*keepBatch=*/true)
                         : Value();
  };
}

static Value importAverage(LayerContext &layer) {
  return layer.ready() ? ops::average(layer, layer.getInputs(), /*keepBatch=*/true) : Value();
}

static Value importConcatenate(LayerContext &layer) {
  int64_t axis = layer.integer("axis", anyInteger, -1);
  if (!layer.ready())
    return {};
  std::optional<int64_t> dim = layer.dimension("axis", axis);
  if (!dim)
    return {};
  if (*dim == 0) {
    layer.unsupported("axis", "a dimension other than the batch");
    return {};
  }
  return ops::concatenate(layer, layer.getInputs(), *dim);
}

ArrayRef<LayerClass> sepconv::keras::mergingLayers() {
  static constexpr size_t any = std::numeric_limits<size_t>::max();
  static const LayerClass table[] = {
      {"Add", merge("add"), {}, 2, any},
      {"Subtract", merge("subtract"), {}, 2, 2},
      {"Multiply", merge("multiply"), {}, 2, any},
      {"Average", importAverage, {}, 2, any},
      {"Maximum", merge("maximum"), {}, 2, any},
      {"Minimum", merge("minimum"), {}, 2, any},
      {"Concatenate", importConcatenate, {"axis"}, 1, any},
  };
  return table;
}
