//===- ShapeOperations.cpp - keras.ops that move elements ------------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

#include <cmath>

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static constexpr size_t anyNumber = std::numeric_limits<size_t>::max();

static Value importReshape(LayerContext &layer) {
  SmallVector<int64_t> target = layer.integers("newshape", -1, std::nullopt);
  if (!layer.ready() || !layer.keepsBatch(!target.empty() && target.front() == -1))
    return {};
  auto shape = ops::resolveShape(layer.shape(), target);
  if (!shape || !layer.keepsBatch(shape->front() == layer.shape()[0])) {
    if (!shape)
      layer.unsupported("newshape", "the elements of the input's shape " + shown(layer.shape()));
    return {};
  }
  return ops::reshape(layer, layer.input(), *shape);
}

static Value importTranspose(LayerContext &layer) {
  SmallVector<int64_t> permutation;
  if (layer.argument("axes"))
    permutation = layer.integers("axes", anyInteger, std::nullopt);
  if (!layer.ready())
    return {};
  int64_t rank = layer.shape().size();
  if (permutation.empty())
    permutation = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)));
  for (int64_t &dim : permutation)
    dim += dim < 0 ? rank : 0;
  if (int64_t(permutation.size()) != rank || !isPermutationVector(permutation)) {
    layer.unsupported("axes", "a permutation of the dimensions of shape " + shown(layer.shape()));
    return {};
  }
  if (rank == 0 || !layer.keepsBatch(permutation.front() == 0))
    return rank ? Value() : layer.input();
  return ops::transpose(layer, layer.input(), permutation);
}

/// Moves the dimension of one argument to the place of the other, or exchanges them.
template <bool exchange> static Value importMove(LayerContext &layer) {
  StringRef names[] = {exchange ? "axis1" : "source", exchange ? "axis2" : "destination"};
  SmallVector<int64_t> from = layer.integers(names[0], anyInteger, std::nullopt),
                       to = layer.integers(names[1], anyInteger, std::nullopt);
  if (from.size() != 1 || to.size() != 1)
    layer.unsupported(names[0], "one dimension");
  if (!layer.ready())
    return {};
  auto source = layer.dimension(names[0], from.front()),
       place = layer.dimension(names[1], to.front());
  if (!source || !place)
    return {};
  auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, layer.shape().size()));
  if (exchange) {
    std::swap(permutation[*source], permutation[*place]);
  } else {
    permutation.erase(permutation.begin() + *source);
    permutation.insert(permutation.begin() + *place, *source);
  }
  return ops::transpose(layer, layer.input(), permutation);
}

static Value importConcatenate(LayerContext &layer) {
  int64_t axis = layer.integer("axis", anyInteger, 0);
  if (!layer.ready())
    return {};
  std::optional<int64_t> dim = layer.dimension("axis", axis);
  return dim ? ops::concatenate(layer, layer.getInputs(), *dim) : Value();
}

/// Places of new dimensions, of a result of `more` dimensions than the input; empty after
/// reporting.
static SmallVector<int64_t> newDims(LayerContext &layer, ArrayRef<int64_t> axes) {
  constexpr size_t maxAxes = 32;
  SmallVector<int64_t> dims;
  int64_t rank = layer.shape().size() + axes.size();
  if (axes.size() > maxAxes) {
    layer.unsupported("axis", "at most " + Twine(maxAxes) + " dimensions");
    return {};
  }
  for (int64_t axis : axes) {
    int64_t dim = axis + (axis < 0 ? rank : 0);
    if (dim < 0 || dim >= rank || llvm::is_contained(dims, dim)) {
      layer.unsupported("axis", "different dimensions of a result of rank " + Twine(rank));
      return {};
    }
    dims.push_back(dim);
  }
  llvm::sort(dims);
  if (!layer.keepsBatch(dims.empty() || dims.front() != 0))
    return {};
  return dims;
}

static Value importStack(LayerContext &layer) {
  int64_t axis = layer.integer("axis", anyInteger, 0);
  if (!layer.ready())
    return {};
  SmallVector<int64_t> dims = newDims(layer, axis);
  if (dims.empty())
    return {};
  SmallVector<Value> values;
  for (Value value : layer.getInputs()) {
    if (ops::shapeOf(value) != layer.shape()) {
      layer.error() << "expected inputs of one shape, found " << shown(layer.shape()) << " and "
                    << shown(ops::shapeOf(value));
      return {};
    }
    values.push_back(ops::expandDims(layer, value, dims));
  }
  return ops::concatenate(layer, values, dims.front());
}

static Value importExpandDims(LayerContext &layer) {
  SmallVector<int64_t> axes = layer.integers("axis", anyInteger, std::nullopt);
  if (!layer.ready())
    return {};
  SmallVector<int64_t> dims = newDims(layer, axes);
  return dims.empty() ? Value() : ops::expandDims(layer, layer.input(), dims);
}

static Value importSqueeze(LayerContext &layer) {
  if (!layer.ready())
    return {};
  SmallVector<int64_t> dims;
  if (!layer.argument("axis")) {
    for (auto [dim, size] : llvm::enumerate(layer.shape()))
      if (size == 1)
        dims.push_back(dim);
    return layer.keepsBatch(false) ? ops::squeeze(layer, layer.input(), dims) : Value();
  }
  auto named = layer.axes("axis", /*isOptional=*/false);
  if (!named)
    return {};
  for (int64_t dim : *named)
    if (layer.shape()[dim] != 1) {
      layer.unsupported("axis", "a dimension of size 1 of the shape " + shown(layer.shape()));
      return {};
    }
  return ops::squeeze(layer, layer.input(), *named);
}

static Value importTile(LayerContext &layer) {
  SmallVector<int64_t> counts = layer.integers("repeats", 1, std::nullopt);
  if (!layer.ready())
    return {};
  if (counts.size() > layer.shape().size() + 8) {
    layer.unsupported("repeats", "a number for each dimension");
    return {};
  }
  while (counts.size() < layer.shape().size())
    counts.insert(counts.begin(), 1);
  if (!layer.keepsBatch(counts.size() == layer.shape().size() && counts.front() == 1))
    return {};
  SmallVector<int64_t> shape(layer.shape());
  shape.insert(shape.begin(), counts.size() - shape.size(), 1);
  return ops::tile(layer, ops::reshape(layer, layer.input(), shape), counts);
}

static Value importRepeat(LayerContext &layer) {
  int64_t count = layer.integer("repeats", 1);
  auto dims = layer.axes("axis", /*isOptional=*/false);
  return layer.ready() ? ops::repeat(layer, layer.input(), dims->front(), count) : Value();
}

static Value importBroadcastTo(LayerContext &layer) {
  SmallVector<int64_t> shape = layer.integers("shape", 1, std::nullopt);
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  return ops::broadcastTo(layer, layer.input(), shape);
}

/// A tensor of the input's shape, all of whose elements are one number.
static ImportLayer fullLike(double number) {
  return [number](LayerContext &layer) {
    if (layer.argument("dtype"))
      layer.unsupported("dtype", "null");
    return layer.ready() ? layer.splat(layer.shape(), ops::elementOf(layer.input()), number)
                         : Value();
  };
}

static Value importWhere(LayerContext &layer) {
  return layer.ready() ? ops::select(layer, layer.input(0), layer.input(1), layer.input(2))
                       : Value();
}

static Value importCast(LayerContext &layer) {
  const json::Value *value = layer.argument("dtype");
  StringRef dtype = value ? value->getAsString().value_or("") : "";
  Type type = ops::typeNamed(layer.builder.getContext(), dtype);
  if (!type)
    layer.unsupported("dtype", "a type such as 'float32', 'uint8' or 'bool'");
  if (!layer.ready())
    return {};
  Value converted = ops::convertTo(layer, layer.input(), type);
  return ops::fromOutside(layer, converted, dtype);
}

/// What is too large becomes the greatest number of the type, which is one of integers.
static Value importSaturateCast(LayerContext &layer) {
  const json::Value *value = layer.argument("dtype");
  StringRef dtype = value ? value->getAsString().value_or("") : "";
  Type type = ops::typeNamed(layer.builder.getContext(), dtype);
  auto integer = dyn_cast_if_present<IntegerType>(type);
  if (!layer.ready() || !integer || integer.getWidth() == 1)
    return importCast(layer);
  bool isUnsigned = dtype.starts_with("uint");
  double magnitude = std::ldexp(1.0, integer.getWidth() - (isUnsigned ? 0 : 1));
  Type element = ops::elementOf(layer.input());
  Value bounded =
      ops::apply(layer, "minimum", {layer.input(), layer.splat({}, element, magnitude - 1)});
  bounded = ops::apply(layer, "maximum",
                       {bounded, layer.splat({}, element, isUnsigned ? 0 : -magnitude)});
  return ops::fromOutside(layer, ops::convertTo(layer, bounded, type), dtype);
}

static Value importNothing(LayerContext &layer) { return layer.ready() ? layer.input() : Value(); }

ArrayRef<LayerClass> sepconv::keras::shapeOperations() {
  static const LayerClass table[] = {
      {"BroadcastTo", importBroadcastTo, {"shape"}},
      {"Cast", importCast, {"dtype"}},
      {"Concatenate", importConcatenate, {"axis"}, 1, anyNumber},
      {"Copy", importNothing, {}},
      {"EmptyLike", fullLike(0), {"dtype"}},
      {"ExpandDims", importExpandDims, {"axis"}},
      {"Identity", importNothing, {}},
      {"Moveaxis", importMove<false>, {"source", "destination"}},
      {"OnesLike", fullLike(1), {"dtype"}},
      {"Repeat", importRepeat, {"repeats", "axis"}},
      {"Reshape", importReshape, {"newshape"}},
      {"SaturateCast", importSaturateCast, {"dtype"}},
      {"Squeeze", importSqueeze, {"axis"}},
      {"Stack", importStack, {"axis"}, 1, anyNumber},
      {"StopGradient", importNothing, {}},
      {"Swapaxes", importMove<true>, {"axis1", "axis2"}},
      {"Tile", importTile, {"repeats"}},
      {"Transpose", importTranspose, {"axes"}},
      {"Where", importWhere, {}, 3, 3},
      {"ZerosLike", fullLike(0), {"dtype"}},
  };
  return table;
}
