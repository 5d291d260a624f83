//===- LowerKernelsReference.cpp - kernels to plain loops by upstream passes -----===//

#include "sepconv/IR/Sizes.h"
#include "sepconv/Passes.h"
#include "sepconv/Product/ModelInterface.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_LOWERKERNELSREFERENCE
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// The buffer that a kernel gets for a tensor: of all elements that it can have.
static MemRefType bufferType(Value tensor, const Sizes &sizes) {
  RankedTensorType type = sizes.greatest(tensor);
  return MemRefType::get({type.getNumElements()}, type.getElementType());
}

/// A view of the beginning of a one-dimensional buffer in a shape of the function's dynamic sizes.
static Value shapeBuffer(OpBuilder &b, Location loc, Value buffer, AffineMap shape) {
  auto function = cast<func::FuncOp>(b.getInsertionBlock()->getParentOp());
  SmallVector<OpFoldResult> dynamic, extents, strides;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (function.getArgAttr(i, kSize))
      dynamic.push_back(function.getArgument(i));
  OpFoldResult stride = b.getIndexAttr(1);
  AffineExpr product = b.getAffineSymbolExpr(0) * b.getAffineSymbolExpr(1);
  for (AffineExpr size : shape.getResults())
    extents.push_back(affine::makeComposedFoldedAffineApply(
        b, loc, AffineMap::get(dynamic.size(), 0, size), dynamic));
  for (OpFoldResult extent : llvm::reverse(extents)) {
    strides.insert(strides.begin(), stride);
    stride = affine::makeComposedFoldedAffineApply(b, loc, product, {stride, extent});
  }
  return memref::ReinterpretCastOp::create(b, loc, buffer, b.getIndexAttr(0), extents, strides);
}

/// A view of a one-dimensional buffer in the shape of a tensor.
static Value shapeBuffer(OpBuilder &b, Location loc, Value buffer, RankedTensorType type,
                         AffineMap shape) {
  if (!type.hasStaticShape())
    return shapeBuffer(b, loc, buffer, shape);
  auto shaped = MemRefType::get(type.getShape(), type.getElementType());
  if (type.getRank() == 1)
    return buffer;
  if (type.getRank() == 0)
    return memref::CollapseShapeOp::create(b, loc, shaped, buffer,
                                           ArrayRef<ReassociationIndices>{});
  ReassociationIndices all = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  return memref::ExpandShapeOp::create(b, loc, shaped, buffer, ArrayRef<ReassociationIndices>{all});
}

/// Gives the function buffers for arguments and results; its body stays on tensors.
static LogicalResult toBufferSignature(func::FuncOp function) {
  Sizes sizes(function);
  Block &body = function.front();
  Operation *terminator = body.getTerminator();
  for (Value value : llvm::concat<Value>(body.getArguments(), terminator->getOperands())) {
    bool isSize = isa<IndexType>(value.getType());
    if (!isSize && !(isa<RankedTensorType>(value.getType()) && sizes.shape(value)))
      return function.emitError("expected tensors whose shapes are static or follow from the "
                                "dynamic dimensions, found ")
             << value.getType();
  }
  // Asked for while the arguments are still tensors, by which results have their sizes.
  SmallVector<std::pair<MemRefType, AffineMap>> outputs;
  for (Value result : terminator->getOperands())
    outputs.emplace_back(bufferType(result, sizes), sizes.shape(result));
  OpBuilder b = OpBuilder::atBlockBegin(&body);
  for (BlockArgument argument : body.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type)
      continue;
    AffineMap shape = sizes.shape(argument);
    argument.setType(bufferType(argument, sizes));
    Value shaped = shapeBuffer(b, argument.getLoc(), argument, type, shape);
    Value tensor = bufferization::ToTensorOp::create(b, argument.getLoc(), type, shaped,
                                                     /*restrict=*/true, /*writable=*/false);
    argument.replaceUsesWithIf(tensor, [&](OpOperand &use) {
      return use.getOwner() != shaped.getDefiningOp() && use.getOwner() != tensor.getDefiningOp();
    });
  }
  b.setInsertionPoint(terminator);
  Location loc = terminator->getLoc();
  for (auto [result, type] : llvm::zip_equal(terminator->getOperands(), outputs)) {
    Value output = body.addArgument(type.first, loc);
    // The shaped view stands at the start so that the result can be computed in it.
    OpBuilder atStart = OpBuilder::atBlockBegin(&body);
    Value shaped =
        shapeBuffer(atStart, loc, output, cast<RankedTensorType>(result.getType()), type.second);
    bufferization::MaterializeInDestinationOp::create(b, loc, /*result=*/TypeRange(), result,
                                                      shaped, /*restrict=*/true,
                                                      /*writable=*/true);
  }
  terminator->setOperands({});
  SmallVector<Attribute> attributes;
  if (ArrayAttr old = function.getAllArgAttrs())
    llvm::append_range(attributes, old);
  attributes.resize(body.getNumArguments(), DictionaryAttr::get(function.getContext()));
  function.setType(FunctionType::get(function.getContext(), body.getArgumentTypes(), {}));
  function.setAllArgAttrs(attributes);
  function->removeAttr(function.getResAttrsAttrName());
  return success();
}

/// Operations that upstream says in terms of simpler ones.
static LogicalResult decompose(func::FuncOp function) {
  RewritePatternSet patterns(function.getContext());
  tensor::populateDecomposeTensorConcatPatterns(patterns);
  if (failed(applyPatternsGreedily(function, std::move(patterns))))
    return failure();
  SmallVector<linalg::AggregatedOpInterface> aggregated;
  function.walk([&](linalg::AggregatedOpInterface op) {
    if (isa<linalg::SoftmaxOp>(op.getOperation()))
      aggregated.push_back(op);
  });
  for (linalg::AggregatedOpInterface op : aggregated) {
    OpBuilder b(op);
    FailureOr<SmallVector<Value>> values = op.decomposeOperation(b);
    if (failed(values))
      return op->emitError("cannot be decomposed");
    op->replaceAllUsesWith(*values);
    op->erase();
  }
  return success();
}

static LogicalResult bufferize(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  if (failed(bufferization::eliminateEmptyTensors(rewriter, function)))
    return failure();
  bufferization::OneShotBufferizationOptions options;
  options.bufferAlignment = kBufferAlignment;
  options.setFunctionBoundaryTypeConversion(bufferization::LayoutMapOption::IdentityLayoutMap);
  bufferization::BufferizationState state;
  if (failed(bufferization::runOneShotBufferize(function, options, state)))
    return failure();
  // What asks for the size of a buffer's view gets what the view was made with.
  function.walk([&](memref::DimOp dim) {
    auto view = dim.getSource().getDefiningOp<memref::ReinterpretCastOp>();
    std::optional<int64_t> index = dim.getConstantIndex();
    if (!view || !index)
      return;
    rewriter.setInsertionPoint(dim);
    rewriter.replaceOp(
        dim, getValueOrCreateConstantIndexOp(rewriter, dim.getLoc(), view.getMixedSizes()[*index]));
  });
  // A copy between views would be a call of a runtime function; as linalg it becomes loops.
  function.walk([&](memref::CopyOp copy) {
    rewriter.setInsertionPoint(copy);
    linalg::makeMemRefCopyOp(rewriter, copy.getLoc(), copy.getSource(), copy.getTarget());
    rewriter.eraseOp(copy);
  });
  return success();
}

/// The most elements that an allocation has; nothing if its sizes are not those of tensors.
static std::optional<int64_t> greatestElements(memref::AllocOp alloc, const Sizes &sizes) {
  int64_t elements = 1;
  for (OpFoldResult extent : alloc.getMixedSizes()) {
    AffineExpr size = sizes.of(extent);
    if (!size)
      return std::nullopt;
    elements *= sizes.greatest(size);
  }
  return elements;
}

/// Puts what bufferization allocates into a scratch buffer that the caller hands in.
static LogicalResult allocateInScratch(func::FuncOp function) {
  Sizes sizes(function);
  SmallVector<memref::AllocOp> allocations;
  WalkResult walk = function.walk([&](memref::AllocOp alloc) {
    if (!greatestElements(alloc, sizes) || !alloc.getType().getLayout().isIdentity()) {
      alloc.emitError(
          "expected an allocation whose shape is static or follows from the dynamic dimensions");
      return WalkResult::interrupt();
    }
    allocations.push_back(alloc);
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();
  if (allocations.empty())
    return success();
  SmallVector<int64_t> offsets;
  int64_t total = 0;
  for (memref::AllocOp alloc : allocations) {
    offsets.push_back(total);
    total += alignToBuffer(*greatestElements(alloc, sizes) *
                           elementBytes(alloc.getType().getElementType()));
  }
  OpBuilder b(function.getContext());
  auto scratchType = MemRefType::get({total}, b.getI8Type());
  if (failed(
          function.insertArgument(function.getNumArguments(), scratchType, {}, function.getLoc())))
    return failure();
  function->setAttr("sepconv.scratch_bytes", b.getI64IntegerAttr(total));
  for (auto [alloc, offset] : llvm::zip_equal(allocations, offsets)) {
    b.setInsertionPoint(alloc);
    Value position = arith::ConstantIndexOp::create(b, alloc.getLoc(), offset);
    Value view =
        memref::ViewOp::create(b, alloc.getLoc(), alloc.getType(), function.getArguments().back(),
                               position, alloc.getDynamicSizes());
    alloc.replaceAllUsesWith(view);
    alloc.erase();
  }
  return success();
}

namespace {
struct LowerKernelsReferencePass
    : public sepconv::impl::LowerKernelsReferenceBase<LowerKernelsReferencePass> {
  void runOnOperation() override {
    OpPassManager clean(func::FuncOp::getOperationName());
    clean.addPass(createCanonicalizerPass());
    clean.addPass(createCSEPass());
    OpPassManager loops(func::FuncOp::getOperationName());
    loops.addPass(createConvertLinalgToLoopsPass());
    loops.addPass(createLowerAffinePass());
    loops.addPass(createCanonicalizerPass());
    loops.addPass(createCSEPass());
    for (func::FuncOp function : getOperation().getOps<func::FuncOp>()) {
      if (!function->hasAttr("sepconv.pattern") || function.isExternal())
        continue;
      if (failed(decompose(function)) || failed(toBufferSignature(function)) ||
          failed(bufferize(function)) || failed(runPipeline(clean, function)) ||
          failed(allocateInScratch(function)) || failed(runPipeline(loops, function)))
        return signalPassFailure();
    }
  }
};
} // namespace
