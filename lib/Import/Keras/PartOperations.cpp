//===- PartOperations.cpp - keras.ops that are made of few others -----------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Lookup.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static constexpr size_t anyNumber = std::numeric_limits<size_t>::max();

static Value importAppend(LayerContext &layer) {
  bool isGiven = layer.argument("axis");
  int64_t axis = isGiven ? layer.integer("axis", anyInteger) : 0;
  if (!layer.ready() || (!isGiven && !layer.keepsBatch(false)))
    return {};
  SmallVector<Value> values(layer.getInputs());
  std::optional<int64_t> dim = isGiven ? layer.dimension("axis", axis) : std::optional<int64_t>(0);
  for (Value &value : values)
    if (!isGiven)
      value = ops::reshape(layer, value, ShapedType::getNumElements(ops::shapeOf(value)));
  return dim ? ops::concatenate(layer, values, *dim) : Value();
}

/// By quarter turns from the first axis towards the second.
static Value importRotate(LayerContext &layer) {
  int64_t turns = layer.integer("k", anyInteger, 1);
  SmallVector<int64_t> axes{0, 1};
  if (layer.argument("axes"))
    axes = layer.integers("axes", anyInteger, std::nullopt);
  if (!layer.ready())
    return {};
  if (axes.size() != 2) {
    layer.unsupported("axes", "two dimensions");
    return {};
  }
  auto first = layer.dimension("axes", axes[0]), second = layer.dimension("axes", axes[1]);
  if (!first || !second || !layer.keepsBatch(*first != 0 && *second != 0))
    return {};
  auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, layer.shape().size()));
  std::swap(permutation[*first], permutation[*second]);
  Value value = layer.input();
  switch ((turns % 4 + 4) % 4) {
  case 1:
    return ops::transpose(layer, ops::reverse(layer, value, *second), permutation);
  case 2:
    return ops::reverse(layer, value, {std::min(*first, *second), std::max(*first, *second)});
  case 3:
    return ops::reverse(layer, ops::transpose(layer, value, permutation), *second);
  default:
    return value;
  }
}

/// What each element has more than the one before it, `n` times.
static Value importDifference(LayerContext &layer) {
  int64_t times = layer.integer("n", 0, 1), axis = layer.integer("axis", anyInteger, -1);
  if (!layer.ready())
    return {};
  std::optional<int64_t> dim = layer.dimension("axis", axis);
  if (!dim || !layer.keepsBatch(*dim != 0))
    return {};
  if (times >= layer.shape()[*dim] || times > 64) {
    layer.unsupported("n", "less than the " + Twine(layer.shape()[*dim]) + " elements, and 64");
    return {};
  }
  Value value = layer.input();
  StringRef function = ops::elementOf(value).isInteger(1) ? "not_equal" : "subtract";
  for (int64_t i = 0; i < times; ++i) {
    int64_t size = ops::shapeOf(value)[*dim] - 1;
    value = ops::apply(
        layer, function,
        {ops::slice(layer, value, *dim, 1, size), ops::slice(layer, value, *dim, 0, size)});
  }
  return value;
}

/// The area under lines between points that are `dx` apart.
static Value importTrapezoid(LayerContext &layer) {
  double distance = layer.number("dx", 1.0);
  int64_t axis = layer.integer("axis", anyInteger, -1);
  if (layer.argument("x"))
    layer.unsupported("x", "null");
  if (!layer.ready())
    return {};
  std::optional<int64_t> dim = layer.dimension("axis", axis);
  if (!dim || layer.shape()[*dim] < 2) {
    if (dim)
      layer.unsupported("axis", "a dimension of 2 elements or more");
    return {};
  }
  int64_t size = layer.shape()[*dim] - 1;
  Value pairs = ops::apply(layer, "add",
                           {ops::slice(layer, layer.input(), *dim, 1, size),
                            ops::slice(layer, layer.input(), *dim, 0, size)});
  Value half = layer.splat({}, ops::elementOf(pairs), distance / 2);
  return ops::reduce(layer, ops::apply(layer, "multiply", {pairs, half}), *dim, false,
                     ops::Reduction::Sum);
}

/// One tensor for each vector, which lies along a dimension of its own; the first two change places
/// where the indexing is that of images.
static Results importMeshgrid(LayerContext &layer) {
  StringRef indexing = layer.choice("indexing", {"xy", "ij"}, "xy");
  if (!layer.ready() || !layer.keepsBatch(false))
    return Value();
  int64_t rank = layer.getInputs().size();
  SmallVector<int64_t> shape;
  auto placeOf = [&](int64_t i) { return indexing == "xy" && rank > 1 && i < 2 ? 1 - i : i; };
  for (int64_t i = 0; i < rank; ++i)
    shape.push_back(ShapedType::getNumElements(layer.shape(placeOf(i))));
  Results results;
  for (int64_t i = 0; i < rank; ++i) {
    SmallVector<int64_t> along(rank, 1);
    along[placeOf(i)] = ShapedType::getNumElements(layer.shape(i));
    results.push_back(ops::broadcastTo(layer, ops::reshape(layer, layer.input(i), along), shape));
  }
  return results;
}

ArrayRef<LayerClass> sepconv::keras::partOperations() {
  static const LayerClass table[] = {
      {"Append", importAppend, {"axis"}, 2, 2},
      {"Diff", importDifference, {"n", "axis"}},
      {"Meshgrid", importMeshgrid, {"indexing"}, 1, anyNumber},
      {"Rot90", importRotate, {"k", "axes"}},
      {"Trapezoid", importTrapezoid, {"x", "dx", "axis"}},
  };
  return table;
}
