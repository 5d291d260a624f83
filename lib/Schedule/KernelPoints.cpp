//===- KernelPoints.cpp - where the stages of a kernel end -----------------------===//

#include "KernelPoints.h"
#include "sepconv/Schedule/KernelStages.h"

using namespace mlir;
using namespace mlir::sepconv;

bool sepconv::isReduction(Operation *op) {
  auto linalgOp = dyn_cast_or_null<linalg::LinalgOp>(op);
  return linalgOp && linalgOp.getNumReductionLoops() > 0;
}

/// What a reduction reads is computed before it, unless nothing is computed: views of arguments,
/// constants and shapes.
static bool isComputed(Value value) {
  Value source = lookThroughReshapes(value);
  return source.getDefiningOp() && !source.getDefiningOp()->hasTrait<OpTrait::ConstantLike>() &&
         !isa<tensor::EmptyOp>(source.getDefiningOp());
}

KernelPoints::KernelPoints(Block &body) {
  find(body);
  for (Value point : values)
    last[point] = lastReduction(point);
}

void KernelPoints::find(Block &body) {
  llvm::SetVector<Value> found;
  auto add = [&](Value value) {
    while (auto pad = value.getDefiningOp<tensor::PadOp>())
      value = pad.getSource();
    if (isComputed(value))
      found.insert(value);
  };
  for (Operation &op : body) {
    if (isReduction(&op))
      for (Value input : cast<linalg::LinalgOp>(op).getDpsInputs())
        if (isa<RankedTensorType>(input.getType()))
          add(input);
    if (isa<func::ReturnOp>(op))
      found.insert(op.operand_begin(), op.operand_end());
  }
  // A returned value may come before one that is read; what is no operation's comes last.
  for (Operation &op : body)
    for (Value value : op.getResults())
      if (found.contains(value))
        values.insert(value);
  values.insert(found.begin(), found.end());
}

Operation *KernelPoints::lastReduction(Value point) const {
  Operation *last = nullptr;
  SmallVector<Operation *> worklist;
  llvm::DenseSet<Operation *> seen;
  auto visit = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (op && (value == point || !values.contains(value)) && seen.insert(op).second)
      worklist.push_back(op);
  };
  visit(point);
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    if (isReduction(op)) {
      if (!last || last->isBeforeInBlock(op))
        last = op;
      continue;
    }
    // Bodies may read values from outside too.
    op->walk([&](Operation *nested) { llvm::for_each(nested->getOperands(), visit); });
  }
  return last;
}

SmallVector<StringRef> KernelPoints::roles() const {
  return llvm::map_to_vector(values, [&](Value point) -> StringRef {
    Operation *reduction = last.lookup(point);
    return reduction ? classifyReduction(cast<linalg::LinalgOp>(reduction)) : "elementwise";
  });
}

SmallVector<StringRef> sepconv::kernelPattern(func::FuncOp kernel) {
  return KernelPoints(kernel.getBody().front()).roles();
}
