//===- Arithmetic.cpp - functions of single elements -----------------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/MoveConstants.h"
#include "../Operations/Shaping.h"
#include "Operators.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// Of all inputs, which broadcast. Integers are divided without a rest.
static Value apply(OperatorContext &op, const ops::Function &function) {
  bool divides = function.name == "divide" && isa<IntegerType>(ops::elementOf(op.input()));
  for (size_t i = 0; i < op.inputCount(); ++i)
    if (function.kind == ops::Function::Real && !divides && !op.isFloat(i))
      return {};
  return ops::apply(op, divides ? *ops::findFunction("quotient") : function, op.getInputs());
}

/// A function of ../Operations/Functions.cpp.
static ImportOperator function(StringRef name) {
  const ops::Function *found = ops::findFunction(name);
  return [found](OperatorContext &op) -> Results { return apply(op, *found); };
}

/// The same with an activation.
template <typename Options> static ImportOperator withActivation(StringRef name) {
  const ops::Function *found = ops::findFunction(name);
  return [found](OperatorContext &op) -> Results {
    return op.activate(apply(op, *found), op.options<Options>().fused_activation_function());
  };
}

static Results importAddN(OperatorContext &op) {
  return ops::foldAll(op, "add", op.getInputs(), /*keepBatch=*/false);
}

static Results importSelect(OperatorContext &op) {
  Value condition = op.input();
  // Without the second version's broadcasting, a vector says which rows are taken.
  int64_t rank = ops::rankOf(op.input(1));
  if (op.code.builtin == BuiltinOperator::SELECT && ops::rankOf(condition) == 1 && rank > 1) {
    SmallVector<int64_t> rows(rank, 1);
    rows.front() = op.shape().front();
    condition = ops::reshape(op, condition, rows);
  }
  return ops::select(op, condition, op.input(1), op.input(2));
}

static Results importCast(OperatorContext &op) {
  Type element = elementType(op.builder, op.outputType());
  if (!element) {
    op.error("out_data_type") << "a cast to " << schema::EnumNameTensorType(op.outputType())
                              << " is not supported";
    return Value();
  }
  if (op.outputType() == schema::TensorType::BOOL)
    return ops::apply(op, "not_equal", {op.input(), op.splat({}, ops::elementOf(op.input()), 0)});
  return ops::convertTo(op, op.input(), element);
}

/// From floats of fewer bits, which weights often are.
static Results importDequantize(OperatorContext &op) {
  FloatType element = op.builder.getF32Type();
  Value constant = ops::convertConstant(op, op.input(), element);
  return constant ? constant : ops::convertTo(op, op.input(), element);
}

/// To numbers without a scale; to others findQuantized() knows.
static Results importQuantize(OperatorContext &op) {
  op.error() << "expected an output of integers that have scales, found "
             << schema::EnumNameTensorType(op.outputType());
  return Value();
}

static Results importZerosLike(OperatorContext &op) {
  return op.splat(op.shape(), ops::elementOf(op.input()), 0);
}

static Results importFill(OperatorContext &op) {
  auto shape = op.integers(0, "dims");
  std::optional<double> value = shape ? op.number(1, "value") : std::nullopt;
  if (!value || !op.fits(*shape))
    return Value();
  return op.splat(*shape, ops::elementOf(op.input(1)), *value);
}

static Results importRange(OperatorContext &op) {
  auto start = op.number(0, "start"), limit = op.number(1, "limit"), delta = op.number(2, "delta");
  if (!start || !limit || !delta)
    return Value();
  double count = (*limit - *start) / *delta;
  if (!(count >= 0 && count <= 1 << 16)) {
    op.error("delta") << "expected at most 65536 numbers";
    return Value();
  }
  return ops::range(op, *start, *limit, *delta, ops::elementOf(op.input()));
}

ArrayRef<OperatorKind> tflite::arithmeticOperators() {
  using O = BuiltinOperator;
  using P = BuiltinOptions;
  static constexpr size_t any = std::numeric_limits<size_t>::max();
  static const OperatorKind table[] = {
      {O::ABS, 1, 5, function("absolute"), 1, 1},
      {O::ADD, 1, 5, withActivation<schema::AddOptions>("add"), 2, 2, P::AddOptions},
      {O::ADD_N, 1, 1, importAddN, 1, any},
      {O::ATAN2, 1, 1, function("arctan2"), 2, 2},
      {O::BITWISE_XOR, 1, 1, function("bitwise_xor"), 2, 2},
      {O::CAST, 1, 7, importCast, 1, 1},
      {O::CEIL, 1, 1, function("ceil"), 1, 1},
      {O::COS, 1, 1, function("cos"), 1, 1},
      {O::DEQUANTIZE, 1, 6, importDequantize, 1, 1},
      {O::DIV, 1, 2, withActivation<schema::DivOptions>("divide"), 2, 2, P::DivOptions},
      {O::EQUAL, 1, 4, function("equal"), 2, 2},
      {O::EXP, 1, 2, function("exp"), 1, 1},
      {O::FILL, 1, 4, importFill, 2, 2},
      {O::FLOOR, 1, 1, function("floor"), 1, 1},
      {O::FLOOR_DIV, 1, 3, function("floor_divide"), 2, 2},
      {O::FLOOR_MOD, 1, 2, function("mod"), 2, 2},
      {O::GREATER, 1, 2, function("greater"), 2, 2},
      {O::GREATER_EQUAL, 1, 3, function("greater_equal"), 2, 2},
      {O::LESS, 1, 3, function("less"), 2, 2},
      {O::LESS_EQUAL, 1, 3, function("less_equal"), 2, 2},
      {O::LOG, 1, 2, function("log"), 1, 1},
      {O::LOGICAL_AND, 1, 1, function("logical_and"), 2, 2},
      {O::LOGICAL_NOT, 1, 1, function("logical_not"), 1, 1},
      {O::LOGICAL_OR, 1, 1, function("logical_or"), 2, 2},
      {O::MAXIMUM, 1, 4, function("maximum"), 2, 2},
      {O::MINIMUM, 1, 4, function("minimum"), 2, 2},
      {O::MUL, 1, 7, withActivation<schema::MulOptions>("multiply"), 2, 2, P::MulOptions},
      {O::NEG, 1, 1, function("negative"), 1, 1},
      {O::NOT_EQUAL, 1, 3, function("not_equal"), 2, 2},
      {O::POW, 1, 1, function("power"), 2, 2},
      {O::QUANTIZE, 1, 3, importQuantize, 1, 1},
      {O::RANGE, 1, 2, importRange, 3, 3},
      {O::RIGHT_SHIFT, 1, 1, function("right_shift"), 2, 2},
      {O::ROUND, 1, 1, function("round"), 1, 1},
      {O::RSQRT, 1, 3, function("rsqrt"), 1, 1},
      {O::SELECT, 1, 4, importSelect, 3, 3},
      {O::SELECT_V2, 1, 2, importSelect, 3, 3},
      {O::SIGN, 1, 2, function("sign"), 1, 1},
      {O::SIN, 1, 1, function("sin"), 1, 1},
      {O::SQRT, 1, 1, function("sqrt"), 1, 1},
      {O::SQUARE, 1, 1, function("square"), 1, 1},
      {O::SQUARED_DIFFERENCE, 1, 2, function("squared_difference"), 2, 2},
      {O::SUB, 1, 5, withActivation<schema::SubOptions>("subtract"), 2, 2, P::SubOptions},
      {O::ZEROS_LIKE, 1, 1, importZerosLike, 1, 1},
  };
  return table;
}
