//===- Lookup.cpp - elements at places that are computed -------------------------===//

#include "../Operations/Lookup.h"
#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"
#include "../Operations/Ordering.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Node.h"

#include "sepconv/IR/Window.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

static bool areIntegers(NodeContext &node, size_t index, StringRef name) {
  if (isa<IntegerType>(ops::elementOf(node.input(index))))
    return true;
  node.error(name) << "expected integers, found " << nameOf(node.dataType(node.input(index)));
  return false;
}

static Results importGather(NodeContext &node) {
  auto dim = node.axis("axis", 0);
  if (!dim || node.failed() || !areIntegers(node, 1, "indices"))
    return {};
  // One known place, or known ones side by side, are a slice.
  auto places = ops::constantIntegers(node.input(1));
  if (places && places->size() == 1) {
    int64_t size = node.shape()[*dim],
            at = places->front() < 0 ? places->front() + size : places->front();
    if (at < 0 || at >= size) {
      node.error("indices") << "expected places in a dimension of " << size << ", found "
                            << places->front();
      return {};
    }
    SmallVector<int64_t> shape(node.shape().take_front(*dim));
    llvm::append_range(shape, node.shape(1));
    llvm::append_range(shape, node.shape().drop_front(*dim + 1));
    return ops::reshape(node, ops::slice(node, node.input(), *dim, at, 1), shape);
  }
  return ops::take(node, node.input(), node.input(1), *dim);
}

static Results importGatherElements(NodeContext &node) {
  auto dim = node.axis("axis", 0);
  if (!dim || node.failed() || !areIntegers(node, 1, "indices"))
    return {};
  return ops::takeAlong(node, node.input(), node.input(1), *dim);
}

static Results importGatherNd(NodeContext &node) {
  int64_t batches = node.integer("batch_dims", 0);
  if (node.failed() || !areIntegers(node, 1, "indices"))
    return {};
  return ops::takeParts(node, node.input(), node.input(1), batches);
}

static Results importOneHot(NodeContext &node) {
  auto depth = node.constantNumbers(1, "depth");
  int64_t axis = node.integer("axis", -1), rank = node.rank() + 1;
  axis = axis < 0 ? axis + rank : axis;
  if (!depth || node.failed())
    return {};
  if (axis < 0 || axis >= rank || depth->size() != 1 ||
      !(depth->front() >= 1 && depth->front() < kMaxSize)) {
    node.error("depth") << "expected a size and a dimension of a tensor of rank " << rank
                        << ", found the dimension " << axis;
    return {};
  }
  int64_t size = depth->front();
  Type index = node.builder.getI32Type();
  Value places = ops::convertTo(node, node.input(), index);
  // A place from the end is one from the beginning.
  Value wrapped = ops::apply(node, "add", {places, node.splat({}, index, size)});
  Value isNegative = ops::apply(node, "less", {places, node.splat({}, index, 0)});
  places = ops::select(node, isNegative, wrapped, places);
  Value hot = ops::oneHot(node, places, axis, size, node.builder.getI1Type());
  Value values = node.input(2);
  if (node.shape(2) != ArrayRef<int64_t>(2)) {
    node.error("values") << "expected two, found shape " << shown(node.shape(2));
    return {};
  }
  auto value = [&](int64_t i) { return ops::reshape(node, ops::slice(node, values, 0, i, 1), {}); };
  return hot ? ops::select(node, hot, value(1), value(0)) : Value();
}

static Import extremum(bool isMax) {
  return [isMax](NodeContext &node) -> Results {
    auto dim = node.axis("axis", 0);
    bool keepDims = node.integer("keepdims", 1), isLast = node.integer("select_last_index", 0);
    if (!dim || node.failed())
      return {};
    Type index = node.builder.getI64Type();
    Value result = ops::extremumIndex(node, node.input(), *dim, keepDims, isMax, isLast, index);
    if (result)
      node.setDataType(result, Int64);
    return result;
  };
}

/// The greatest or least elements along a dimension, and where they are.
static Results importTopK(NodeContext &node) {
  auto dim = node.axis("axis", -1);
  bool isLargest = node.integer("largest", 1);
  node.integer("sorted", 1);
  auto count = node.list("k", 1);
  if (!dim || !count || node.failed())
    return Value();
  int64_t size = node.shape()[*dim];
  if (count->size() != 1 || count->front() < 1 || count->front() > size) {
    node.error("k") << "expected an integer from 1 to " << size << ", found " << shown(*count);
    return Value();
  }
  Value places = ops::sortedPlaces(node, node.input(), *dim, count->front(), isLargest);
  Value values = ops::takeAlong(node, node.input(), places, *dim);
  return ArrayRef<Value>{values, places ? node.cast(places, Int64) : Value()};
}

static std::optional<ops::Scatter> scatterKind(NodeContext &node) {
  using S = ops::Scatter;
  static constexpr std::pair<StringLiteral, S> kinds[] = {{"none", S::Replace},
                                                          {"add", S::Add},
                                                          {"mul", S::Multiply},
                                                          {"max", S::Max},
                                                          {"min", S::Min}};
  StringRef name = node.choice("reduction", {"none", "add", "mul", "max", "min"});
  if (node.failed() || !areIntegers(node, 1, "indices"))
    return std::nullopt;
  return llvm::find_if(kinds, [&](auto &kind) { return kind.first == name; })->second;
}

static Results importScatterElements(NodeContext &node) {
  auto dim = node.axis("axis", 0);
  auto kind = scatterKind(node);
  return dim && kind
             ? ops::scatterAlong(node, node.input(), node.input(1), node.input(2), *dim, *kind)
             : Value();
}

static Results importScatterNd(NodeContext &node) {
  auto kind = scatterKind(node);
  return kind ? ops::scatterParts(node, node.input(), node.input(1), node.input(2), *kind)
              : Value();
}

/// The part of a matrix on and above a diagonal, or on and below it; zeros elsewhere.
static Results importTrilu(NodeContext &node) {
  bool isUpper = node.integer("upper", 1);
  auto diagonal = node.constants(1, "k");
  if (node.failed())
    return {};
  if (node.rank() < 2) {
    node.error() << "expected an input of rank 2 or more, found shape " << shown(node.shape());
    return {};
  }
  return ops::triangle(node, node.input(), diagonal && !diagonal->empty() ? diagonal->front() : 0,
                       isUpper);
}

/// The places are known, so the parts are slices.
static Results importCompress(NodeContext &node) {
  auto condition = node.constantNumbers(1, "condition");
  if (!condition || node.failed())
    return {};
  Value value = node.input();
  if (!node.has("axis"))
    value = ops::reshape(node, value, ShapedType::getNumElements(node.shape()));
  int64_t axis = node.integer("axis", 0);
  auto dim = node.dimension(value, "axis", axis);
  if (!dim)
    return {};
  SmallVector<Value> parts;
  for (auto [i, keep] : llvm::enumerate(*condition))
    if (keep != 0 && int64_t(i) < ops::shapeOf(value)[*dim])
      parts.push_back(ops::slice(node, value, *dim, i, 1));
  if (!parts.empty())
    return ops::concatenate(node, parts, *dim);
  node.error("condition") << "expected a true element, found none";
  return {};
}

static Results importReverseSequence(NodeContext &node) {
  int64_t time = node.integer("time_axis", 0), batch = node.integer("batch_axis", 1);
  if (node.failed() || node.rank() < 2 || std::min(time, batch) != 0 ||
      std::max(time, batch) != 1) {
    node.unsupported("time_axis", "0 or 1, and batch_axis the other one");
    return {};
  }
  return ops::reverseSequences(node, node.input(), node.input(1), time, batch);
}

/// A part of a cache at a place for each image.
static Results importTensorScatter(NodeContext &node) {
  auto dim = node.axis("axis", -2);
  bool isCircular = node.choice("mode", {"linear", "circular"}) == "circular";
  if (!dim || node.failed())
    return {};
  SmallVector<Value> starts(node.rank());
  if (node.input(2)) {
    SmallVector<int64_t> shape(node.rank(), 1);
    shape.front() = node.shape()[0];
    if (*dim == 0 || node.shape(2) != ArrayRef(shape.front())) {
      node.error("write_indices") << "expected a place for each of the " << shape.front()
                                  << " images, found shape " << shown(node.shape(2));
      return {};
    }
    starts[*dim] = ops::reshape(node, node.input(2), shape);
  }
  return ops::update(node, node.input(), node.input(1), starts, isCircular);
}

ArrayRef<Operator> sepconv::onnx::lookupOperators() {
  static const std::vector<StringRef> index{"axis", "keepdims", "select_last_index"};
  static const Operator table[] = {
      {"ArgMax", 1, newest, extremum(true), index},
      {"ArgMin", 1, newest, extremum(false), index},
      {"Compress", 9, newest, importCompress, {"axis"}, 2, 2},
      {"Gather", 1, newest, importGather, {"axis"}, 2, 2},
      {"GatherElements", 11, newest, importGatherElements, {"axis"}, 2, 2},
      {"GatherND", 11, newest, importGatherNd, {"batch_dims"}, 2, 2},
      {"OneHot", 9, newest, importOneHot, {"axis"}, 3, 3, 2},
      {"ReverseSequence", 10, newest, importReverseSequence, {"batch_axis", "time_axis"}, 2, 2},
      {"Scatter", 9, 10, importScatterElements, {"axis"}, 3, 3},
      {"ScatterElements", 11, newest, importScatterElements, {"axis", "reduction"}, 3, 3},
      {"ScatterND", 11, newest, importScatterNd, {"reduction"}, 3, 3},
      {"TensorScatter", 24, newest, importTensorScatter, {"axis", "mode"}, 2, 3},
      {"TopK", 1, newest, importTopK, {"axis", "k", "largest", "sorted"}, 1, 2},
      {"Trilu", 14, newest, importTrilu, {"upper"}, 1, 2},
  };
  return table;
}
