//===- Elementwise.cpp - functions of single elements ----------------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"
#include "../Operations/Shaping.h"
#include "Quantization.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

/// Before version 7 the second operand begins at an axis of the first one's, or at its last.
static SmallVector<Value> operandsOf(NodeContext &node) {
  SmallVector<Value> operands(node.getInputs());
  int64_t axis = node.integer("axis", -1);
  bool isOld = node.integer("broadcast", 0) && operands.size() == 2 && node.has("axis");
  if (!isOld)
    return operands;
  int64_t rank = node.rank(0), from = axis < 0 ? axis + rank : axis;
  SmallVector<int64_t> shape(node.shape(1));
  if (from < 0 || from + int64_t(shape.size()) > rank)
    node.unsupported("axis", "a dimension of the first input's from which the second one fits");
  else
    shape.resize(rank - from, 1);
  operands[1] = ops::reshape(node, operands[1], shape);
  return operands;
}

/// What leaves the range of an unsigned type comes in again at its other end.
static Value wrapped(NodeContext &node, Value result, int32_t type) {
  unsigned bits = unsignedBits(type);
  if (!result || !bits || !isa<IntegerType>(ops::elementOf(result)))
    return result;
  Value mask = node.splat({}, ops::elementOf(result), std::exp2(bits) - 1);
  return ops::apply(node, "bitwise_and", {result, mask});
}

static Import function(StringRef name) {
  return [name](NodeContext &node) -> Results { return ops::apply(node, name, operandsOf(node)); };
}

/// One that can leave the range of an unsigned type; a quotient of integers is one.
static Import arithmetic(StringRef name) {
  return [name](NodeContext &node) -> Results {
    bool isQuotient = name == "divide" && isa<IntegerType>(ops::elementOf(node.input()));
    Value result = ops::apply(node, isQuotient ? "quotient" : name, operandsOf(node));
    return wrapped(node, result, node.dataType(node.input()));
  };
}

/// A power has the type of its base.
static Results importPower(NodeContext &node) {
  Value result = ops::apply(node, "power", operandsOf(node));
  return result ? node.cast(result, node.dataType(node.input())) : Value();
}

/// Of any number of operands.
static Import folded(StringRef name) {
  return [name](NodeContext &node) -> Results {
    return ops::foldAll(node, name, node.getInputs(), /*keepBatch=*/false);
  };
}

static Results importMean(NodeContext &node) {
  return ops::average(node, node.getInputs(), /*keepBatch=*/false);
}

static Results importMod(NodeContext &node) {
  bool isC = node.integer("fmod", 0);
  return ops::apply(node, isC ? "fmod" : "mod", node.getInputs());
}

static Results importIsInf(NodeContext &node) {
  bool negative = node.integer("detect_negative", 1), positive = node.integer("detect_positive", 1);
  Value x = node.input();
  auto compare = [&](double with) {
    return ops::apply(node, "equal", {x, node.splat({}, ops::elementOf(x), with)});
  };
  if (negative && positive)
    return ops::apply(node, "isinf", x);
  // No number is less than minus infinity.
  return positive   ? compare(INFINITY)
         : negative ? compare(-INFINITY)
                    : ops::apply(node, "less", {x, node.splat({}, ops::elementOf(x), -INFINITY)});
}

static Results importBitShift(NodeContext &node) {
  StringRef direction = node.text("direction", "");
  if (direction != "LEFT" && direction != "RIGHT")
    node.unsupported("direction", "'LEFT' or 'RIGHT'");
  return arithmetic(direction == "LEFT" ? "left_shift" : "right_shift")(node);
}

static Results importWhere(NodeContext &node) {
  return ops::select(node, node.input(0), node.input(1), node.input(2));
}

/// A bound that is a number, of a constant.
static std::optional<double> boundOf(NodeContext &node, StringRef name, size_t index) {
  if (node.has(name))
    return node.number(name);
  auto numbers = ops::constantNumbers(node.input(index));
  return numbers && numbers->size() == 1 ? std::optional(numbers->front()) : std::nullopt;
}

static Results importClip(NodeContext &node) {
  auto least = boundOf(node, "min", 1), most = boundOf(node, "max", 2);
  if ((node.input(1) && !least) || (node.input(2) && !most)) {
    Value low =
        node.input(1) ? ops::apply(node, "maximum", {node.input(), node.input(1)}) : node.input();
    return node.input(2) ? ops::apply(node, "minimum", {low, node.input(2)}) : low;
  }
  double low = least.value_or(-INFINITY), high = most.value_or(INFINITY);
  Value result = ops::clip(node, node.input(), low, high);
  limit(node, result, low, high);
  return result;
}

static Results castTo(NodeContext &node, int32_t type) {
  if (elementType(node.builder.getContext(), type))
    return node.cast(node.input(), type);
  node.error() << "numbers of type " << nameOf(type) << " are not supported";
  return {};
}

static Results importCast(NodeContext &node) {
  static constexpr std::pair<StringLiteral, DataType> names[] = {
      {"FLOAT", Float}, {"DOUBLE", Double}, {"FLOAT16", Float16}, {"INT32", Int32},
      {"INT64", Int64}, {"BOOL", Bool},     {"UINT8", UInt8},     {"INT8", Int8}};
  if (node.version >= 6)
    return castTo(node, node.integer("to"));
  for (auto [name, type] : names)
    if (node.text("to", "") == name)
      return castTo(node, type);
  node.unsupported("to", "a type of numbers");
  return {};
}

static Results importCastLike(NodeContext &node) {
  return castTo(node, node.dataType(node.input(1)));
}

ArrayRef<Operator> sepconv::onnx::elementwiseOperators() {
  static const std::vector<Operator> table = [] {
    const std::vector<StringRef> old{"axis", "broadcast", "consumed_inputs"};
    std::vector<Operator> rows{
        {"BitShift", 11, newest, importBitShift, {"direction"}, 2, 2},
        {"Cast", 1, newest, importCast, {"to", "saturate", "round_mode"}},
        {"CastLike", 15, newest, importCastLike, {"saturate", "round_mode"}, 2, 2},
        {"Clip", 1, newest, importClip, {"max", "min", "consumed_inputs"}, 1, 3},
        {"IsInf", 10, newest, importIsInf, {"detect_negative", "detect_positive"}, 1, 1, truth},
        {"Max", 1, newest, folded("maximum"), {"consumed_inputs"}, 1, 1 << 16},
        {"Mean", 1, newest, importMean, {"consumed_inputs"}, 1, 1 << 16},
        {"Min", 1, newest, folded("minimum"), {"consumed_inputs"}, 1, 1 << 16},
        {"Mod", 10, newest, importMod, {"fmod"}, 2, 2},
        {"Sum", 1, newest, folded("add"), {"consumed_inputs"}, 1, 1 << 16},
        {"Pow", 1, newest, importPower, old, 2, 2},
        {"Where", 9, newest, importWhere, {}, 3, 3, 1},
    };
    static constexpr std::tuple<StringLiteral, StringLiteral, int64_t> one[] = {
        {"Abs", "absolute", 1},
        {"Acos", "arccos", 7},
        {"Acosh", "arccosh", 9},
        {"Asin", "arcsin", 7},
        {"Asinh", "arcsinh", 9},
        {"Atan", "arctan", 7},
        {"Atanh", "arctanh", 9},
        {"BitwiseNot", "bitwise_not", 18},
        {"Ceil", "ceil", 1},
        {"Cos", "cos", 7},
        {"Cosh", "cosh", 9},
        {"Erf", "erf", 9},
        {"Exp", "exp", 1},
        {"Floor", "floor", 1},
        {"Log", "log", 1},
        {"Neg", "negative", 1},
        {"Reciprocal", "reciprocal", 1},
        {"Round", "round", 11},
        {"Sign", "sign", 9},
        {"Sin", "sin", 7},
        {"Sinh", "sinh", 9},
        {"Sqrt", "sqrt", 1},
        {"Tan", "tan", 7}};
    for (auto [name, of, since] : one)
      rows.push_back({name, since, newest, arithmetic(of), {"consumed_inputs"}});
    static constexpr std::tuple<StringLiteral, StringLiteral, int64_t> two[] = {
        {"Add", "add", 1},
        {"BitwiseAnd", "bitwise_and", 18},
        {"BitwiseOr", "bitwise_or", 18},
        {"BitwiseXor", "bitwise_xor", 18},
        {"Div", "divide", 1},
        {"Mul", "multiply", 1},
        {"Sub", "subtract", 1}};
    for (auto [name, of, since] : two)
      rows.push_back({name, since, newest, arithmetic(of), old, 2, 2});
    static constexpr std::tuple<StringLiteral, StringLiteral, int64_t, size_t> truths[] = {
        {"And", "logical_and", 1, 2},
        {"Equal", "equal", 1, 2},
        {"Greater", "greater", 1, 2},
        {"GreaterOrEqual", "greater_equal", 12, 2},
        {"IsNaN", "isnan", 9, 1},
        {"Less", "less", 1, 2},
        {"LessOrEqual", "less_equal", 12, 2},
        {"Not", "logical_not", 1, 1},
        {"Or", "logical_or", 1, 2},
        {"Xor", "logical_xor", 1, 2}};
    for (auto [name, of, since, operands] : truths)
      rows.push_back({name, since, newest, function(of), old, operands, operands, truth});
    return rows;
  }();
  return table;
}
