//===- WidenSums.cpp - long sums accumulate in float64 ---------------------------===//

#include "LinalgForms.h"
#include "sepconv/Passes.h"

#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_WIDENSUMS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// The greatest number of terms that float32 adds up: the error of a running sum of n equal terms
/// is at most n / 2 units in the last place of each step, 7.6e-6 of the sum for 256 of them.
constexpr int64_t kMaxTerms = 256;

/// A reduction of dynamic extent may be long.
bool isLong(linalg::LinalgOp op) {
  int64_t terms = 1;
  for (auto [extent, kind] :
       llvm::zip_equal(op.getStaticLoopRanges(), op.getIteratorTypesArray())) {
    if (kind != utils::IteratorType::reduction)
      continue;
    if (ShapedType::isDynamic(extent) || terms * std::min(extent, kMaxTerms + 1) > kMaxTerms)
      return true;
    terms *= extent;
  }
  return false;
}

/// A product of two operands is a term of a convolution or of a matrix product, whose loops are
/// bound by multiply-adds.
bool isProduct(Value term) {
  auto product = term.getDefiningOp<arith::MulFOp>();
  if (!product)
    return false;
  auto isOperand = [](Value value) {
    while (auto cast = value.getDefiningOp<arith::ExtFOp>())
      value = cast.getIn();
    return isa<BlockArgument>(value);
  };
  return product.getLhs() != product.getRhs() && isOperand(product.getLhs()) &&
         isOperand(product.getRhs());
}

/// The addition that a body ends with, if it is all that reads the sum so far; and its term.
arith::AddFOp findSum(linalg::GenericOp op, Value &term) {
  Block *body = op.getBody();
  auto add = body->getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  BlockArgument sum = body->getArguments().back();
  if (!add || add->getBlock() != body || !sum.hasOneUse() ||
      (add.getLhs() != sum && add.getRhs() != sum))
    return {};
  term = add.getLhs() == sum ? add.getRhs() : add.getLhs();
  return add;
}

struct WidenSum : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    auto fill = op.getNumDpsInits() == 1 && op->getNumResults() == 1
                    ? op.getDpsInits().front().getDefiningOp<linalg::FillOp>()
                    : linalg::FillOp();
    Value term;
    if (!fill || !getElementTypeOrSelf(op.getResult(0)).isF32() || !isLong(op))
      return failure();
    arith::AddFOp add = findSum(op, term);
    if (!add || isProduct(term))
      return failure();
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getResult(0).getType());
    Type wide = rewriter.getF64Type();
    Value start = arith::ExtFOp::create(rewriter, loc, wide, fill.getInputs().front());
    Value empty = tensor::EmptyOp::create(
        rewriter, loc, tensor::getMixedSizes(rewriter, loc, fill.getOutputs().front()), wide);
    Value init = linalg::FillOp::create(rewriter, loc, start, empty).getResult(0);
    auto sum = linalg::GenericOp::create(rewriter, loc, init.getType(), op.getDpsInputs(), init,
                                         op.getIndexingMapsArray(), op.getIteratorTypesArray());
    rewriter.inlineRegionBefore(op.getRegion(), sum.getRegion(), sum.getRegion().begin());
    rewriter.modifyOpInPlace(sum, [&] { widenBody(rewriter, add, term, wide); });
    rewriter.setInsertionPointAfter(sum);
    AffineMap identity = rewriter.getMultiDimIdentityMap(type.getRank());
    rewriter.replaceOp(
        op, createElementwise(rewriter, loc, type, sum.getResult(0), identity,
                              [](OpBuilder &, Location, ValueRange args) { return args.front(); }));
    return success();
  }

private:
  static void widenBody(PatternRewriter &rewriter, arith::AddFOp add, Value term, Type wide) {
    Block *body = add->getBlock();
    BlockArgument sum = body->getArguments().back();
    sum.setType(wide);
    rewriter.setInsertionPoint(add);
    Value extended = arith::ExtFOp::create(rewriter, add.getLoc(), wide, term);
    Value total = arith::AddFOp::create(rewriter, add.getLoc(), sum, extended);
    body->getTerminator()->setOperand(0, total);
    rewriter.eraseOp(add);
  }
};

struct WidenSums : sepconv::impl::WidenSumsBase<WidenSums> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<WidenSum>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
