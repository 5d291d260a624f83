//===- Rewrite.cpp - a network of integers from one of floats --------------------===//

#include "Rewrite.h"
#include "Layers.h"

#include "../Import/Operations/Elementwise.h"
#include "../Import/Operations/FixedPoint.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;

func::FuncOp quantize::entryOf(ModuleOp model) {
  for (auto function : model.getOps<func::FuncOp>())
    if (!function.isPrivate())
      return function;
  return {};
}

namespace {

/// Copies the operations of the network one after the other.
class Rewriter {
public:
  Rewriter(func::FuncOp from, func::FuncOp to, const Rewriting &by)
      : from(from), to(to), by(by), builder(OpBuilder::atBlockEnd(&to.getBody().front())) {}

  void run();
  IRMapping floats;

private:
  const ops::Quantization &quantizationOf(Value value) const {
    return by.quantizations.find(value)->second;
  }
  bool hasInteger(Value value) const { return integers.contains(value); }
  ops::Quantized integerOf(Value value) const {
    return {integers.lookup(value), quantizationOf(value)};
  }
  /// At the place that reads it, so that it becomes a part of that kernel.
  Value floatOf(NetworkBuilder &b, Value value);
  void takeArguments();
  void copyInFloat(NetworkBuilder &b, Operation *op);
  void copy(Operation *op);
  void copyLayer(NetworkBuilder &b, Operation *op);
  void copyAverage(NetworkBuilder &b, Pool2DOp pool);
  void copyMove(NetworkBuilder &b, Operation *op);
  void copyElementwise(NetworkBuilder &b, linalg::GenericOp op);
  void giveResults(Operation *terminator);

  func::FuncOp from, to;
  const Rewriting &by;
  OpBuilder builder;
  DenseMap<Value, Value> integers;
};

} // namespace

/// The number that an integer stands for.
static Value dequantized(OpBuilder &b, Location loc, Value x, const ops::Quantization &by) {
  Type real = b.getF32Type();
  Value distance = ops::widened(b, loc, x, by.isUnsigned);
  if (by.zero())
    distance = arith::SubIOp::create(b, loc, distance,
                                     ops::integer(b, loc, distance.getType(), by.zero()));
  Value number = arith::SIToFPOp::create(b, loc, real, distance);
  return arith::MulFOp::create(b, loc, number, ops::number(b, loc, real, by.scale()));
}

static Value dequantize(NetworkBuilder &b, const ops::Quantized &x) {
  AffineMap map = b.builder.getMultiDimIdentityMap(ops::rankOf(x.value));
  auto body = [&](OpBuilder &builder, Location loc, ValueRange e) {
    return dequantized(builder, loc, e[0], x.by);
  };
  return ops::elementwise(b, ops::shapeOf(x.value), x.value, map, body, b.builder.getF32Type());
}

Value Rewriter::floatOf(NetworkBuilder &b, Value value) {
  return floats.contains(value) ? floats.lookup(value) : dequantize(b, integerOf(value));
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

void Rewriter::copyLayer(NetworkBuilder &b, Operation *op) {
  ops::Quantized input = integerOf(op->getOperand(0));
  auto correction = by.corrections.find(op);
  LayerWeights weights = weightsOf(
      b, op, input.by, correction == by.corrections.end() ? ArrayRef<float>() : correction->second);
  Value sums = sumsOf(b, op, input, weights), result = op->getResult(0);
  if (by.plan.isStored(result))
    integers[result] = integerResult(b, op, sums, weights.sumScales, quantizationOf(result));
  else
    floats.map(result, realResult(b, op, sums, weights.sumScales));
}

/// The sum of the distances from the zero point, by the number of elements.
void Rewriter::copyAverage(NetworkBuilder &b, Pool2DOp pool) {
  ops::Quantized input = integerOf(pool.getInput());
  ops::Window window;
  window.size = llvm::to_vector<2>(pool.getWindow());
  window.strides = llvm::to_vector<2>(pool.getStrides());
  window.dilations = {1, 1};
  window.padding = ops::Window::Explicit;
  ArrayRef<int64_t> padding = pool.getPadding();
  window.margins = {{padding[0], padding[1]}, {padding[2], padding[3]}};
  ArrayRef<int64_t> shape = ops::shapeOf(pool.getInput());
  bool isWhole = shape.slice(1, 2) == ArrayRef<int64_t>(window.size) &&
                 llvm::all_of(padding, [](int64_t p) { return p == 0; });
  Value sums = isWhole ? ops::sumAlong(b, input, {1, 2}) : ops::sumWindows(b, window, input);
  Value counts = ops::countWindows(b, window, pool.getInput());
  auto body = [&](OpBuilder &builder, Location loc, ValueRange e) -> Value {
    Type real = builder.getF32Type();
    Value zero = ops::integer(builder, loc, e[1].getType(), input.by.zero());
    Value zeros = arith::MulIOp::create(builder, loc, e[1], zero);
    Value distance = arith::SubIOp::create(builder, loc, e[0], zeros);
    Value scale = ops::number(builder, loc, real, input.by.scale());
    Value sum = arith::MulFOp::create(builder, loc,
                                      arith::SIToFPOp::create(builder, loc, real, distance), scale);
    return arith::DivFOp::create(builder, loc, sum,
                                 arith::SIToFPOp::create(builder, loc, real, e[1]));
  };
  floats.map(pool.getResult(),
             ops::broadcast(b, {sums, counts}, false, body, builder.getF32Type()));
}

/// The same operation on integers.
void Rewriter::copyMove(NetworkBuilder &b, Operation *op) {
  Value result = op->getResult(0);
  const ops::Quantization &quantization = quantizationOf(result);
  Type element = builder.getIntegerType(quantization.width);
  IRMapping mapping = floats;
  for (Value operand : op->getOperands())
    if (hasInteger(operand))
      mapping.map(operand, integers[operand]);
    else if (isReal(operand)) // where a linalg operation puts its result, or constants
      mapping.map(operand, matchPattern(operand, m_Constant())
                               ? toIntegers(b, floats.lookup(operand), quantization)
                               : tensor::EmptyOp::create(
                                     builder, b.loc,
                                     tensor::getMixedSizes(builder, b.loc, floats.lookup(operand)),
                                     element));
  Operation *copy = builder.clone(*op, mapping);
  for (Region &region : copy->getRegions())
    for (BlockArgument argument : region.getArguments())
      if (argument.getType().isF32())
        argument.setType(element);
  copy->getResult(0).setType(cast<RankedTensorType>(result.getType()).clone(element));
  if (auto pad = dyn_cast<tensor::PadOp>(copy)) {
    FloatAttr number;
    matchPattern(pad.getConstantPaddingValue(), m_Constant(&number));
    double steps = std::rint(number.getValueAsDouble() / quantization.scale());
    int64_t integer = std::clamp<double>(steps + quantization.zero(), quantization.least(),
                                         quantization.greatest());
    OpBuilder inside(pad.getBody()->getTerminator());
    pad.getBody()->getTerminator()->setOperand(0, ops::integer(inside, b.loc, element, integer));
  }
  if (auto pool = dyn_cast<Pool2DOp>(copy))
    pool.setUnsignedInput(quantization.isUnsigned);
  integers[result] = copy->getResult(0);
}

/// The same in float32, of operands that become floats when they are read.
void Rewriter::copyElementwise(NetworkBuilder &b, linalg::GenericOp op) {
  IRMapping mapping = floats;
  SmallVector<Value> inputs;
  for (Value operand : op.getInputs())
    inputs.push_back(hasInteger(operand) ? integers[operand] : floats.lookup(operand));
  auto build = [&](OpBuilder &nested, Location loc, ValueRange arguments) {
    for (auto [old, argument, operand] :
         llvm::zip_equal(op.getBody()->getArguments(), arguments, op->getOperands()))
      mapping.map(old, hasInteger(operand)
                           ? dequantized(nested, loc, argument, quantizationOf(operand))
                           : Value(argument));
    for (Operation &inside : *op.getBody())
      nested.clone(inside, mapping);
  };
  auto copy = linalg::GenericOp::create(
      builder, op.getLoc(), op->getResultTypes(), inputs, floats.lookup(op.getDpsInits()[0]),
      op.getIndexingMapsArray(), op.getIteratorTypesArray(), build);
  floats.map(op.getResult(0), copy.getResult(0));
}

/// An operation, and what it captures, with numbers for the integers that it reads.
void Rewriter::copyInFloat(NetworkBuilder &b, Operation *op) {
  IRMapping mapping = floats;
  op->walk([&](Operation *inside) {
    for (Value operand : inside->getOperands())
      if (hasInteger(operand) && !mapping.contains(operand))
        mapping.map(operand, floatOf(b, operand));
  });
  floats.map(op->getResults(), builder.clone(*op, mapping)->getResults());
}

void Rewriter::copy(Operation *op) {
  NetworkBuilder b(builder, op->getLoc());
  Part part = by.plan.partOf(op);
  bool readsIntegers =
      llvm::any_of(op->getOperands(), [&](Value operand) { return hasInteger(operand); });
  if (part == Part::Layer)
    copyLayer(b, op);
  else if (part == Part::Move && by.plan.isStored(op->getResult(0)))
    copyMove(b, op);
  else if (part == Part::Average && readsIntegers)
    copyAverage(b, cast<Pool2DOp>(op));
  else if (part == Part::Elementwise && readsIntegers && isa<linalg::GenericOp>(op))
    copyElementwise(b, cast<linalg::GenericOp>(op));
  else
    copyInFloat(b, op);
  for (Value result : op->getResults())
    if (by.plan.isStored(result) && !hasInteger(result)) {
      integers[result] = toIntegers(b, floats.lookup(result), quantizationOf(result));
      floats.erase(result);
    }
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

/// What an argument or a result of integers says of them.
static void describe(OpBuilder &b, const ops::Quantization &by, NamedAttrList &attributes) {
  if (by.isUnsigned)
    attributes.set("sepconv.dtype", b.getStringAttr("uint8"));
  attributes.set("sepconv.scale", b.getF32FloatAttr(by.scale()));
  attributes.set("sepconv.zero_point", b.getI64IntegerAttr(by.zero()));
}

static Type integersOf(OpBuilder &b, Value value, const ops::Quantization &by) {
  return cast<RankedTensorType>(value.getType()).clone(b.getIntegerType(by.width));
}

void Rewriter::takeArguments() {
  for (BlockArgument argument : from.getArguments()) {
    bool isStored = by.plan.isStored(argument);
    Type type = argument.getType();
    if (isStored && by.integerInterface) {
      type = integersOf(builder, argument, quantizationOf(argument));
      NamedAttrList attributes(to.getArgAttrDict(argument.getArgNumber()));
      describe(builder, quantizationOf(argument), attributes);
      to.setArgAttrs(argument.getArgNumber(), attributes.getDictionary(builder.getContext()));
    }
    Value copy = to.getBody().front().addArgument(type, argument.getLoc());
    if (!isStored || !by.integerInterface)
      floats.map(argument, copy);
    NetworkBuilder b(builder, argument.getLoc());
    if (isStored)
      integers[argument] =
          by.integerInterface ? copy : toIntegers(b, copy, quantizationOf(argument));
  }
}

void Rewriter::giveResults(Operation *terminator) {
  SmallVector<Value> results;
  for (auto [i, value] : llvm::enumerate(terminator->getOperands())) {
    NetworkBuilder b(builder, terminator->getLoc());
    bool isInteger = by.integerInterface && hasInteger(value);
    results.push_back(isInteger ? integers[value] : floatOf(b, value));
    if (!isInteger)
      continue;
    NamedAttrList attributes(to.getResultAttrDict(i));
    describe(builder, quantizationOf(value), attributes);
    to.setResultAttrs(i, attributes.getDictionary(builder.getContext()));
  }
  func::ReturnOp::create(builder, terminator->getLoc(), results);
  to.setType(builder.getFunctionType(to.getBody().front().getArgumentTypes(),
                                     ValueRange(results).getTypes()));
}

void Rewriter::run() {
  takeArguments();
  for (Operation &op : from.getBody().front().without_terminator())
    copy(&op);
  giveResults(from.getBody().front().getTerminator());
}

OwningOpRef<ModuleOp> quantize::rewrite(ModuleOp model, const Rewriting &by, IRMapping *floats) {
  OwningOpRef<ModuleOp> result = model.clone();
  func::FuncOp from = entryOf(model), to = entryOf(*result);
  to.getBody().dropAllReferences();
  to.getBody().getBlocks().clear();
  to.getBody().emplaceBlock();
  Rewriter rewriter(from, to, by);
  rewriter.run();
  if (floats)
    *floats = rewriter.floats;
  return result;
}
