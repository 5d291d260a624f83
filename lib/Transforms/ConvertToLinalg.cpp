//===- ConvertToLinalg.cpp - every layer as linalg.generic and tensor.pad --------===//

#include "BatchNorm.h"
#include "LinalgForms.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CONVERTTOLINALG
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

struct ConvertDense : OpRewritePattern<DenseOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(DenseOp op, PatternRewriter &rewriter) const override {
    RankedTensorType type = typeOf(op.getOutput());
    unsigned rank = type.getRank();
    AffineMap loops = rewriter.getMultiDimIdentityMap(rank + 1);
    SmallVector<unsigned> input = llvm::to_vector(llvm::seq(rank));
    input.back() = rank;
    SmallVector<AffineMap> maps{loops.getSubMap(input), loops.getSubMap({rank, rank - 1})};
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, op.getLoc(), op.getInput());
    sizes.back() = rewriter.getIndexAttr(type.getDimSize(rank - 1));
    Value result =
        createReduction(rewriter, op.getLoc(), sizes, type.getElementType(), 0, 1,
                        {op.getInput(), op.getFilter()}, maps, multiplyAdd, op.getUnsignedInput());
    rewriter.replaceOp(op, createEpilogue(rewriter, op.getLoc(), type, result, op.getBias(),
                                          op.getActivationAttr()));
    return success();
  }
};

struct ConvertActivation : OpRewritePattern<ActivationOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ActivationOp op, PatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, createEpilogue(rewriter, op.getLoc(), typeOf(op.getOutput()),
                                          op.getInput(), Value(), op.getFunction()));
    return success();
  }
};

/// The scale and the shift are constants if the parameters are, and otherwise computed once for
/// each channel.
struct ConvertBatchNorm : OpRewritePattern<BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(BatchNormOp op, PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = computedIn(typeOf(op.getGamma()));
    Value scale, shift;
    if (std::optional<ScaleAndShift> constant = constantScaleAndShift(op)) {
      scale = createConstant(rewriter, loc, type, constant->scale);
      shift = createConstant(rewriter, loc, type, constant->shift);
    } else {
      scale = createScale(rewriter, op);
      shift = createShift(rewriter, op, scale);
    }
    rewriter.replaceOp(
        op, createScaleAndShift(rewriter, loc, op.getInput(), scale, shift, op.getAxis()));
    return success();
  }

  /// gamma / sqrt(variance + epsilon)
  static Value createScale(OpBuilder &builder, BatchNormOp op) {
    AffineMap map = builder.getMultiDimIdentityMap(1);
    return createElementwise(
        builder, op.getLoc(), computedIn(typeOf(op.getGamma())), {op.getGamma(), op.getVariance()},
        {map, map}, [&](OpBuilder &nested, Location loc, ValueRange args) -> Value {
          Value epsilon =
              createConstant(nested, loc, args[1].getType(), op.getEpsilon().convertToDouble());
          Value variance = arith::AddFOp::create(nested, loc, args[1], epsilon);
          Value deviation = math::SqrtOp::create(nested, loc, variance);
          return arith::DivFOp::create(nested, loc, args[0], deviation);
        });
  }

  /// beta - mean * scale
  static Value createShift(OpBuilder &builder, BatchNormOp op, Value scale) {
    AffineMap map = builder.getMultiDimIdentityMap(1);
    return createElementwise(builder, op.getLoc(), computedIn(typeOf(op.getGamma())),
                             {op.getBeta(), op.getMean(), scale}, {map, map, map},
                             [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
                               Value mean = arith::MulFOp::create(nested, loc, args[1], args[2]);
                               return arith::SubFOp::create(nested, loc, args[0], mean);
                             });
  }
};

/// exp(x - max) / sum(exp(x - max)), so that nothing overflows. Unlike linalg's own decomposition
/// it keeps a NaN, as TensorFlow does, and reads nothing of the operand that it writes to.
struct ConvertSoftmax : OpRewritePattern<linalg::SoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::SoftmaxOp op, PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RankedTensorType type = typeOf(op.getInput());
    unsigned rank = type.getRank(), axis = op.getDimension();
    SmallVector<OpFoldResult> row = tensor::getMixedSizes(rewriter, loc, op.getInput());
    row.erase(row.begin() + axis);
    // A reduction's loops are the dimensions of its output, then the reduced one.
    AffineMap identity = rewriter.getMultiDimIdentityMap(rank), rows = identity.dropResult(axis);
    SmallVector<unsigned> position = llvm::to_vector(llvm::seq(rank - 1));
    position.insert(position.begin() + axis, rank - 1);
    AffineMap reduced = identity.getSubMap(position);

    Type element = type.getElementType();
    Value max = createReduction(rewriter, loc, row, element, -INFINITY, 1, op.getInput(), reduced,
                                [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
                                  return arith::MaximumFOp::create(nested, loc, args[1], args[0]);
                                });
    Value exp =
        createElementwise(rewriter, loc, computedIn(type), {op.getInput(), max}, {identity, rows},
                          [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
                            Value x = arith::SubFOp::create(nested, loc, args[0], args[1]);
                            return math::ExpOp::create(nested, loc, x);
                          });
    Value sum = createReduction(rewriter, loc, row, element, 0, 1, exp, reduced,
                                [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
                                  return arith::AddFOp::create(nested, loc, args[1], args[0]);
                                });
    rewriter.replaceOp(
        op, createElementwise(rewriter, loc, type, {exp, sum}, {identity, rows},
                              [](OpBuilder &nested, Location loc, ValueRange args) -> Value {
                                return arith::DivFOp::create(nested, loc, args[0], args[1]);
                              }));
    return success();
  }
};

/// linalg.transpose, linalg.add, ... as linalg.generic; linalg.fill stays.
struct GeneralizeNamed : OpInterfaceRewritePattern<linalg::LinalgOp> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;
  LogicalResult matchAndRewrite(linalg::LinalgOp op, PatternRewriter &rewriter) const override {
    if (isa<linalg::GenericOp, linalg::FillOp>(op))
      return failure();
    return linalg::generalizeNamedOp(rewriter, op);
  }
};

/// The layout is chosen before: whatever is left in NCHW is reported, all of it. So is a softmax of
/// integers, which linalg has.
LogicalResult check(Operation *root) {
  bool ok = true;
  root->walk([&](Operation *op) {
    if (auto softmax = dyn_cast<linalg::SoftmaxOp>(op);
        softmax && !isa<FloatType>(getElementTypeOrSelf(softmax.getInput()))) {
      op->emitOpError("requires floating-point elements, got ") << softmax.getInput().getType();
      ok = false;
    }
    if (auto pool = dyn_cast<Pool2DOp>(op))
      ok &= succeeded(checkAverage(pool));
    auto format = op->getAttrOfType<DataFormatAttr>("data_format");
    if (!isa_and_nonnull<SepConvDialect>(op->getDialect()) || !format ||
        format.getValue() == DataFormat::NHWC)
      return;
    ok = false;
    op->emitOpError("data_format must be NHWC to be lowered to linalg, got NCHW; run "
                    "sepconv-choose-layout first");
  });
  return success(ok);
}

struct ConvertToLinalg : sepconv::impl::ConvertToLinalgBase<ConvertToLinalg> {
  void runOnOperation() override {
    if (failed(check(getOperation())))
      return signalPassFailure();
    RewritePatternSet patterns(&getContext());
    populateConvolutionPatterns(patterns);
    populatePoolPatterns(patterns);
    patterns
        .add<ConvertDense, ConvertActivation, ConvertBatchNorm, ConvertSoftmax, GeneralizeNamed>(
            &getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
