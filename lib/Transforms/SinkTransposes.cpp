//===- SinkTransposes.cpp - moving transposes through a network ------------------===//

#include "Transposes.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// What is read through a transpose: `source` itself, and where its dimensions go.
struct Transposed {
  Value source;
  ArrayRef<int64_t> permutation;

  bool isInverseOf(ArrayRef<int64_t> other) const {
    return permutation == ArrayRef<int64_t>(invertPermutationVector(other));
  }

  /// Brings something listed by dimension of the transposed tensor into the order of the source.
  template <typename T> SmallVector<T> inOrderOfSource(ArrayRef<T> list) const {
    return applyPermutation(list, invertPermutationVector(permutation));
  }
};

std::optional<Transposed> transposed(Value value) {
  auto transpose = value.getDefiningOp<linalg::TransposeOp>();
  if (!transpose || !transpose.hasPureTensorSemantics())
    return std::nullopt;
  return Transposed{transpose.getInput(), transpose.getPermutation()};
}

Value createEmpty(OpBuilder &builder, Location loc, RankedTensorType type) {
  return tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
}

/// A pattern for an operation of one operand that may be transposed.
template <typename Op> struct Sink : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    auto input = transposed(op->getOperand(0));
    if (!input)
      return failure();
    Value result = compute(rewriter, op, *input);
    if (!result)
      return failure();
    rewriter.replaceOp(op, createTranspose(rewriter, op.getLoc(), result, input->permutation));
    return success();
  }

  static Value compute(OpBuilder &builder, ActivationOp op, const Transposed &input) {
    return ActivationOp::create(builder, op.getLoc(), input.source.getType(), input.source,
                                op.getFunction());
  }

  static Value compute(OpBuilder &builder, BatchNormOp op, const Transposed &input) {
    return BatchNormOp::create(builder, op.getLoc(), input.source.getType(), input.source,
                               op.getGamma(), op.getBeta(), op.getMean(), op.getVariance(),
                               input.permutation[op.getAxis()], op.getEpsilon());
  }

  static Value compute(OpBuilder &builder, linalg::SoftmaxOp op, const Transposed &input) {
    RankedTensorType type = typeOf(input.source);
    Value init = createEmpty(builder, op.getLoc(), type);
    return linalg::SoftmaxOp::create(builder, op.getLoc(), type, input.source, init,
                                     input.permutation[op.getDimension()])
        ->getResult(0);
  }

  static Value compute(OpBuilder &builder, tensor::PadOp op, const Transposed &input) {
    Value padding = op.getConstantPaddingValue();
    if (!padding)
      return {};
    auto low = input.inOrderOfSource<OpFoldResult>(op.getMixedLowPad());
    auto high = input.inOrderOfSource<OpFoldResult>(op.getMixedHighPad());
    return tensor::PadOp::create(builder, op.getLoc(), Type(), input.source, low, high, padding);
  }

  static Value compute(OpBuilder &builder, tensor::ExtractSliceOp op, const Transposed &input) {
    if (op.getSourceType().getRank() != op.getType().getRank())
      return {};
    auto offsets = input.inOrderOfSource<OpFoldResult>(op.getMixedOffsets());
    auto sizes = input.inOrderOfSource<OpFoldResult>(op.getMixedSizes());
    auto strides = input.inOrderOfSource<OpFoldResult>(op.getMixedStrides());
    return tensor::ExtractSliceOp::create(builder, op.getLoc(), input.source, offsets, sizes,
                                          strides);
  }
};

/// The concatenation of what `operands` are after `permutation`.
Value concatTransposed(OpBuilder &builder, tensor::ConcatOp op, ArrayRef<int64_t> permutation) {
  SmallVector<Value> operands;
  for (Value operand : op.getInputs()) {
    auto input = transposed(operand);
    bool inverse = input && input->isInverseOf(permutation);
    operands.push_back(inverse ? input->source
                               : createTranspose(builder, op.getLoc(), operand, permutation));
  }
  auto type = op.getType().clone(applyPermutation(op.getType().getShape(), permutation));
  int64_t dim = llvm::find(permutation, int64_t(op.getDim())) - permutation.begin();
  return tensor::ConcatOp::create(builder, op.getLoc(), type, dim, operands);
}

/// All operands must be transposed alike.
struct SinkThroughConcat : OpRewritePattern<tensor::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tensor::ConcatOp op, PatternRewriter &rewriter) const override {
    auto first = transposed(op.getInputs().front());
    if (!first)
      return failure();
    for (Value operand : op.getInputs())
      if (auto input = transposed(operand); !input || input->permutation != first->permutation)
        return failure();
    Value result = concatTransposed(rewriter, op, invertPermutationVector(first->permutation));
    rewriter.replaceOp(op, createTranspose(rewriter, op.getLoc(), result, first->permutation));
    return success();
  }
};

/// The other way where only some operands are transposed, and the result is transposed back: then
/// the others are transposed instead.
struct HoistAboveConcat : OpRewritePattern<linalg::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::TransposeOp op, PatternRewriter &rewriter) const override {
    auto concat = op.getInput().getDefiningOp<tensor::ConcatOp>();
    if (!concat || !concat->hasOneUse())
      return failure();
    auto permutation = op.getPermutation();
    if (llvm::none_of(concat.getInputs(), [&](Value operand) {
          auto input = transposed(operand);
          return input && input->isInverseOf(permutation);
        }))
      return failure();
    rewriter.replaceOp(op, concatTransposed(rewriter, concat, permutation));
    return success();
  }
};

/// Elementwise operations with broadcasting, upsampling, and reductions that keep the order of
/// dimensions. All operands are read through other maps, transposed or not.
struct SinkThroughGeneric : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    if (!isInOrder(op))
      return failure();
    std::optional<Transposed> leader;
    for (OpOperand *operand : op.getDpsInputOperands())
      if (!leader && readsInOrder(op, operand))
        leader = transposed(operand->get());
    if (!leader)
      return failure();

    // Loop i becomes loop permutation[i]; those of the reduction stay.
    SmallVector<AffineExpr> loops(op.getNumLoops());
    for (unsigned i = 0; i < loops.size(); ++i)
      loops[i] =
          rewriter.getAffineDimExpr(i < leader->permutation.size() ? leader->permutation[i] : i);
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    for (OpOperand *operand : op.getDpsInputOperands()) {
      AffineMap map =
          op.getMatchingIndexingMap(operand).replaceDimsAndSymbols(loops, {}, op.getNumLoops(), 0);
      auto through = transposed(operand->get());
      inputs.push_back(through ? through->source : operand->get());
      maps.push_back(through ? AffineMap::get(op.getNumLoops(), 0,
                                              through->inOrderOfSource(map.getResults()),
                                              op.getContext())
                             : map);
    }
    maps.push_back(op.getIndexingMapsArray().back());
    RankedTensorType oldType = typeOf(op.getResult(0));
    auto type = oldType.clone(leader->inOrderOfSource(oldType.getShape()));
    auto result =
        linalg::GenericOp::create(rewriter, op.getLoc(), type, inputs,
                                  createInit(rewriter, op, type), maps, op.getIteratorTypesArray());
    rewriter.inlineRegionBefore(op.getRegion(), result.getRegion(), result.getRegion().begin());
    rewriter.replaceOp(
        op, createTranspose(rewriter, op.getLoc(), result.getResult(0), leader->permutation));
    return success();
  }

  /// Whether the loops are the dimensions of the one output, then those of a reduction, and the
  /// output starts as the same everywhere.
  static bool isInOrder(linalg::GenericOp op) {
    if (!op.hasPureTensorSemantics() || op.getNumDpsInits() != 1 || op.hasIndexSemantics())
      return false;
    unsigned rank = typeOf(op.getResult(0)).getRank();
    Builder builder(op.getContext());
    Operation *init = op.getDpsInits().front().getDefiningOp();
    return isa_and_nonnull<tensor::EmptyOp, linalg::FillOp>(init) &&
           op.getNumParallelLoops() == rank &&
           op.getIndexingMapsArray().back() ==
               builder.getMultiDimIdentityMap(op.getNumLoops()).getMajorSubMap(rank);
  }

  /// Whether dimension i of the operand is read along loop i or along a reduction's.
  static bool readsInOrder(linalg::GenericOp op, OpOperand *operand) {
    RankedTensorType type = typeOf(op.getResult(0));
    AffineMap map = op.getMatchingIndexingMap(operand);
    if (map.getNumResults() != type.getRank())
      return false;
    for (auto [i, expression] : llvm::enumerate(map.getResults())) {
      if (isa<AffineConstantExpr>(expression) && type.getDimSize(i) != 1)
        return false;
      for (unsigned loop = 0; loop < type.getRank(); ++loop)
        if (loop != i && expression.isFunctionOfDim(loop))
          return false;
    }
    return true;
  }

  static Value createInit(OpBuilder &builder, linalg::GenericOp op, RankedTensorType type) {
    Value empty = createEmpty(builder, op.getLoc(), type);
    auto fill = op.getDpsInits().front().getDefiningOp<linalg::FillOp>();
    return fill ? linalg::FillOp::create(builder, op.getLoc(), fill.value(), empty).getResult(0)
                : empty;
  }
};

struct TransposeToReshape : OpRewritePattern<linalg::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::TransposeOp op, PatternRewriter &rewriter) const override {
    auto input = transposed(op->getResult(0));
    if (!input)
      return failure();
    RankedTensorType from = typeOf(input->source), to = typeOf(op->getResult(0));
    SmallVector<int64_t> moved(input->permutation);
    llvm::erase_if(moved, [&](int64_t dim) { return from.getDimSize(dim) == 1; });
    if (!llvm::is_sorted(moved))
      return failure();
    SmallVector<ReassociationIndices> all{llvm::to_vector(llvm::seq(from.getRank()))};
    Value flat = tensor::CollapseShapeOp::create(rewriter, op.getLoc(), input->source, all);
    rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(op, to, flat, all);
    return success();
  }
};

} // namespace

Value sepconv::createTranspose(OpBuilder &builder, Location loc, Value value,
                               ArrayRef<int64_t> permutation) {
  RankedTensorType type = typeOf(value);
  Value init =
      createEmpty(builder, loc, type.clone(applyPermutation(type.getShape(), permutation)));
  return linalg::TransposeOp::create(builder, loc, value, init, permutation)->getResult(0);
}

void sepconv::populateSinkTransposePatterns(RewritePatternSet &patterns) {
  patterns
      .add<Sink<ActivationOp>, Sink<BatchNormOp>, Sink<linalg::SoftmaxOp>, Sink<tensor::PadOp>,
           Sink<tensor::ExtractSliceOp>, SinkThroughConcat, HoistAboveConcat, SinkThroughGeneric>(
          patterns.getContext());
}

void sepconv::populateTransposeToReshapePatterns(RewritePatternSet &patterns) {
  patterns.add<TransposeToReshape>(patterns.getContext());
}
