//===- KernelParts.cpp - what operations are to the formation of kernels ----------===//

#include "KernelParts.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::sepconv;

static bool isParameter(OpOperand &use) {
  return isa<SepConvDialect>(use.getOwner()->getDialect()) && use.getOperandNumber() > 0;
}

/// Scalars and splats are part of what a kernel computes; the parameters of layers are not, even
/// if all elements are equal, so that equal layers share a kernel.
static bool isSunkConstant(Operation *op) {
  SplatElementsAttr splat;
  if (!isa<RankedTensorType>(op->getResult(0).getType()))
    return true;
  return matchPattern(op, m_Constant(&splat)) && llvm::none_of(op->getUses(), isParameter);
}

/// A layer whose element is a function of the first operand's element at the same position.
static bool isElementwiseLayer(Operation *op) { return isa<ActivationOp, BatchNormOp>(op); }

static bool isElementwise(Operation *op) {
  if (isElementwiseLayer(op))
    return true;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  return linalgOp && linalgOp.getNumDpsInits() == 1 &&
         linalgOp.getNumParallelLoops() == linalgOp.getNumLoops() &&
         linalgOp.getMatchingIndexingMap(linalgOp.getDpsInitOperand(0)).isIdentity();
}

Part sepconv::partOf(Operation *op) {
  if (op->hasTrait<OpTrait::IsTerminator>() || op->getNumResults() == 0 ||
      isa<KernelOp, CallOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
    return Part::Outside;
  if (op->hasTrait<OpTrait::ConstantLike>())
    return isSunkConstant(op) ? Part::Sunk : Part::Outside;
  if (isa<tensor::EmptyOp, linalg::FillOp>(op) || isa<IndexType>(op->getResult(0).getType()))
    return Part::Sunk;
  if (isa<tensor::PadOp>(op)) {
    bool inside = llvm::all_of(op->getUsers(), [](Operation *user) {
      return !isa<KernelOp, CallOp, tensor::CollapseShapeOp, tensor::ExpandShapeOp>(user) &&
             !user->hasTrait<OpTrait::IsTerminator>();
    });
    return inside ? Part::Sunk : Part::Anchor;
  }
  if (!llvm::all_of(op->getResultTypes(), llvm::IsaPred<RankedTensorType>))
    return Part::Outside;
  return isElementwise(op) ? Part::Elementwise : Part::Anchor;
}

SmallVector<Value> sepconv::operandsInPlace(Operation *op) {
  if (isElementwiseLayer(op))
    return {op->getOperand(0)};
  SmallVector<Value> values;
  auto linalgOp = cast<linalg::LinalgOp>(op);
  for (OpOperand *operand : linalgOp.getDpsInputOperands())
    if (linalgOp.getMatchingIndexingMap(operand).isIdentity())
      values.push_back(operand->get());
  return values;
}
