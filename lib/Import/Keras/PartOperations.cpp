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

//===----------------------------------------------------------------------===//
// Numbers that are none
//===----------------------------------------------------------------------===//

static Value replaceNan(LayerContext &layer, Value value, double number) {
  if (!isa<FloatType>(ops::elementOf(value)))
    return value;
  Value other = layer.splat({}, ops::elementOf(value), number);
  return ops::select(layer, ops::apply(layer, "isnan", value), other, value);
}

/// Infinity becomes the greatest number unless there is another one for it.
static Value importNanToNumber(LayerContext &layer) {
  double nan = layer.number("nan", 0.0);
  static constexpr StringLiteral names[] = {"neginf", "posinf"};
  std::optional<double> ends[2];
  for (auto [name, end] : llvm::zip_equal(names, ends))
    if (layer.argument(name))
      end = layer.number(name, 0.0);
  if (!layer.ready())
    return {};
  Value value = replaceNan(layer, layer.input(), nan);
  auto type = dyn_cast<FloatType>(ops::elementOf(value));
  if (!type)
    return value;
  double greatest = APFloat::getLargest(type.getFloatSemantics()).convertToDouble();
  for (auto [function, end, otherwise] :
       {std::tuple(StringRef("isneginf"), ends[0], -greatest), {"isposinf", ends[1], greatest}})
    value = ops::select(layer, ops::apply(layer, function, layer.input()),
                        layer.splat({}, type, end.value_or(otherwise)), value);
  return value;
}

/// |x - y| <= atol + rtol * |y|, or both are the same infinity; both NaN as the argument says.
static Value importIsClose(LayerContext &layer) {
  bool equalNan = layer.boolean("equal_nan", false);
  if (!layer.ready())
    return {};
  auto number = [&](size_t index, double otherwise) {
    Value given = index < layer.getInputs().size() ? layer.input(index) : Value();
    return given ? given : layer.splat({}, ops::elementOf(layer.input(1)), otherwise);
  };
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

/// A reduction in which NaN stands for a number that changes nothing.
static ImportLayer withoutNan(ops::Reduction kind, double neutral) {
  return [kind, neutral](LayerContext &layer) -> Value {
    auto dims = layer.axes("axis");
    bool keepDims = layer.boolean("keepdims", false);
    if (!layer.ready())
      return {};
    return ops::reduce(layer, replaceNan(layer, layer.input(), neutral), *dims, keepDims, kind);
  };
}

/// The mean of those that are numbers, or their variance.
static Value meanWithoutNan(LayerContext &layer, bool isVariance) {
  auto dims = layer.axes("axis");
  bool keepDims = layer.boolean("keepdims", false);
  if (!layer.ready())
    return {};
  Type element = layer.computeType();
  Value value = ops::convertTo(layer, layer.input(), element);
  Value isNumber = ops::apply(layer, "logical_not", ops::apply(layer, "isnan", value));
  Value count = ops::convertTo(
      layer, ops::reduce(layer, isNumber, *dims, true, ops::Reduction::Sum), element);
  auto mean = [&](Value of, bool keep) -> Value {
    Value sum = ops::reduce(layer, replaceNan(layer, of, 0), *dims, true, ops::Reduction::Sum);
    Value result = ops::apply(layer, "divide", {sum, count});
    return keep ? result : ops::squeeze(layer, result, *dims);
  };
  if (!isVariance)
    return mean(value, keepDims);
  return mean(ops::apply(layer, "squared_difference", {value, mean(value, true)}), keepDims);
}

template <bool isVariance, bool isRoot> static Value importMeanWithoutNan(LayerContext &layer) {
  Value result = meanWithoutNan(layer, isVariance);
  return result && isRoot ? ops::apply(layer, "sqrt", result) : result;
}

static Value importReal(LayerContext &layer) { return layer.ready() ? layer.input() : Value(); }

ArrayRef<LayerClass> sepconv::keras::partOperations() {
  using R = ops::Reduction;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  static const std::vector<StringRef> axes{"axis", "keepdims"};
  static const LayerClass table[] = {
      {"Append", importAppend, {"axis"}, 2, 2},
      {"Diff", importDifference, {"n", "axis"}},
      {"Isclose", importIsClose, {"equal_nan"}, 2, 4},
      {"Meshgrid", importMeshgrid, {"indexing"}, 1, anyNumber},
      {"NanToNum", importNanToNumber, {"nan", "posinf", "neginf"}},
      {"Nanmax", withoutNan(R::Max, -infinity), axes},
      {"Nanmean", importMeanWithoutNan<false, false>, axes},
      {"Nanmin", withoutNan(R::Min, infinity), axes},
      {"Nanprod", withoutNan(R::Product, 1), axes},
      {"Nanstd", importMeanWithoutNan<true, true>, axes},
      {"Nansum", withoutNan(R::Sum, 0), axes},
      {"Nanvar", importMeanWithoutNan<true, false>, axes},
      {"Real", importReal, {}},
      {"Rot90", importRotate, {"k", "axes"}},
      {"Trapezoid", importTrapezoid, {"x", "dx", "axis"}},
  };
  return table;
}
