//===- ProductOperations.cpp - keras.ops that multiply and add -------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Normalization.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static constexpr StringLiteral letters = "abcdefghijklmnop";

static Value flat(LayerContext &layer, size_t index) {
  return ops::reshape(layer, layer.input(index), ShapedType::getNumElements(layer.shape(index)));
}

/// Sums over the last `count` dimensions of the first operand and the first ones of the second, or
/// over two lists of dimensions.
static Value importTensordot(LayerContext &layer) {
  const json::Value *axes = layer.argument("axes");
  const json::Array *lists = axes ? axes->getAsArray() : nullptr;
  if (!layer.ready())
    return {};
  int64_t ranks[] = {int64_t(layer.shape(0).size()), int64_t(layer.shape(1).size())};
  SmallVector<int64_t> summed[2];
  std::optional<int64_t> count = axes ? axes->getAsInteger() : std::optional<int64_t>(2);
  for (int64_t i = 0; count && i < std::min(*count, ranks[0]); ++i) {
    summed[0].push_back(ranks[0] - *count + i);
    summed[1].push_back(i);
  }
  for (size_t which = 0; lists && lists->size() == 2 && which < 2; ++which) {
    const json::Value &list = (*lists)[which];
    if (std::optional<int64_t> one = list.getAsInteger())
      summed[which].push_back(*one);
    if (const json::Array *all = list.getAsArray())
      for (const json::Value &axis : *all)
        summed[which].push_back(axis.getAsInteger().value_or(ranks[which]));
  }
  bool legal = (count || lists) && summed[0].size() == summed[1].size() &&
               ranks[0] + ranks[1] <= int64_t(letters.size());
  for (size_t which : {0, 1})
    for (int64_t &dim : summed[which]) {
      dim += dim < 0 ? ranks[which] : 0;
      legal = legal && dim >= 0 && dim < ranks[which] && llvm::count(summed[which], dim) == 1;
    }
  if (!legal) {
    layer.unsupported("axes", "a number of dimensions, or two lists of as many");
    return {};
  }
  std::string names[2], result;
  size_t next = 0;
  for (size_t which : {0, 1})
    for (int64_t dim = 0; dim < ranks[which]; ++dim) {
      const int64_t *place = llvm::find(summed[which], dim);
      if (which && place != summed[1].end())
        names[1] += names[0][summed[0][place - summed[1].begin()]];
      else
        names[which] += letters[next++];
      if (place == summed[which].end())
        result += names[which].back();
    }
  if (!layer.keepsBatch(!StringRef(result).empty() && !llvm::is_contained(summed[0], 0)))
    return {};
  return ops::contract(layer, layer.input(0), names[0], layer.input(1), names[1], result);
}

/// Sums over the last dimension of both.
static Value importInner(LayerContext &layer) {
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  size_t left = layer.shape(0).size(), right = layer.shape(1).size();
  if (left < 1 || right < 1 || left + right > letters.size()) {
    layer.error() << "expected operands of rank 1 or more, found shapes " << shown(layer.shape(0))
                  << " and " << shown(layer.shape(1));
    return {};
  }
  std::string a = letters.take_front(left - 1).str();
  std::string b = letters.slice(left - 1, left + right - 2).str();
  return ops::contract(layer, layer.input(0), a + "z", layer.input(1), b + "z", a + b);
}

/// The product of each element of one with each of the other.
static Value importOuter(LayerContext &layer) {
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  return ops::apply(
      layer, "multiply",
      {ops::expandDims(layer, flat(layer, 0), 1), ops::expandDims(layer, flat(layer, 1), 0)});
}

/// The sum of the products of all elements.
static Value importVectorDot(LayerContext &layer) {
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  return ops::contract(layer, flat(layer, 0), "a", flat(layer, 1), "a", "");
}

/// Each element of one stands for the other, times itself.
static Value importKronecker(LayerContext &layer) {
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  int64_t rank = std::max(layer.shape(0).size(), layer.shape(1).size());
  SmallVector<int64_t> spread[2], result;
  for (int64_t dim = 0; dim < rank; ++dim) {
    int64_t sizes[2];
    for (size_t which : {0, 1}) {
      int64_t missing = rank - int64_t(layer.shape(which).size());
      sizes[which] = dim < missing ? 1 : layer.shape(which)[dim - missing];
    }
    spread[0].append({sizes[0], 1});
    spread[1].append({1, sizes[1]});
    result.push_back(sizes[0] * sizes[1]);
  }
  Value product = ops::apply(layer, "multiply",
                             {ops::reshape(layer, layer.input(0), spread[0]),
                              ops::reshape(layer, layer.input(1), spread[1])});
  return product ? ops::reshape(layer, product, result) : Value();
}

/// Of vectors of three elements along one dimension; of two, the third is 0, and of two such only
/// the last one of the result is left.
static Value importCross(LayerContext &layer) {
  StringRef own[] = {"axisa", "axisb", "axisc"};
  int64_t axes[3];
  for (auto [name, axis] : llvm::zip(own, axes))
    axis = layer.argument("axis") ? layer.integer("axis", anyInteger)
                                  : layer.integer(name, anyInteger, -1);
  if (!layer.ready())
    return {};
  SmallVector<Value, 3> parts[2];
  for (size_t which : {0, 1}) {
    auto &tensors = static_cast<ops::TensorBuilder &>(layer);
    Value value = layer.input(which);
    auto dim = tensors.dimension(value, own[which], axes[which]);
    if (!dim)
      return {};
    int64_t size = layer.shape(which)[*dim];
    if (size != 2 && size != 3) {
      layer.error() << "expected vectors of 2 or 3 elements, found " << size << " in shape "
                    << shown(layer.shape(which));
      return {};
    }
    for (int64_t i = 0; i < size; ++i)
      parts[which].push_back(ops::squeeze(layer, ops::slice(layer, value, *dim, i, 1), *dim));
  }
  bool isFlat = parts[0].size() == 2 && parts[1].size() == 2;
  for (auto &part : parts)
    if (part.size() == 2)
      part.push_back(layer.splat(ops::shapeOf(part.front()), ops::elementOf(part.front()), 0));
  SmallVector<Value> results;
  for (size_t i = isFlat ? 2 : 0; i < 3; ++i) {
    size_t j = (i + 1) % 3, k = (i + 2) % 3;
    results.push_back(ops::apply(layer, "subtract",
                                 {ops::apply(layer, "multiply", {parts[0][j], parts[1][k]}),
                                  ops::apply(layer, "multiply", {parts[0][k], parts[1][j]})}));
    if (!results.back() || isFlat)
      return results.back();
  }
  int64_t rank = ops::rankOf(results.front()) + 1, dim = axes[2] < 0 ? axes[2] + rank : axes[2];
  if (dim < 0 || dim >= rank || !layer.keepsBatch(dim != 0)) {
    if (!layer.isWrong())
      layer.unsupported("axisc", "a dimension of a result of rank " + Twine(rank));
    return {};
  }
  for (Value &result : results)
    result = ops::expandDims(layer, result, dim);
  return ops::concatenate(layer, results, dim);
}

//===----------------------------------------------------------------------===//
// Normalization
//===----------------------------------------------------------------------===//

/// The mean, variance, and then what may be missing: the addend and the factor.
static Value importBatchNorm(LayerContext &layer) {
  int64_t axis = layer.integer("axis", anyInteger);
  double epsilon = layer.number("epsilon", 1e-3);
  if (!layer.ready())
    return {};
  std::optional<int64_t> dim = layer.dimension("axis", axis);
  if (!dim)
    return {};
  int64_t channels = layer.shape()[*dim];
  for (Value operand : layer.getInputs().drop_front())
    if (ops::shapeOf(operand) != ArrayRef(channels)) {
      layer.error() << "expected statistics of shape " << shown(channels) << ", found shape "
                    << shown(ops::shapeOf(operand));
      return {};
    }
  Type element = ops::elementOf(layer.input());
  auto operand = [&](size_t i, double otherwise) {
    return layer.getInputs().size() > i ? ops::convertTo(layer, layer.input(i), element)
                                        : layer.splat(channels, element, otherwise);
  };
  return ops::batchNorm(layer, layer.input(), operand(4, 1), operand(3, 0), operand(1, 0),
                        operand(2, 1), *dim, epsilon);
}

ArrayRef<LayerClass> sepconv::keras::productOperations() {
  static const LayerClass table[] = {
      {"BatchNorm", importBatchNorm, {"axis", "epsilon"}, 3, 5},
      {"Cross", importCross, {"axisa", "axisb", "axisc", "axis"}, 2, 2},
      {"Inner", importInner, {}, 2, 2},
      {"Kron", importKronecker, {}, 2, 2},
      {"Outer", importOuter, {}, 2, 2},
      {"Tensordot", importTensordot, {"axes"}, 2, 2},
      {"Vdot", importVectorDot, {}, 2, 2},
  };
  return table;
}
