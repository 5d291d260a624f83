//===- MatrixOperations.cpp - keras.ops of diagonals and triangles -----------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Lookup.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

#include "sepconv/IR/Window.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

template <bool isUpper> static Value importTriangle(LayerContext &layer) {
  int64_t diagonal = layer.integer("k", anyInteger, 0),
          rank = layer.ready() ? layer.shape().size() : 0;
  if (!layer.ready() || !layer.keepsBatch(rank > 2))
    return {};
  if (rank >= 2)
    return ops::triangle(layer, layer.input(), diagonal, isUpper);
  layer.error() << "expected an input of rank 2 or more, found shape " << shown(layer.shape());
  return {};
}

/// The elements of a diagonal of two dimensions as the last dimension.
static Value diagonalOf(LayerContext &layer, int64_t offset, int64_t axis1, int64_t axis2) {
  auto first = layer.dimension("axis1", axis1), second = layer.dimension("axis2", axis2);
  if (!first || !second)
    return {};
  int64_t rows = layer.shape()[*first], columns = layer.shape()[*second];
  int64_t begin = std::max<int64_t>(-offset, 0);
  int64_t count = std::min(rows - begin, columns - std::max<int64_t>(offset, 0));
  if (*first == *second || std::abs(offset) > kMaxSize || count < 1) {
    layer.unsupported("axis1", "two dimensions, and a diagonal of shape " + shown(layer.shape()));
    return {};
  }
  if (!layer.keepsBatch(*first != 0 && *second != 0))
    return {};
  SmallVector<int64_t> permutation;
  for (int64_t dim = 0, rank = layer.shape().size(); dim < rank; ++dim)
    if (dim != *first && dim != *second)
      permutation.push_back(dim);
  permutation.append({*first, *second});
  Value value = ops::transpose(layer, layer.input(), permutation);
  Type element = ops::elementOf(value);
  int64_t last = permutation.size() - 1;
  SmallVector<int64_t> shape(last - 1, 1); // of the value's rank: its batch is no other dimension's
  shape.append({rows, columns});
  Value isOn = ops::eye(layer, rows, columns, offset);
  isOn = isOn ? ops::reshape(layer, isOn, shape) : Value();
  Value zeros = layer.splat({}, element, 0);
  Value sums = isOn ? ops::reduce(layer, ops::select(layer, isOn, value, zeros), last, false,
                                  ops::Reduction::Sum)
                    : Value();
  return sums ? ops::slice(layer, sums, last - 1, begin, count) : Value();
}

static Value importDiagonal(LayerContext &layer) {
  int64_t offset = layer.integer("offset", anyInteger, 0);
  int64_t axis1 = layer.integer("axis1", anyInteger, 0),
          axis2 = layer.integer("axis2", anyInteger, 1);
  return layer.ready() ? diagonalOf(layer, offset, axis1, axis2) : Value();
}

static Value importTrace(LayerContext &layer) {
  Value diagonal = importDiagonal(layer);
  return diagonal
             ? ops::reduce(layer, diagonal, ops::rankOf(diagonal) - 1, false, ops::Reduction::Sum)
             : Value();
}

/// A matrix with a vector as one of its diagonals; of a matrix that diagonal.
template <bool flattens> static Value importDiag(LayerContext &layer) {
  int64_t offset = layer.integer("k", anyInteger, 0);
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  if (!flattens && layer.shape().size() == 2)
    return diagonalOf(layer, offset, 0, 1);
  if (std::abs(offset) > kMaxSize || (!flattens && layer.shape().size() != 1)) {
    layer.error() << "expected an input of rank 1 or 2, found shape " << shown(layer.shape());
    return {};
  }
  Value vector =
      ops::pad(layer, ops::reshape(layer, layer.input(), ShapedType::getNumElements(layer.shape())),
               std::max<int64_t>(-offset, 0), std::max<int64_t>(offset, 0));
  if (!vector)
    return {};
  int64_t size = ops::shapeOf(vector).front();
  Value rows = ops::broadcastTo(layer, ops::expandDims(layer, vector, 1), {size, size});
  Value isOn = ops::eye(layer, size, size, offset);
  return rows && isOn ? ops::select(layer, isOn, rows, layer.splat({}, ops::elementOf(vector), 0))
                      : Value();
}

ArrayRef<LayerClass> sepconv::keras::matrixOperations() {
  static const LayerClass table[] = {
      {"Diag", importDiag<false>, {"k"}},
      {"Diagflat", importDiag<true>, {"k"}},
      {"Diagonal", importDiagonal, {"offset", "axis1", "axis2"}},
      {"Trace", importTrace, {"offset", "axis1", "axis2"}},
      {"Tril", importTriangle<false>, {"k"}},
      {"Triu", importTriangle<true>, {"k"}},
  };
  return table;
}
