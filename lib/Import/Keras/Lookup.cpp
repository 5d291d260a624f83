//===- Lookup.cpp - Embedding, and what takes elements at places -----------------===//

#include "../Operations/Lookup.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static Value importEmbedding(LayerContext &layer) {
  int64_t rows = layer.integer("input_dim", 1), columns = layer.integer("output_dim", 1);
  VariableArguments arguments = layer.variable("embeddings", "uniform");
  for (StringRef name : {"quantization_config", "lora_rank"})
    if (layer.argument(name))
      layer.unsupported(name, "null");
  if (!layer.ready())
    return {};
  Value table = layer.weight("embeddings", {rows, columns}, arguments);
  return layer.ready() ? ops::take(layer, table, layer.input(), 0) : Value();
}

/// Of the numbers along the last dimension, for each class whether it is there, or how often.
static Value importCategoryEncoding(LayerContext &layer) {
  int64_t classes = layer.integer("num_tokens", 1);
  StringRef mode = layer.choice("output_mode", {"multi_hot", "one_hot", "count"}, "multi_hot");
  if (layer.boolean("sparse", false))
    layer.unsupported("sparse", "false");
  if (!layer.ready())
    return {};
  Value places = layer.input();
  int64_t rank = layer.shape().size();
  bool isColumn = mode == "one_hot" && rank > 1 && layer.shape().back() == 1;
  if (isColumn)
    places = ops::squeeze(layer, places, --rank);
  Value hot = ops::oneHot(layer, places, rank, classes, layer.computeType());
  if (mode == "one_hot" || rank < 2 || !hot)
    return hot;
  return ops::reduce(layer, hot, rank - 1, false,
                     mode == "count" ? ops::Reduction::Sum : ops::Reduction::Max);
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

template <bool isMax> static Value importArgExtremum(LayerContext &layer) {
  bool keepDims = layer.boolean("keepdims", false);
  int64_t axis = layer.argument("axis") ? layer.integer("axis", anyInteger) : 0;
  if (!layer.ready())
    return {};
  Value value = layer.input();
  if (!layer.argument("axis")) { // of all elements side by side
    if (!layer.keepsBatch(false))
      return {};
    value = ops::reshape(layer, value, ShapedType::getNumElements(layer.shape()));
  }
  auto dim = static_cast<ops::TensorBuilder &>(layer).dimension(value, "axis", axis);
  Type i32 = layer.builder.getI32Type();
  return dim ? ops::extremumIndex(layer, value, *dim, keepDims, isMax, /*isLast=*/false, i32)
             : Value();
}

template <Value (*take)(ops::TensorBuilder &, Value, Value, int64_t)>
static Value importTake(LayerContext &layer) {
  int64_t axis = layer.argument("axis") ? layer.integer("axis", anyInteger) : 0;
  if (!layer.argument("axis"))
    layer.unsupported("axis", "an integer");
  if (!layer.ready())
    return {};
  std::optional<int64_t> dim = layer.dimension("axis", axis);
  return dim ? take(layer, layer.input(0), layer.input(1), *dim) : Value();
}

static Value importOneHot(LayerContext &layer) {
  int64_t size = layer.integer("num_classes", 1), axis = layer.integer("axis", anyInteger, -1);
  StringRef dtype = "float32";
  if (const json::Value *value = layer.argument("dtype"))
    dtype = value->getAsString().value_or("");
  Type element = ops::typeNamed(layer.builder.getContext(), dtype);
  if (!element)
    layer.unsupported("dtype", "a type such as 'float32'");
  if (layer.boolean("sparse", false))
    layer.unsupported("sparse", "false");
  if (!layer.ready())
    return {};
  int64_t rank = layer.shape().size(), dim = axis < 0 ? axis + rank + 1 : axis;
  if (dim < 0 || dim > rank || !layer.keepsBatch(dim != 0)) {
    if (!layer.isWrong())
      layer.unsupported("axis", "a dimension of a result of rank " + Twine(rank + 1));
    return {};
  }
  return ops::oneHot(layer, layer.input(), dim, size, element);
}

ArrayRef<LayerClass> sepconv::keras::lookupLayers() {
  static const LayerClass table[] = {
      {"CategoryEncoding", importCategoryEncoding, {"num_tokens", "output_mode", "sparse"}},
      {"Embedding",
       importEmbedding,
       {"input_dim", "output_dim", "mask_zero", "input_length", "quantization_config"}},
  };
  return table;
}

ArrayRef<LayerClass> sepconv::keras::lookupOperations() {
  static const std::vector<StringRef> arguments{"axis", "keepdims"};
  static const LayerClass table[] = {
      {"Argmax", importArgExtremum<true>, arguments},
      {"Argmin", importArgExtremum<false>, arguments},
      {"OneHot", importOneHot, {"num_classes", "axis", "dtype", "sparse"}},
      {"Take", importTake<ops::take>, {"axis"}, 2, 2},
      {"TakeAlongAxis", importTake<ops::takeAlong>, {"axis"}, 2, 2},
  };
  return table;
}
