//===- Merging.cpp - layers of several inputs ------------------------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Normalization.h"
#include "../Operations/Reductions.h"
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

/// The sum over one dimension of each: what is left of the first input, then of the second, image
/// by image.
static Value importDot(LayerContext &layer) {
  SmallVector<int64_t> axes = layer.integers("axes", anyInteger, std::nullopt);
  bool normalizes = layer.boolean("normalize", false);
  if (axes.size() == 1)
    axes.push_back(axes.front());
  if (axes.size() != 2)
    layer.unsupported("axes", "one dimension or two");
  if (!layer.ready())
    return {};
  std::string names[2] = {"a", "a"}, result = "a";
  Value values[2];
  char next = 'b';
  for (size_t i : {0, 1}) {
    ops::TensorBuilder &builder = layer;
    auto dim = builder.dimension(layer.input(i), "axes", axes[i]);
    if (!dim)
      return {};
    int64_t rank = layer.shape(i).size();
    if (*dim == 0 || rank > 8) {
      layer.unsupported("axes", "a dimension other than the batch, of inputs of rank 8 or less");
      return {};
    }
    for (int64_t d = 1; d < rank; ++d) {
      names[i] += d == *dim ? 'z' : next;
      if (d != *dim)
        result += next++;
    }
    values[i] = layer.input(i);
    if (normalizes) // keras/src/layers/merging/dot.py
      values[i] = ops::unitNorm(layer, values[i], *dim, 2, 1e-12);
  }
  Value product = ops::contract(layer, values[0], names[0], values[1], names[1], result);
  return product && result == "a" ? ops::expandDims(layer, product, 1) : product;
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
      {"Dot", importDot, {"axes", "normalize"}, 2, 2},
  };
  return table;
}
