//===- KernelPattern.cpp - what a kernel on linalg consists of -------------------===//

#include "KernelPattern.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::sepconv;

static bool isReduction(Operation *op) {
  auto linalgOp = dyn_cast_or_null<linalg::LinalgOp>(op);
  return linalgOp && linalgOp.getNumReductionLoops() > 0;
}

/// Whether `expr` moves along with one of the parallel loops, one position for each step: a window
/// y * stride + ky * dilation does, the group of a channel, c floordiv size, does not.
static bool movesWithLoop(AffineExpr expr, ArrayRef<utils::IteratorType> iterators) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return iterators[dim.getPosition()] == utils::IteratorType::parallel;
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary || expr.getKind() == AffineExprKind::FloorDiv)
    return false;
  return movesWithLoop(binary.getLHS(), iterators) || movesWithLoop(binary.getRHS(), iterators);
}

static StringRef roleOf(linalg::LinalgOp op) {
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  SmallVector<OpOperand *> inputs;
  for (OpOperand *operand : op.getDpsInputOperands())
    if (op.payloadUsesValueFromOperand(operand))
      inputs.push_back(operand);
  bool window = false, channels = false;
  if (!inputs.empty()) {
    AffineMap map = op.getMatchingIndexingMap(inputs.front());
    for (unsigned loop = 0; loop < iterators.size(); ++loop) {
      if (iterators[loop] != utils::IteratorType::reduction)
        continue;
      bool inWindow = llvm::any_of(map.getResults(), [&](AffineExpr expr) {
        return expr.isFunctionOfDim(loop) && movesWithLoop(expr, iterators);
      });
      (inWindow ? window : channels) = true;
    }
  }
  if (inputs.size() < 2)
    return window ? "pool" : "reduce";
  if (window)
    return channels ? "conv" : "depthwise";
  return op.getNumParallelLoops() == 4 ? "pointwise" : "dense";
}

static Operation *lookThroughPads(Value value) {
  while (auto pad = value.getDefiningOp<tensor::PadOp>())
    value = pad.getSource();
  return value.getDefiningOp();
}

SmallVector<StringRef> sepconv::kernelPattern(Block &body) {
  // What is returned or read by a reduction is where a stage ends.
  DenseSet<Operation *> ends;
  for (Operation &op : body) {
    ValueRange read;
    if (op.hasTrait<OpTrait::IsTerminator>())
      read = op.getOperands();
    else if (isReduction(&op))
      read = cast<linalg::LinalgOp>(op).getDpsInputs();
    for (Value value : read)
      ends.insert(lookThroughPads(value));
  }
  // The last reduction that each operation contains, up to the stages that it reads.
  SmallVector<StringRef> pattern;
  DenseMap<Operation *, Operation *> reductions;
  for (Operation &op : body) {
    Operation *last = isReduction(&op) ? &op : nullptr;
    if (!last)
      for (Value operand : op.getOperands()) {
        Operation *producer = lookThroughPads(operand);
        Operation *reduction = ends.contains(producer) ? nullptr : reductions.lookup(producer);
        if (reduction && (!last || last->isBeforeInBlock(reduction)))
          last = reduction;
      }
    reductions[&op] = last;
    if (ends.contains(&op) && !isa<tensor::EmptyOp, tensor::PadOp>(op))
      pattern.push_back(last ? roleOf(cast<linalg::LinalgOp>(last)) : "elementwise");
  }
  return pattern;
}
