//===- Plan.cpp - which tensors of a network become integers ---------------------===//

#include "Plan.h"
#include "sepconv/IR/ModelLocation.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;

/// More terms could leave 32 bits: each is at most 255 * 127, and the bias has a quarter of them.
static constexpr int64_t kMostTerms = 1 << 15;

bool quantize::isReal(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32();
}

std::string quantize::nameOf(Operation *op) {
  ModelLocation location(op->getLoc());
  if (!location.layers.empty())
    return llvm::join(location.layers, "+");
  if (!location.file)
    return op->getName().getStringRef().str();
  return (location.file.getFilename().getValue() + ":" + Twine(location.file.getLine())).str();
}

//===----------------------------------------------------------------------===//
// What operations are
//===----------------------------------------------------------------------===//

static bool isFiniteConstant(Value value) {
  DenseFPElementsAttr elements;
  return value.getType() && isReal(value) && matchPattern(value, m_Constant(&elements)) &&
         llvm::all_of(elements.getValues<float>(), [](float x) { return std::isfinite(x); });
}

/// Layers of constant weights, images with the channels last.
static bool isLayer(Operation *op) {
  auto check = [](auto layer, int64_t terms) {
    bool hasBias = bool(layer.getBias());
    return isReal(layer.getInput()) && isFiniteConstant(layer.getFilter()) &&
           (!hasBias || isFiniteConstant(layer.getBias())) && terms <= kMostTerms;
  };
  auto terms = [](Value filter, unsigned dims) {
    int64_t count = 1;
    for (int64_t size : cast<RankedTensorType>(filter.getType()).getShape().drop_back(dims))
      count *= size;
    return count;
  };
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](Conv2DOp conv) {
        return conv.getDataFormat() == DataFormat::NHWC && check(conv, terms(conv.getFilter(), 1));
      })
      .Case([&](DepthwiseConv2DOp conv) {
        return conv.getDataFormat() == DataFormat::NHWC && check(conv, terms(conv.getFilter(), 2));
      })
      .Case([&](DenseOp dense) { return check(dense, terms(dense.getFilter(), 1)); })
      .Default(false);
}

static bool isParallel(linalg::GenericOp op) {
  return op.getNumDpsInits() == 1 && op.getNumParallelLoops() == op.getNumLoops() &&
         op.getMatchingIndexingMap(op.getDpsInitOperand(0)).isIdentity();
}

/// An operation whose body gives an element of a tensor as it is: a broadcast, a nearest pixel.
static bool onlyMoves(linalg::GenericOp op) {
  Value yielded = op.getBody()->getTerminator()->getOperand(0);
  auto argument = dyn_cast<BlockArgument>(yielded);
  return isParallel(op) && op.getBody()->getOperations().size() == 1 && argument &&
         argument.getOwner() == op.getBody() && op.getNumDpsInputs() == 1 &&
         argument.getArgNumber() == 0;
}

static bool isElementwise(linalg::GenericOp op) {
  bool extracts = false;
  op.getBody()->walk([&](tensor::ExtractOp) { extracts = true; });
  return isParallel(op) && !extracts && op.getNumDpsInputs() > 0;
}

static Part kindOf(Operation *op) {
  if (op->getNumResults() != 1 || !isReal(op->getResult(0)))
    return Part::Float;
  if (isLayer(op))
    return Part::Layer;
  return llvm::TypeSwitch<Operation *, Part>(op)
      .Case<ActivationOp, BatchNormOp>([](Operation *) { return Part::Elementwise; })
      .Case([](Pool2DOp pool) {
        bool isStatic = cast<RankedTensorType>(pool.getInput().getType()).hasStaticShape();
        if (pool.getDataFormat() != DataFormat::NHWC)
          return Part::Float;
        if (pool.getKind() == PoolKind::Max)
          return Part::Move;
        return isStatic && !pool.getSame() ? Part::Average : Part::Float;
      })
      .Case([](linalg::GenericOp generic) {
        if (onlyMoves(generic))
          return Part::Move;
        return isElementwise(generic) ? Part::Elementwise : Part::Float;
      })
      .Case([](tensor::PadOp pad) { // by a constant, which becomes an integer
        FloatAttr value;
        Value number = pad.getConstantPaddingValue();
        return number && matchPattern(number, m_Constant(&value)) ? Part::Move : Part::Float;
      })
      .Case<tensor::CollapseShapeOp, tensor::ExpandShapeOp, tensor::ExtractSliceOp,
            tensor::ConcatOp, linalg::TransposeOp>([](Operation *) { return Part::Move; })
      .Default(Part::Float);
}

/// The tensors that an operation computes with: neither weights nor where results go.
static SmallVector<Value> dataOf(Operation *op, Part part) {
  if (part == Part::Layer || part == Part::Average)
    return {op->getOperand(0)};
  SmallVector<Value> data;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  for (OpOperand &operand : op->getOpOperands())
    if (isReal(operand.get()) && !(linalgOp && linalgOp.isDpsInit(&operand)) &&
        !matchPattern(operand.get(), m_Constant()))
      data.push_back(operand.get());
  return data;
}

Part Plan::partOf(Operation *op) const {
  auto found = parts.find(op);
  return found == parts.end() ? Part::Float : found->second;
}

//===----------------------------------------------------------------------===//
// What is stored
//===----------------------------------------------------------------------===//

Plan::Plan(func::FuncOp function, const std::function<bool(Operation *)> &inFloat,
           bool integerInterface)
    : function(function) {
  classify(inFloat);
  Block &block = function.getBody().front();
  store(block, integerInterface);
  join(block);
}

void Plan::classify(const std::function<bool(Operation *)> &inFloat) {
  for (Operation &op : function.getBody().front()) {
    Part part = kindOf(&op);
    if (part == Part::Float || inFloat(&op))
      continue;
    parts[&op] = part;
    if (part == Part::Layer)
      layerOps.push_back(&op);
  }
}

/// Whether the kernel that makes a tensor also has the only operation that reads it, as
/// sepconv-form-kernels will decide: that of the last of the operands in place.
bool Plan::staysInRegisters(Value value) const {
  auto owns = [&](Value operand) {
    Operation *producer = operand.getDefiningOp();
    return producer && operand.hasOneUse() &&
           llvm::is_contained({Part::Layer, Part::Elementwise, Part::Average}, partOf(producer));
  };
  if (!owns(value))
    return false;
  Operation *user = *value.getUsers().begin();
  if (partOf(user) != Part::Elementwise)
    return false;
  auto generic = dyn_cast<linalg::GenericOp>(user);
  if (!generic)
    return user->getOperand(0) == value;
  Value last;
  for (OpOperand *operand : generic.getDpsInputOperands())
    if (generic.getMatchingIndexingMap(operand).isIdentity() && owns(operand->get()) &&
        (!last || last.getDefiningOp()->isBeforeInBlock(operand->get().getDefiningOp())))
      last = operand->get();
  return last == value;
}

/// What a layer reads; and what lies on a way from one layer to another, if it has to go through
/// memory.
void Plan::store(Block &block, bool integerInterface) {
  DenseSet<Value> carries, leads;
  for (Operation &op : block)
    if (Part part = partOf(&op); part != Part::Float)
      if (part == Part::Layer ||
          llvm::any_of(dataOf(&op, part), [&](Value x) { return carries.contains(x); }))
        carries.insert(op.getResult(0));
  for (Operation &op : llvm::reverse(block)) {
    Part part = partOf(&op);
    if (part == Part::Layer || (part != Part::Float && leads.contains(op.getResult(0))))
      leads.insert_range(dataOf(&op, part));
  }
  for (Value value : carries)
    if (leads.contains(value) && !staysInRegisters(value))
      storedSet.insert(value);
  for (Operation *layer : layerOps)
    storedSet.insert(layer->getOperand(0));
  if (!integerInterface)
    return;
  for (Value argument : block.getArguments())
    if (isReal(argument))
      storedSet.insert(argument);
  for (Value result : block.getTerminator()->getOperands())
    if (isReal(result) && !matchPattern(result, m_Constant()))
      storedSet.insert(result);
}

/// Moves have integers on both sides, of one class: from the last to the first, so that what is
/// moved several times is known to be.
void Plan::join(Block &block) {
  for (Operation &op : llvm::reverse(block)) {
    if (partOf(&op) != Part::Move || !storedSet.contains(op.getResult(0)))
      continue;
    for (Value operand : dataOf(&op, Part::Move)) {
      storedSet.insert(operand);
      classes.unionSets(op.getResult(0), operand);
    }
  }
  auto add = [&](Value value) {
    if (!storedSet.contains(value))
      return;
    storedValues.push_back(value);
    classes.insert(value);
  };
  llvm::for_each(block.getArguments(), add);
  for (Operation &op : block)
    llvm::for_each(op.getResults(), add);
}
