//===- ChooseLayout.cpp - every image with its channels last ---------------------===//
//
// One walk in the order of the program: an operation on NCHW becomes one on NHWC between two
// transposes, and what reads the second of these is rewritten to come before it.
//
//===----------------------------------------------------------------------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_CHOOSELAYOUT
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// Dimension i of the result is dimension `permutation[i]` of the input. `toNchw` also says where
/// a dimension of NCHW is in NHWC.
constexpr std::array<int64_t, 4> toNhwc{0, 2, 3, 1}, toNchw{0, 3, 1, 2};

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

RankedTensorType permuted(RankedTensorType type, ArrayRef<int64_t> permutation) {
  return RankedTensorType::get(applyPermutation(type.getShape(), permutation),
                               type.getElementType());
}

Value transpose(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> permutation) {
  SmallVector<OpFoldResult> sizes =
      applyPermutation(tensor::getMixedSizes(builder, loc, value), permutation);
  Value empty = tensor::EmptyOp::create(builder, loc, sizes, typeOf(value).getElementType());
  return linalg::TransposeOp::create(builder, loc, value, empty, permutation)->getResult(0);
}

bool isNchw(Operation &op) {
  auto format = op.getAttrOfType<DataFormatAttr>("data_format");
  return format && format.getValue() == DataFormat::NCHW;
}

bool isTransposedToNchw(Value value) {
  auto op = value.getDefiningOp<linalg::TransposeOp>();
  return op && op.getPermutation() == ArrayRef<int64_t>(toNchw);
}

/// Moves one operation before the transposes of its operands.
class Sink {
public:
  Sink(Operation *op, DenseMap<Value, Value> &transposes)
      : op(op), builder(op), loc(op->getLoc()), transposes(transposes) {}

  /// The operation's result with its channels last; null if it cannot be computed so.
  Value run();

private:
  Value operand(Value value);
  Value window();
  Value batchNorm(BatchNormOp norm);
  Value pad(tensor::PadOp pad);
  Value slice(tensor::ExtractSliceOp slice);
  Value concat(tensor::ConcatOp concat);
  Value softmax(linalg::SoftmaxOp softmax);
  Value generic(linalg::GenericOp generic);
  Value init(Value value);

  Operation *op;
  OpBuilder builder;
  Location loc;
  /// What has been transposed to NHWC, so that it is once.
  DenseMap<Value, Value> &transposes;
};

} // namespace

/// `value` with its channels last. Padding comes after the transpose: that moves less.
Value Sink::operand(Value value) {
  if (isTransposedToNchw(value))
    return value.getDefiningOp<linalg::TransposeOp>().getInput();
  if (Value known = transposes.lookup(value))
    return known;
  auto padOp = value.getDefiningOp<tensor::PadOp>();
  Value result = padOp ? pad(padOp) : Value();
  if (!result)
    result = transpose(builder, loc, value, toNhwc);
  return transposes[value] = result;
}

/// What only the initial value of a reduction and the shape of a result come from.
Value Sink::init(Value value) {
  if (auto empty = value.getDefiningOp<tensor::EmptyOp>())
    return tensor::EmptyOp::create(builder, loc, applyPermutation(empty.getMixedSizes(), toNhwc),
                                   empty.getType().getElementType());
  if (auto fill = value.getDefiningOp<linalg::FillOp>())
    return linalg::FillOp::create(builder, loc, fill.value(), init(fill.output())).getResult(0);
  return operand(value);
}

Value Sink::window() {
  Value input = operand(op->getOperand(0));
  Operation *copy = builder.clone(*op);
  copy->setOperand(0, input);
  copy->setAttr("data_format", DataFormatAttr::get(op->getContext(), DataFormat::NHWC));
  copy->getResult(0).setType(permuted(typeOf(op->getResult(0)), toNhwc));
  return copy->getResult(0);
}

Value Sink::batchNorm(BatchNormOp norm) {
  return BatchNormOp::create(builder, loc, permuted(typeOf(norm.getOutput()), toNhwc),
                             operand(norm.getInput()), norm.getGamma(), norm.getBeta(),
                             norm.getMean(), norm.getVariance(), toNchw[norm.getAxis()],
                             norm.getEpsilon());
}

Value Sink::pad(tensor::PadOp pad) {
  Value value = pad.getConstantPaddingValue();
  if (!value)
    return {};
  return tensor::PadOp::create(builder, pad.getLoc(), permuted(pad.getResultType(), toNhwc),
                               operand(pad.getSource()),
                               applyPermutation(pad.getMixedLowPad(), toNhwc),
                               applyPermutation(pad.getMixedHighPad(), toNhwc), value);
}

Value Sink::slice(tensor::ExtractSliceOp slice) {
  if (slice.getType().getRank() != 4)
    return {};
  return tensor::ExtractSliceOp::create(builder, loc, permuted(slice.getType(), toNhwc),
                                        operand(slice.getSource()),
                                        applyPermutation(slice.getMixedOffsets(), toNhwc),
                                        applyPermutation(slice.getMixedSizes(), toNhwc),
                                        applyPermutation(slice.getMixedStrides(), toNhwc));
}

Value Sink::concat(tensor::ConcatOp concat) {
  SmallVector<Value> inputs =
      llvm::map_to_vector(concat.getInputs(), [&](Value input) { return operand(input); });
  return tensor::ConcatOp::create(builder, loc, permuted(concat.getResultType(), toNhwc),
                                  toNchw[concat.getDim()], inputs);
}

Value Sink::softmax(linalg::SoftmaxOp softmax) {
  Value empty = init(softmax.getOutput());
  return linalg::SoftmaxOp::create(builder, loc, empty.getType(), operand(softmax.getInput()),
                                   empty, toNchw[softmax.getDimension()])
      ->getResult(0);
}

/// The loops of an operation whose output's dimensions are its outermost loops are permuted like
/// the output, and so are the dimensions of all images that it reads.
Value Sink::generic(linalg::GenericOp generic) {
  MLIRContext *context = op->getContext();
  SmallVector<AffineMap> maps = generic.getIndexingMapsArray();
  unsigned loops = generic.getNumLoops();
  if (generic.getNumDpsInits() != 1 || generic.hasIndexSemantics() || loops < 4 ||
      maps.back() != AffineMap::getMultiDimIdentityMap(loops, context).getMajorSubMap(4))
    return {};
  SmallVector<AffineExpr> newLoops;
  for (unsigned i = 0; i < loops; ++i)
    newLoops.push_back(getAffineDimExpr(i < 4 ? toNchw[i] : i, context));
  SmallVector<Value> operands;
  for (auto [value, map] : llvm::zip_equal(generic->getOperands(), maps)) {
    SmallVector<AffineExpr> position(map.getResults());
    auto type = dyn_cast<RankedTensorType>(value.getType());
    bool isImage = type && type.getRank() == 4, isInit = operands.size() + 1 == maps.size();
    if (isImage)
      position = applyPermutation(position, toNhwc);
    operands.push_back(isInit ? init(value) : isImage ? operand(value) : value);
    map = AffineMap::get(loops, 0, position, context).replaceDimsAndSymbols(newLoops, {}, loops, 0);
  }
  Value output = operands.pop_back_val();
  auto copy = linalg::GenericOp::create(builder, loc, output.getType(), operands, output, maps,
                                        generic.getIteratorTypesArray());
  IRMapping mapping;
  generic.getRegion().cloneInto(&copy.getRegion(), mapping);
  return copy.getResult(0);
}

Value Sink::run() {
  if (isNchw(*op))
    return window();
  if (op->getNumResults() != 1 || llvm::none_of(op->getOperands(), isTransposedToNchw))
    return {};
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || type.getRank() != 4)
    return {};
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](ActivationOp activation) -> Value {
        return ActivationOp::create(builder, loc, operand(activation.getInput()),
                                    activation.getFunction());
      })
      .Case([&](BatchNormOp norm) { return batchNorm(norm); })
      .Case([&](tensor::PadOp padOp) { return pad(padOp); })
      .Case([&](tensor::ExtractSliceOp sliceOp) { return slice(sliceOp); })
      .Case([&](tensor::ConcatOp concatOp) { return concat(concatOp); })
      .Case([&](linalg::SoftmaxOp softmaxOp) { return softmax(softmaxOp); })
      .Case([&](linalg::GenericOp genericOp) { return generic(genericOp); })
      .Default([](Operation *) { return Value(); });
}

/// A transpose after a transpose reads the first one's input; one that changes nothing goes away.
static void simplifyTranspose(linalg::TransposeOp op) {
  SmallVector<int64_t> permutation(op.getPermutation());
  Value input = op.getInput();
  OpBuilder builder(op);
  if (auto first = input.getDefiningOp<linalg::TransposeOp>()) {
    permutation = applyPermutation(first.getPermutation(), permutation);
    input = first.getInput();
  }
  Value result = input;
  if (!isIdentityPermutation(permutation)) {
    if (input == op.getInput())
      return;
    result = transpose(builder, op.getLoc(), input, permutation);
  }
  op->replaceAllUsesWith(ValueRange(result));
  op->erase();
}

/// A transpose that only moves dimensions of size 1 is another shape of the same elements.
static void transposeToReshape(linalg::TransposeOp op) {
  RankedTensorType from = typeOf(op.getInput()), to = typeOf(op->getResult(0));
  SmallVector<int64_t> moved;
  for (int64_t dim : op.getPermutation())
    if (from.getDimSize(dim) != 1)
      moved.push_back(dim);
  // A dynamic size would be computed from the number of elements, which must not be 0 then.
  bool isComputable = from.hasStaticShape() ||
                      (from.getNumDynamicDims() == 1 && !llvm::is_contained(from.getShape(), 0));
  if (!llvm::is_sorted(moved) || !isComputable)
    return;
  OpBuilder builder(op);
  ReassociationIndices all = llvm::to_vector<2>(llvm::seq<int64_t>(0, from.getRank()));
  Value flat = tensor::CollapseShapeOp::create(builder, op.getLoc(), op.getInput(), {all});
  op->replaceAllUsesWith(
      tensor::ExpandShapeOp::create(builder, op.getLoc(), to, flat, {all})->getResults());
  op->erase();
}

static void chooseLayout(Block &block) {
  // What a network on NHWC transposes is its own choice.
  bool move = llvm::any_of(block, isNchw);
  DenseMap<Value, Value> transposes;
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (auto transposeOp = dyn_cast<linalg::TransposeOp>(op)) {
      simplifyTranspose(transposeOp);
      continue;
    }
    Value sunk = move ? Sink(&op, transposes).run() : Value();
    if (!sunk)
      continue;
    OpBuilder builder(&op);
    op.getResult(0).replaceAllUsesWith(transpose(builder, op.getLoc(), sunk, toNchw));
    op.erase();
  }
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
  for (auto op : llvm::make_early_inc_range(block.getOps<linalg::TransposeOp>()))
    transposeToReshape(op);
}

namespace {
struct ChooseLayout : sepconv::impl::ChooseLayoutBase<ChooseLayout> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      for (Block &block : function.getBody())
        chooseLayout(block);
    // Parameters that are images are transposed at compile time.
    RewritePatternSet patterns(&getContext());
    linalg::populateConstantFoldLinalgOperations(patterns, [](OpOperand *) { return true; });
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
