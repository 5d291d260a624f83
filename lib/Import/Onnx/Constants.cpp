//===- Constants.cpp - tensors of known numbers ---------------------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"
#include "../Operations/Shaping.h"
#include "Node.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

static Value integers(NodeContext &node, ArrayRef<int64_t> shape, ArrayRef<int64_t> values) {
  auto type = RankedTensorType::get(shape, node.builder.getI64Type());
  Value value =
      arith::ConstantOp::create(node.builder, node.loc, DenseElementsAttr::get(type, values));
  node.setDataType(value, Int64);
  return value;
}

static Results importConstant(NodeContext &node) {
  if (node.node.attribute_size() != 1) {
    node.error() << "expected one attribute that holds the value, found "
                 << node.node.attribute_size();
    return {};
  }
  if (node.has("value"))
    return node.tensor("value");
  if (node.has("value_int"))
    return integers(node, {}, node.integer("value_int"));
  if (node.has("value_float"))
    return node.constant({}, static_cast<float>(node.number("value_float")));
  if (auto list = node.integers("value_ints"))
    return integers(node, list->size(), *list);
  auto list = node.numbers("value_floats").value_or(SmallVector<double>());
  return node.constant(list.size(), SmallVector<float>(list.begin(), list.end()));
}

/// A shape that is a constant; nothing after reporting.
static std::optional<SmallVector<int64_t>> shapeFrom(NodeContext &node, size_t index,
                                                     StringRef name) {
  auto shape = node.constants(index, name);
  bool isEmpty = shape && llvm::is_contained(*shape, 0) &&
                 llvm::all_of(*shape, [](int64_t size) { return size >= 0; });
  return shape && (isEmpty || node.fits(*shape)) ? shape : std::nullopt;
}

static Results importConstantOfShape(NodeContext &node) {
  auto shape = shapeFrom(node, 0, "input");
  Value value = node.has("value") ? node.tensor("value") : node.constant({}, 0.0f);
  DenseElementsAttr elements;
  if (!shape || !value || !matchPattern(value, m_Constant(&elements)))
    return {};
  if (elements.getNumElements() != 1) {
    node.unsupported("value", "a tensor of one element");
    return {};
  }
  auto type = RankedTensorType::get(*shape, ops::elementOf(value));
  auto number = *elements.value_begin<Attribute>();
  bool isEmpty = type.getNumElements() == 0;
  Value result =
      arith::ConstantOp::create(node.builder, node.loc,
                                isEmpty ? DenseElementsAttr::get(type, ArrayRef<Attribute>())
                                        : DenseElementsAttr::get(type, number));
  node.setDataType(result, node.dataType(value));
  return result;
}

static Results importShape(NodeContext &node) {
  int64_t rank = node.rank(), start = node.integer("start", 0), end = node.integer("end", rank);
  auto clamped = [&](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank); };
  start = clamped(start);
  end = std::max(clamped(end), start);
  ArrayRef<int64_t> part = node.shape().slice(start, end - start);
  return integers(node, part.size(), part);
}

static Results importSize(NodeContext &node) {
  return integers(node, {}, ShapedType::getNumElements(node.shape()));
}

static Results importRange(NodeContext &node) {
  SmallVector<double> bounds;
  static constexpr StringLiteral names[] = {"start", "limit", "delta"};
  for (auto [i, name] : llvm::enumerate(names)) {
    auto number = node.constantNumbers(i, name);
    if (!number || number->size() != 1)
      return {};
    bounds.push_back(number->front());
  }
  return ops::range(node, bounds[0], bounds[1], bounds[2], ops::elementOf(node.input()));
}

static Results importEyeLike(NodeContext &node) {
  int64_t type = node.integer("dtype", node.dataType(node.input())), k = node.integer("k", 0);
  if (node.rank() != 2) {
    node.error() << "expected a matrix, found shape " << shown(node.shape());
    return {};
  }
  return node.cast(ops::eye(node, node.shape()[0], node.shape()[1], k), type);
}

static Results importIdentity(NodeContext &node) { return node.input(); }

static bool keepsAll(NodeContext &node) {
  auto ratio = ops::constantNumbers(node.input(1));
  return ratio && ratio->size() == 1 && ratio->front() == 0;
}

/// At inference; the mask keeps everything.
static Results importDropout(NodeContext &node) {
  if (auto training = node.input(2) ? node.constantNumbers(2, "training_mode") : std::nullopt;
      training && llvm::is_contained(*training, 1) && !keepsAll(node)) {
    node.error("training_mode") << "expected false, or a ratio of 0, found true";
    return {};
  }
  Value mask = node.cast(node.splat(node.shape(), node.builder.getI64Type(), 1), Bool);
  return ArrayRef<Value>{node.input(), node.version < 10 ? node.input() : mask};
}

ArrayRef<Operator> sepconv::onnx::constantOperators() {
  static const Operator table[] = {
      {"Constant",
       1,
       newest,
       importConstant,
       {"value", "value_float", "value_floats", "value_int", "value_ints"},
       0,
       0},
      {"ConstantOfShape", 9, newest, importConstantOfShape, {"value"}},
      {"Dropout", 1, newest, importDropout, {"consumed_inputs", "is_test", "ratio", "seed"}, 1, 3},
      {"EyeLike", 9, newest, importEyeLike, {"dtype", "k"}},
      {"Identity", 1, newest, importIdentity, {}},
      {"Range", 11, newest, importRange, {}, 3, 3},
      {"Shape", 1, newest, importShape, {"end", "start"}},
      {"Size", 1, newest, importSize, {}},
  };
  return table;
}
