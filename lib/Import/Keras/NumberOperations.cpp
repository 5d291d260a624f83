//===- NumberOperations.cpp - keras.ops of what kind numbers are ------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Lookup.h"
#include "../Operations/Ordering.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

/// |x - y| <= atol + rtol * |y|, or both are the same infinity; both NaN as the argument says.
static Value isClose(LayerContext &layer, llvm::function_ref<Value(size_t, double)> number) {
  bool equalNan = layer.boolean("equal_nan", false);
  if (!layer.ready())
    return {};
  Value x = layer.input(0), y = layer.input(1);
  Value distance = ops::apply(layer, "absolute", ops::apply(layer, "subtract", {x, y}));
  Value part = ops::apply(layer, "multiply", {number(2, 1e-5), ops::apply(layer, "absolute", y)});
  Value most = ops::apply(layer, "add", {number(3, 1e-8), part});
  Value isNear = ops::apply(
      layer, "logical_and",
      {ops::apply(layer, "less_equal", {distance, most}), ops::apply(layer, "isfinite", y)});
  isNear = ops::apply(layer, "logical_or", {isNear, ops::apply(layer, "equal", {x, y})});
  if (!equalNan)
    return isNear;
  Value areNan = ops::apply(layer, "logical_and",
                            {ops::apply(layer, "isnan", x), ops::apply(layer, "isnan", y)});
  return ops::apply(layer, "logical_or", {isNear, areNan});
}

/// The tolerances are operands.
static Value importIsClose(LayerContext &layer) {
  return isClose(layer, [&](size_t index, double otherwise) {
    Value given = index < layer.getInputs().size() ? layer.input(index) : Value();
    return given ? given : layer.splat({}, ops::elementOf(layer.input(1)), otherwise);
  });
}

/// The same of all elements, with tolerances that are arguments.
static Value importAllClose(LayerContext &layer) {
  double tolerances[] = {layer.number("rtol", 1e-5), layer.number("atol", 1e-8)};
  if (!layer.ready() || !layer.keepsBatch(false))
    return {};
  Value all = isClose(layer, [&](size_t index, double) {
    return layer.splat({}, ops::elementOf(layer.input(1)), tolerances[index - 2]);
  });
  auto dims =
      all ? llvm::to_vector(llvm::seq<int64_t>(0, ops::rankOf(all))) : SmallVector<int64_t>();
  return all ? ops::reduce(layer, all, dims, false, ops::Reduction::All) : Value();
}

/// Real numbers are their own conjugates.
static Value importReal(LayerContext &layer) { return layer.ready() ? layer.input() : Value(); }

static Value importImaginary(LayerContext &layer) {
  return layer.ready() ? layer.splat(layer.shape(), ops::elementOf(layer.input()), 0) : Value();
}

static Value importIsReal(LayerContext &layer) {
  return layer.ready() ? layer.splat(layer.shape(), layer.builder.getI1Type(), 1) : Value();
}

static Value isNegative(LayerContext &layer, Value value) {
  return ops::apply(layer, "less", {value, layer.splat({}, ops::elementOf(value), 0)});
}

static Value importAngle(LayerContext &layer) {
  if (!layer.ready())
    return {};
  Value value = ops::convertTo(layer, layer.input(), layer.computeType());
  auto of = [&](double number) { return layer.splat({}, ops::elementOf(value), number); };
  return ops::select(layer, isNegative(layer, value), of(llvm::numbers::pi), of(0));
}

/// A zero has a sign too, that of one over it.
static Value importSignBit(LayerContext &layer) {
  if (!layer.ready())
    return {};
  Value value = layer.input();
  if (!isa<FloatType>(ops::elementOf(value)))
    return isNegative(layer, value);
  Value isZero = ops::apply(layer, "equal", {value, layer.splat({}, ops::elementOf(value), 0)});
  return isNegative(layer,
                    ops::select(layer, isZero, ops::apply(layer, "reciprocal", value), value));
}

/// x * 2^n, and x where it is 0 or infinite.
static Value importLdexp(LayerContext &layer) {
  if (!layer.ready())
    return {};
  Type element = layer.computeType();
  Value value = ops::convertTo(layer, layer.input(0), element);
  Value two = layer.splat({}, element, 2);
  Value power = ops::apply(layer, "power", {two, ops::convertTo(layer, layer.input(1), element)});
  Value isZero = ops::apply(layer, "equal", {value, layer.splat({}, element, 0)});
  Value stays = ops::apply(layer, "logical_or", {isZero, ops::apply(layer, "isinf", value)});
  return ops::select(layer, stays, value, ops::apply(layer, "multiply", {value, power}));
}

/// Whether each element is one of the second operand's.
static Value importIsIn(LayerContext &layer) {
  layer.boolean("assume_unique", false);
  bool isInverted = layer.boolean("invert", false);
  if (!layer.ready())
    return {};
  Value all = ops::reshape(layer, layer.input(1), ShapedType::getNumElements(layer.shape(1)));
  int64_t last = layer.shape().size();
  Value equal = ops::apply(layer, "equal", {ops::expandDims(layer, layer.input(0), last), all});
  Value result = equal ? ops::reduce(layer, equal, last, false, ops::Reduction::Any) : Value();
  return isInverted ? ops::apply(layer, "logical_not", result) : result;
}

ArrayRef<LayerClass> sepconv::keras::numberOperations() {
  static const LayerClass table[] = {
      {"AllClose", importAllClose, {"rtol", "atol", "equal_nan"}, 2, 2},
      {"Angle", importAngle, {}},
      {"Conj", importReal, {}},
      {"Conjugate", importReal, {}},
      {"Imag", importImaginary, {}},
      {"IsIn", importIsIn, {"assume_unique", "invert"}, 2, 2},
      {"Isclose", importIsClose, {"equal_nan"}, 2, 4},
      {"Isreal", importIsReal, {}},
      {"Ldexp", importLdexp, {}, 2, 2},
      {"Real", importReal, {}},
      {"Signbit", importSignBit, {}},
  };
  return table;
}

//===----------------------------------------------------------------------===//
// Discretization
//===----------------------------------------------------------------------===//

/// The boundaries are numbers that are known; nothing after reporting.
static std::optional<SmallVector<float>> readBoundaries(LayerContext &layer) {
  const json::Value *value = layer.argument("bin_boundaries");
  const json::Array *list = value ? value->getAsArray() : nullptr;
  SmallVector<float> bounds;
  for (size_t i = 0; list && i < list->size(); ++i)
    if (auto number = (*list)[i].getAsNumber())
      bounds.push_back(*number);
  if (list && !bounds.empty() && bounds.size() == list->size() && llvm::is_sorted(bounds))
    return bounds;
  layer.unsupported("bin_boundaries", "numbers in order");
  return std::nullopt;
}

/// How many boundaries are not above each number, as integers or as vectors of the categories.
static Value importDiscretization(LayerContext &layer) {
  auto bounds = readBoundaries(layer);
  StringRef mode = layer.choice("output_mode", {"int", "one_hot", "multi_hot", "count"}, "int");
  if (layer.boolean("sparse", false))
    layer.unsupported("sparse", "false");
  if (!layer.ready())
    return {};
  int64_t count = bounds->size(), rank = layer.shape().size();
  Value places =
      ops::searchSorted(layer, layer.constant(count, *bounds), layer.input(), /*countsEqual=*/true);
  if (!places || mode == "int")
    return places;
  if (mode == "one_hot" && rank > 1 && layer.shape().back() == 1)
    places = ops::squeeze(layer, places, --rank);
  Value hot = ops::oneHot(layer, places, rank, count + 1, layer.computeType());
  if (!hot || mode == "one_hot")
    return hot;
  // Of a vector of numbers there is one vector for all of them.
  if (!layer.keepsBatch(rank > 1))
    return {};
  return ops::reduce(layer, hot, rank > 1 ? 1 : 0, false,
                     mode == "count" ? ops::Reduction::Sum : ops::Reduction::Max);
}

ArrayRef<LayerClass> sepconv::keras::numberLayers() {
  static const LayerClass table[] = {
      {"Discretization",
       importDiscretization,
       {"bin_boundaries", "num_bins", "epsilon", "output_mode", "sparse"}},
  };
  return table;
}
