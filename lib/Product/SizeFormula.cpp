//===- SizeFormula.cpp - a number that depends on dynamic sizes -------------===//

#include "sepconv/Product/SizeFormula.h"
#include "../Runtime/Cuda/agreement.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

static unsigned operands(SizeFormula::Operation operation) {
  return operation <= SizeFormula::Size ? 0 : operation == SizeFormula::Select ? 3 : 2;
}

static int64_t compute(SizeFormula::Operation operation, ArrayRef<int64_t> operands) {
  int64_t a = operands[0], b = operands[1];
  switch (operation) {
  case SizeFormula::Add:
    return a + b;
  case SizeFormula::Subtract:
    return a - b;
  case SizeFormula::Multiply:
    return a * b;
  case SizeFormula::Divide:
    return b ? llvm::divideFloorSigned(a, b) : 0;
  case SizeFormula::Min:
    return std::min(a, b);
  case SizeFormula::Max:
    return std::max(a, b);
  case SizeFormula::Less:
    return a < b;
  default:
    return a ? b : operands[2];
  }
}

SizeFormula SizeFormula::size(unsigned number) {
  SizeFormula formula;
  formula.list.front() = {Size, number};
  return formula;
}

SizeFormula SizeFormula::of(Operation operation, ArrayRef<SizeFormula> operands) {
  SmallVector<int64_t> numbers;
  SizeFormula formula;
  formula.list.clear();
  for (const SizeFormula &operand : operands) {
    llvm::append_range(formula.list, operand.list);
    if (std::optional<int64_t> number = operand.constant())
      numbers.push_back(*number);
  }
  if (numbers.size() == operands.size())
    return SizeFormula(compute(operation, numbers));
  // The neutral elements, of which expressions are full.
  std::optional<int64_t> right = operands[1].constant();
  if (right == 0 && (operation == Add || operation == Subtract))
    return operands[0];
  if (right == 1 && (operation == Multiply || operation == Divide))
    return operands[0];
  if (operands[0].constant() == 1 && operation == Multiply)
    return operands[1];
  formula.list.push_back({operation, 0});
  return formula;
}

std::optional<int64_t> SizeFormula::constant() const {
  return list.size() == 1 && list.front().operation == Number ? std::optional(list.front().value)
                                                              : std::nullopt;
}

SizeFormula SizeFormula::of(AffineExpr expr, ArrayRef<SizeFormula> sizes) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return sizes[dim.getPosition()];
  if (auto number = dyn_cast<AffineConstantExpr>(expr))
    return SizeFormula(number.getValue());
  auto binary = cast<AffineBinaryOpExpr>(expr);
  SizeFormula a = of(binary.getLHS(), sizes), b = of(binary.getRHS(), sizes);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return of(Add, {a, b});
  case AffineExprKind::Mul:
    return of(Multiply, {a, b});
  case AffineExprKind::Mod:
    return of(Subtract, {a, of(Multiply, {of(Divide, {a, b}), b})});
  case AffineExprKind::CeilDiv:
    return of(Divide, {of(Add, {a, of(Subtract, {b, SizeFormula(1)})}), b});
  default:
    return of(Divide, {a, b});
  }
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

namespace {
/// The formula of a value, or nothing.
class ValueReader {
public:
  using Result = std::optional<SizeFormula>;

  explicit ValueReader(const DenseMap<Value, SizeFormula> &known) : known(known) {}

  Result read(Value value);

private:
  using F = SizeFormula;
  Result make(F::Operation operation, ValueRange operands);
  Result compare(arith::CmpIOp op);
  Result apply(affine::AffineApplyOp op);

  const DenseMap<Value, SizeFormula> &known;
};
} // namespace

ValueReader::Result ValueReader::make(F::Operation operation, ValueRange operands) {
  SmallVector<F> formulas;
  for (Value operand : operands) {
    Result formula = read(operand);
    if (!formula)
      return std::nullopt;
    formulas.push_back(*formula);
  }
  return F::of(operation, formulas);
}

ValueReader::Result ValueReader::compare(arith::CmpIOp op) {
  using P = arith::CmpIPredicate;
  Value a = op.getLhs(), b = op.getRhs();
  auto opposite = [](const Result &less) -> Result {
    return less ? Result(F::of(F::Subtract, {F(1), *less})) : std::nullopt;
  };
  switch (op.getPredicate()) {
  case P::slt:
  case P::ult:
    return make(F::Less, {a, b});
  case P::sgt:
  case P::ugt:
    return make(F::Less, {b, a});
  case P::sge:
  case P::uge:
    return opposite(make(F::Less, {a, b}));
  case P::sle:
  case P::ule:
    return opposite(make(F::Less, {b, a}));
  default:
    return std::nullopt;
  }
}

ValueReader::Result ValueReader::apply(affine::AffineApplyOp op) {
  SmallVector<F> operands;
  for (Value operand : op.getMapOperands()) {
    Result formula = read(operand);
    if (!formula)
      return std::nullopt;
    operands.push_back(*formula);
  }
  return op.getAffineMap().getNumSymbols()
             ? std::nullopt
             : Result(F::of(op.getAffineMap().getResult(0), operands));
}

ValueReader::Result ValueReader::read(Value value) {
  APInt number;
  if (matchPattern(value, m_ConstantInt(&number)))
    return F(number.getBitWidth() == 1 ? number.getZExtValue() : number.getSExtValue());
  if (auto it = known.find(value); it != known.end())
    return it->second;
  Operation *op = value.getDefiningOp();
  if (!op)
    return std::nullopt;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](affine::AffineApplyOp apply) { return this->apply(apply); })
      .Case([&](arith::CmpIOp compare) { return this->compare(compare); })
      .Case<arith::IndexCastOp, arith::IndexCastUIOp>([&](auto cast) { return read(cast.getIn()); })
      .Case([&](arith::AddIOp) { return make(F::Add, op->getOperands()); })
      .Case([&](arith::SubIOp) { return make(F::Subtract, op->getOperands()); })
      .Case([&](arith::MulIOp) { return make(F::Multiply, op->getOperands()); })
      // Sizes are not negative, so that those of unsigned numbers are the same.
      .Case<arith::FloorDivSIOp, arith::DivUIOp>(
          [&](auto) { return make(F::Divide, op->getOperands()); })
      .Case<arith::MinSIOp, arith::MinUIOp>([&](auto) { return make(F::Min, op->getOperands()); })
      .Case<arith::MaxSIOp, arith::MaxUIOp>([&](auto) { return make(F::Max, op->getOperands()); })
      .Case([&](arith::SelectOp) { return make(F::Select, op->getOperands()); })
      .Case([&](arith::AndIOp) -> Result { // of conditions
        return value.getType().isInteger(1) ? make(F::Multiply, op->getOperands()) : std::nullopt;
      })
      .Case([&](arith::OrIOp) -> Result {
        return value.getType().isInteger(1) ? make(F::Max, op->getOperands()) : std::nullopt;
      })
      .Default([](Operation *) { return std::nullopt; });
}

/// How many numbers are on the stack at once.
static unsigned depth(const SizeFormula &formula) {
  unsigned most = 0, now = 0;
  for (const SizeFormula::Step &step : formula.steps()) {
    now = now - operands(step.operation) + 1;
    most = std::max(most, now);
  }
  return most;
}

std::optional<SizeFormula> SizeFormula::of(Value value, const DenseMap<Value, SizeFormula> &known) {
  std::optional<SizeFormula> formula = ValueReader(known).read(value);
  return formula && depth(*formula) <= SEPCONV_CUDA_FORMULA_NUMBERS ? formula : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

std::string SizeFormula::text(ArrayRef<std::string> sizeNames) const {
  static const StringRef signs[] = {"", "", " + ", " - ", " * ", " / ", "min", "max", " < ", "?"};
  SmallVector<std::string> stack;
  for (const Step &step : list) {
    unsigned count = operands(step.operation);
    SmallVector<std::string> taken(stack.end() - count, stack.end());
    stack.truncate(stack.size() - count);
    if (step.operation == Number)
      stack.push_back(std::to_string(step.value));
    else if (step.operation == Size)
      stack.push_back(sizeNames[step.value]);
    else if (step.operation == Select)
      stack.push_back("(" + taken[0] + " ? " + taken[1] + " : " + taken[2] + ")");
    else if (step.operation == Min || step.operation == Max)
      stack.push_back((signs[step.operation] + "(" + taken[0] + ", " + taken[1] + ")").str());
    else
      stack.push_back(("(" + taken[0] + signs[step.operation] + taken[1] + ")").str());
  }
  return stack.back();
}
