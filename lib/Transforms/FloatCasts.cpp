//===- FloatCasts.cpp - casts between types of floats, moved along tensors -------===//

#include "FloatCasts.h"
#include "sepconv/IR/SepConv.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace mlir::sepconv;

static Type withElement(Type type, Type element) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? Type(tensor.clone(element)) : element;
}

Value sepconv::castFloats(OpBuilder &builder, Location loc, Value value, Type element) {
  Type from = getElementTypeOrSelf(value);
  if (from == element)
    return value;
  unsigned width = from.getIntOrFloatBitWidth(), to = element.getIntOrFloatBitWidth();
  if (width == to) // float16 and bfloat16
    return castFloats(builder, loc, castFloats(builder, loc, value, builder.getF32Type()), element);
  Type type = withElement(value.getType(), element);
  if (width < to)
    return arith::ExtFOp::create(builder, loc, type, value);
  return arith::TruncFOp::create(builder, loc, type, value);
}

namespace {

/// What is cast from `storage` to make `value`; null if it is nothing.
Value storedAs(Value value, Type storage) {
  Operation *op = value.getDefiningOp();
  if (!isa_and_nonnull<arith::ExtFOp, arith::TruncFOp>(op))
    return {};
  Value from = op->getOperand(0);
  return getElementTypeOrSelf(from) == storage ? from : Value();
}

bool isFloatTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && isa<FloatType>(tensor.getElementType());
}

/// storage -> type -> storage. Where `type` is the narrower one, its rounding is what is dropped.
template <typename Cast> struct DropCasts : OpRewritePattern<Cast> {
  DropCasts(MLIRContext *context, Type storage)
      : OpRewritePattern<Cast>(context), storage(storage) {}
  LogicalResult matchAndRewrite(Cast op, PatternRewriter &rewriter) const override {
    Value from = storedAs(op.getIn(), storage);
    if (!from || getElementTypeOrSelf(op.getType()) != storage)
      return failure();
    rewriter.replaceOp(op, from);
    return success();
  }
  Type storage;
};

/// A layer, or what moves elements.
struct PushThrough : RewritePattern {
  PushThrough(MLIRContext *context, Type storage)
      : RewritePattern(MatchAnyOpTypeTag(), 1, context), storage(storage) {}

  static bool isTransparent(Operation *op) {
    return isa<Conv2DOp, DepthwiseConv2DOp, SeparableConv2DOp, Pool2DOp, DenseOp, ActivationOp,
               tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ExtractSliceOp,
               tensor::InsertSliceOp, tensor::ConcatOp, tensor::PadOp, tensor::ReshapeOp,
               linalg::TransposeOp, linalg::BroadcastOp>(op);
  }

  /// `value` in the storage type.
  Value stored(Value value, PatternRewriter &rewriter) const {
    if (Value from = storedAs(value, storage))
      return from;
    if (value.getDefiningOp<tensor::EmptyOp>())
      return retyped(value.getDefiningOp(), rewriter)->getResult(0);
    if (auto fill = value.getDefiningOp<linalg::FillOp>()) {
      Value number = castFloats(rewriter, fill.getLoc(), fill.getInputs().front(), storage);
      Value empty = stored(fill.getOutputs().front(), rewriter);
      return linalg::FillOp::create(rewriter, fill.getLoc(), number, empty).getResult(0);
    }
    return castFloats(rewriter, value.getLoc(), value, storage);
  }

  Operation *retyped(Operation *op, PatternRewriter &rewriter) const {
    Operation *clone = rewriter.clone(*op);
    clone->getResult(0).setType(withElement(op->getResult(0).getType(), storage));
    if (isa<linalg::LinalgOp>(clone)) // the elements that its body moves
      for (BlockArgument argument : clone->getRegion(0).getArguments())
        argument.setType(storage);
    return clone;
  }

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isTransparent(op) || !isFloatTensor(op->getResult(0).getType()) ||
        getElementTypeOrSelf(op->getResult(0)) == storage)
      return failure();
    if (llvm::none_of(op->getOperands(), [&](Value value) { return storedAs(value, storage); }))
      return failure();
    Type type = getElementTypeOrSelf(op->getResult(0));
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(isFloatTensor(operand.getType()) ? stored(operand, rewriter) : operand);
    Operation *clone = retyped(op, rewriter);
    clone->setOperands(operands);
    if (isa<tensor::PadOp>(op)) { // the number around it
      Operation *yield = clone->getRegion(0).front().getTerminator();
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPoint(yield);
      yield->setOperand(0, castFloats(rewriter, op->getLoc(), yield->getOperand(0), storage));
    }
    rewriter.replaceOp(op, castFloats(rewriter, op->getLoc(), clone->getResult(0), type));
    return success();
  }

  Type storage;
};

/// Bodies cast what they read, and what they yield unless they accumulate it.
struct PushIntoBody : OpRewritePattern<linalg::GenericOp> {
  PushIntoBody(MLIRContext *context, Type storage) : OpRewritePattern(context), storage(storage) {}

  static bool writesOnly(linalg::GenericOp op) {
    return op.getNumParallelLoops() == op.getNumLoops() &&
           llvm::all_of(op.getRegionOutputArgs(), [](Value value) { return value.use_empty(); });
  }

  void castInput(linalg::GenericOp op, OpOperand &operand, Value from,
                 PatternRewriter &rewriter) const {
    BlockArgument argument = op.getMatchingBlockArgument(&operand);
    Type type = argument.getType();
    rewriter.setInsertionPointToStart(op.getBody());
    rewriter.modifyOpInPlace(op, [&] { operand.set(from); });
    argument.setType(storage);
    Value cast = castFloats(rewriter, op.getLoc(), argument, type);
    rewriter.replaceAllUsesExcept(argument, cast, cast.getDefiningOp());
  }

  void castResult(linalg::GenericOp op, unsigned number, PatternRewriter &rewriter) const {
    OpResult result = op->getResult(number);
    OpOperand &init = op.getDpsInitsMutable()[number];
    auto type = cast<RankedTensorType>(result.getType());
    rewriter.setInsertionPoint(op);
    Value empty = tensor::EmptyOp::create(
        rewriter, op.getLoc(), tensor::getMixedSizes(rewriter, op.getLoc(), init.get()), storage);
    Operation *yield = op.getBody()->getTerminator();
    rewriter.setInsertionPoint(yield);
    Value yielded = castFloats(rewriter, op.getLoc(), yield->getOperand(number), storage);
    rewriter.modifyOpInPlace(yield, [&] { yield->setOperand(number, yielded); });
    rewriter.modifyOpInPlace(op, [&] {
      init.set(empty);
      op.getMatchingBlockArgument(&init).setType(storage);
      result.setType(type.clone(storage));
    });
    rewriter.setInsertionPointAfter(op);
    Value cast = castFloats(rewriter, op.getLoc(), result, type.getElementType());
    rewriter.replaceAllUsesExcept(result, cast, cast.getDefiningOp());
  }

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    bool changed = false;
    for (OpOperand *operand : op.getDpsInputOperands())
      if (Value from = storedAs(operand->get(), storage)) {
        castInput(op, *operand, from, rewriter);
        changed = true;
      }
    for (unsigned i = 0, e = writesOnly(op) ? op->getNumResults() : 0; i < e; ++i) {
      OpResult result = op->getResult(i);
      // Only where a cast to the storage type reads it: an integer's body may compute with floats.
      bool isRead = llvm::any_of(result.getUsers(), [&](Operation *user) {
        return isa<arith::ExtFOp, arith::TruncFOp>(user) &&
               getElementTypeOrSelf(user->getResult(0)) == storage;
      });
      if (isRead && isFloatTensor(result.getType()) && getElementTypeOrSelf(result) != storage) {
        castResult(op, i, rewriter);
        changed = true;
      }
    }
    return success(changed);
  }

  Type storage;
};

} // namespace

LogicalResult sepconv::pushCasts(Operation *root, Type storage) {
  RewritePatternSet patterns(root->getContext());
  patterns.add<DropCasts<arith::ExtFOp>, DropCasts<arith::TruncFOp>, PushThrough, PushIntoBody>(
      root->getContext(), storage);
  // A cast of a constant is what says that it is stored.
  GreedyRewriteConfig config;
  config.enableFolding(false).enableConstantCSE(false);
  return applyPatternsGreedily(root, std::move(patterns), config);
}

LogicalResult sepconv::convertCasts(Operation *root) {
  RewritePatternSet patterns(root->getContext());
  linalg::populateElementwiseToLinalgConversionPatterns(patterns);
  return applyPatternsGreedily(root, std::move(patterns));
}
