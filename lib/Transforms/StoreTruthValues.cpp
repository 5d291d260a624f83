//===- StoreTruthValues.cpp - tensors of i1 become tensors of i8 -----------------===//

#include "sepconv/IR/Buffer.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_STORETRUTHVALUES
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

bool isTruth(Type type) { return isa<TensorType>(type) && getElementTypeOrSelf(type).isInteger(1); }

Type stored(Type type) {
  return isTruth(type) ? cast<TensorType>(type).clone(IntegerType::get(type.getContext(), 8))
                       : type;
}

SmallVector<Type> stored(TypeRange types) {
  return llvm::map_to_vector(types, [](Type type) { return stored(type); });
}

/// Whether what it makes, or reads, can be bytes instead.
bool isKnown(Operation *op) {
  auto constant = dyn_cast<arith::ConstantOp>(op);
  return isa<linalg::LinalgOp, tensor::EmptyOp, tensor::PadOp, tensor::ConcatOp,
             tensor::ExtractSliceOp, tensor::InsertSliceOp, tensor::ExpandShapeOp,
             tensor::CollapseShapeOp, tensor::CastOp, tensor::DimOp, func::ReturnOp>(op) ||
         (constant && isa<DenseElementsAttr>(constant.getValue()));
}

/// Its number, 0 or 1; what was made of a byte is that byte.
Value toByte(OpBuilder &b, Value truth) {
  if (auto compare = truth.getDefiningOp<arith::CmpIOp>())
    if (compare->hasAttr("sepconv.byte"))
      return compare.getLhs();
  return arith::ExtUIOp::create(b, truth.getLoc(), b.getI8Type(), truth);
}

/// The body reads bytes, and yields them.
void convertBody(Operation *op, Block &body) {
  OpBuilder b = OpBuilder::atBlockBegin(&body);
  Value zero;
  SmallVector<Operation *> made;
  for (auto [operand, argument] : llvm::zip(op->getOperands(), body.getArguments())) {
    bool isByte = argument.getType().isInteger(1) &&
                  (isa<TensorType>(operand.getType()) || isa<linalg::FillOp>(op));
    if (!isa<linalg::LinalgOp>(op) || !isByte)
      continue;
    argument.setType(b.getI8Type());
    if (!zero)
      zero = arith::ConstantOp::create(b, op->getLoc(), b.getI8IntegerAttr(0));
    auto truth = arith::CmpIOp::create(b, op->getLoc(), arith::CmpIPredicate::ne, argument, zero);
    truth->setAttr("sepconv.byte", b.getUnitAttr());
    argument.replaceAllUsesExcept(truth, truth);
    made.push_back(truth);
  }
  b.setInsertionPoint(body.getTerminator());
  for (OpOperand &yielded : body.getTerminator()->getOpOperands())
    if (yielded.get().getType().isInteger(1))
      yielded.set(toByte(b, yielded.get()));
  for (Operation *truth : made) {
    truth->removeAttr("sepconv.byte");
    if (truth->use_empty())
      truth->erase();
  }
  if (zero && zero.use_empty())
    zero.getDefiningOp()->erase();
}

void convert(Operation *op) {
  OpBuilder b(op);
  if (auto fill = dyn_cast<linalg::FillOp>(op); fill && isTruth(fill.getResult(0).getType()))
    fill->setOperand(0, toByte(b, fill.value()));
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto bytes =
        cast<DenseElementsAttr>(constant.getValue()).mapValues(b.getI8Type(), [](const APInt &bit) {
          return bit.zext(8);
        });
    constant.setValueAttr(cast<TypedAttr>(Attribute(bytes)));
  }
  for (Value result : op->getResults())
    result.setType(stored(result.getType()));
  if (isa<linalg::LinalgOp, tensor::PadOp>(op))
    convertBody(op, op->getRegion(0).front());
}

/// The entry's caller still knows what they are.
void convertSignature(func::FuncOp function) {
  auto dtype = StringAttr::get(function.getContext(), "bool");
  for (auto [index, type] : llvm::enumerate(function.getArgumentTypes()))
    if (isTruth(type) && function.isPublic())
      function.setArgAttr(index, kDtype, dtype);
  for (auto [index, type] : llvm::enumerate(function.getResultTypes()))
    if (isTruth(type) && function.isPublic())
      function.setResultAttr(index, kDtype, dtype);
  function.setType(FunctionType::get(function.getContext(), stored(function.getArgumentTypes()),
                                     stored(function.getResultTypes())));
  if (!function.isExternal())
    for (BlockArgument argument : function.getArguments())
      argument.setType(stored(argument.getType()));
}

struct StoreTruthValues : sepconv::impl::StoreTruthValuesBase<StoreTruthValues> {
  void runOnOperation() override {
    SmallVector<Operation *> found;
    getOperation().walk([&](Operation *op) {
      if (!llvm::any_of(op->getOperandTypes(), isTruth) &&
          !llvm::any_of(op->getResultTypes(), isTruth))
        return;
      if (!isKnown(op)) {
        op->emitError("cannot compute with a tensor of truth values; expected linalg.generic");
        return signalPassFailure();
      }
      found.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : found) {
      auto named = dyn_cast<linalg::LinalgOp>(op);
      if (named &&
          !isa<linalg::GenericOp, linalg::FillOp, linalg::TransposeOp, linalg::BroadcastOp>(op)) {
        rewriter.setInsertionPoint(op);
        FailureOr<linalg::GenericOp> generic = linalg::generalizeNamedOp(rewriter, named);
        if (succeeded(generic))
          op = *generic;
      }
      convert(op);
    }
    getOperation().walk([](func::FuncOp function) { convertSignature(function); });
  }
};

} // namespace
