//===- SizesOfValues.cpp - the sizes of tensors as expressions -------------------===//

#include "sepconv/IR/Sizes.h"
#include "sepconv/IR/Window.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

AffineMap Sizes::shape(Value tensor) const {
  SmallVector<AffineExpr> sizes = llvm::map_to_vector(
      llvm::seq<unsigned>(typeOf(tensor).getRank()), [&](unsigned dim) { return of(tensor, dim); });
  if (llvm::is_contained(sizes, AffineExpr()))
    return {};
  return AffineMap::get(dynamic.size(), 0, sizes, context);
}

AffineExpr Sizes::of(OpFoldResult size) const {
  if (auto value = dyn_cast<Value>(size))
    return of(value);
  return getAffineConstantExpr(cast<IntegerAttr>(cast<Attribute>(size)).getInt(), context);
}

AffineExpr Sizes::of(Value index) const {
  if (auto argument = dyn_cast<BlockArgument>(index)) {
    Operation *parent = argument.getOwner()->getParentOp();
    if (auto kernel = dyn_cast<KernelOp>(parent))
      return of(kernel.getInputs()[argument.getArgNumber()]);
    auto function = dyn_cast<func::FuncOp>(parent);
    auto size =
        function ? function.getArgAttrOfType<SizeAttr>(argument.getArgNumber(), kSize) : nullptr;
    return at(size);
  }
  if (auto dim = index.getDefiningOp<tensor::DimOp>()) {
    std::optional<int64_t> constant = dim.getConstantIndex();
    return constant ? of(dim.getSource(), *constant) : AffineExpr();
  }
  if (auto constant = index.getDefiningOp<arith::ConstantIndexOp>())
    return getAffineConstantExpr(constant.value(), context);
  if (auto divide = index.getDefiningOp<arith::DivSIOp>()) { // of sizes of an expand_shape
    AffineExpr size = of(divide.getLhs()), by = of(divide.getRhs());
    return size && by && by.isSymbolicOrConstant() ? size.floorDiv(by) : AffineExpr();
  }
  auto apply = index.getDefiningOp<affine::AffineApplyOp>();
  if (!apply)
    return {};
  SmallVector<AffineExpr> dims, symbols;
  for (auto [position, operand] : llvm::enumerate(apply.getOperands())) {
    AffineExpr value = of(operand);
    if (!value)
      return {};
    (position < apply.getAffineMap().getNumDims() ? dims : symbols).push_back(value);
  }
  // Simplified as whoever makes an affine.apply does, so that equal sizes are equal expressions.
  return simplifyAffineExpr(apply.getAffineMap().getResult(0).replaceDimsAndSymbols(dims, symbols),
                            dynamic.size(), 0);
}

AffineExpr Sizes::of(Value tensor, unsigned dim) const {
  RankedTensorType type = typeOf(tensor);
  if (!type.isDynamicDim(dim))
    return getAffineConstantExpr(type.getDimSize(dim), context);
  auto argument = dyn_cast<BlockArgument>(tensor);
  AffineExpr size = argument ? ofArgument(argument, dim) : ofResult(cast<OpResult>(tensor), dim);
  return size ? simplifyAffineExpr(size, dynamic.size(), 0) : size;
}

AffineExpr Sizes::ofArgument(BlockArgument argument, unsigned dim) const {
  Operation *parent = argument.getOwner()->getParentOp();
  if (auto kernel = dyn_cast<KernelOp>(parent))
    return of(kernel.getInputs()[argument.getArgNumber()], dim);
  auto function = dyn_cast<func::FuncOp>(parent);
  if (!function)
    return {};
  unsigned number = argument.getArgNumber();
  if (auto shape = function.getArgAttrOfType<AffineMapAttr>(number, kShape)) {
    AffineMap map = shape.getAffineMap();
    bool fits = map.getNumResults() == typeOf(argument).getRank() &&
                map.getNumDims() == dynamic.size() && !map.getNumSymbols();
    return fits ? map.getResult(dim) : AffineExpr();
  }
  auto sizes = function.getArgAttrOfType<ArrayAttr>(number, kSizes);
  return sizes ? at(cast<SizeAttr>(sizes[typeOf(argument).getDynamicDimIndex(dim)])) : AffineExpr();
}

/// The size along a spatial dimension of what a window operation gives.
template <typename Op>
static AffineExpr ofWindow(const Sizes &sizes, Op op, std::array<int64_t, 2> window,
                           ArrayRef<int64_t> dilations, unsigned dim) {
  AffineExpr input = sizes.of(op.getInput(), dim);
  unsigned i = dim - (op.getDataFormat() == DataFormat::NHWC ? 1 : 2);
  if (!input || i > 1)
    return input;
  return windowOutputSize(input, window[i], op.getStrides()[i], dilations[i], op.getSame(),
                          op.getPadding()[2 * i], op.getPadding()[2 * i + 1]);
}

template <typename Op>
static AffineExpr ofConvolution(const Sizes &sizes, Op op, Value filter, unsigned dim) {
  return ofWindow(sizes, op, {typeOf(filter).getDimSize(0), typeOf(filter).getDimSize(1)},
                  op.getDilations(), dim);
}

/// A kernel on tensors computes its results' sizes by its dynamic ones, the call's indices.
AffineExpr Sizes::ofCall(CallOp call, unsigned index, unsigned dim) const {
  auto kernel = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
  if (!kernel || kernel.isExternal() || kernel.getNumResults() != call->getNumResults())
    return {};
  AffineExpr size = Sizes(kernel).of(kernel.front().getTerminator()->getOperand(index), dim);
  SmallVector<AffineExpr> dynamic;
  for (Value operand : call.getOperands())
    if (isa<IndexType>(operand.getType()))
      dynamic.push_back(of(operand));
  return size && !llvm::is_contained(dynamic, AffineExpr()) ? size.replaceDims(dynamic)
                                                            : AffineExpr();
}

AffineExpr Sizes::ofResult(OpResult result, unsigned dim) const {
  return llvm::TypeSwitch<Operation *, AffineExpr>(result.getOwner())
      .Case<Conv2DOp, DepthwiseConv2DOp>(
          [&](auto op) { return ofConvolution(*this, op, op.getFilter(), dim); })
      .Case([&](SeparableConv2DOp op) {
        return ofConvolution(*this, op, op.getDepthwiseFilter(), dim);
      })
      .Case([&](Pool2DOp op) {
        return ofWindow(*this, op, {op.getWindow()[0], op.getWindow()[1]}, {1, 1}, dim);
      })
      .Case<DenseOp, BatchNormOp, ActivationOp>([&](auto op) { return of(op.getInput(), dim); })
      .Case([&](KernelOp op) {
        Operation *yield = op.getBody().front().getTerminator();
        return of(yield->getOperand(result.getResultNumber()), dim);
      })
      .Case([&](CallOp op) { return ofCall(op, result.getResultNumber(), dim); })
      .Case([&](DestinationStyleOpInterface op) {
        return of(op.getTiedOpOperand(result)->get(), dim);
      })
      .Case<tensor::EmptyOp, tensor::ExtractSliceOp>(
          [&](auto op) { return of(op.getMixedSizes()[dim]); })
      .Case([&](tensor::ExpandShapeOp op) { return of(op.getMixedOutputShape()[dim]); })
      .Case([&](tensor::CastOp op) { return of(op.getSource(), dim); })
      .Case([&](tensor::CollapseShapeOp op) {
        AffineExpr product = getAffineConstantExpr(1, context);
        SmallVector<ReassociationIndices> groups = op.getReassociationIndices();
        for (int64_t source : groups[dim]) {
          AffineExpr size = of(op.getSrc(), source);
          if (!size || !(size.isSymbolicOrConstant() || product.isSymbolicOrConstant()))
            return AffineExpr(); // a product of dynamic sizes is not affine
          product = product * size;
        }
        return product;
      })
      .Case([&](tensor::PadOp op) {
        AffineExpr size = of(op.getSource(), dim), low = of(op.getMixedLowPad()[dim]),
                   high = of(op.getMixedHighPad()[dim]);
        return size && low && high ? size + low + high : AffineExpr();
      })
      .Case([&](tensor::ConcatOp op) {
        AffineExpr sum = of(op.getInputs().front(), dim);
        if (op.getDim() != dim)
          return sum;
        for (Value input : op.getInputs().drop_front()) {
          AffineExpr size = of(input, dim);
          if (!sum || !size)
            return AffineExpr();
          sum = sum + size;
        }
        return sum;
      })
      .Default([](Operation *) { return AffineExpr(); });
}

SmallVector<AffineExpr> Sizes::loops(linalg::LinalgOp op) const {
  SmallVector<AffineExpr> result(op.getNumLoops());
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<RankedTensorType>(operand.get().getType()))
      continue;
    for (auto [dim, index] : llvm::enumerate(op.getMatchingIndexingMap(&operand).getResults()))
      if (auto loop = dyn_cast<AffineDimExpr>(index); loop && !result[loop.getPosition()])
        result[loop.getPosition()] = of(operand.get(), dim);
  }
  return result;
}

SmallVector<Value> sepconv::dynamicSizeValues(OpBuilder &builder, func::FuncOp entry) {
  SmallVector<Value> values;
  Sizes known(entry);
  for (SizeAttr dynamic : known.dynamicSizes())
    for (BlockArgument argument : entry.getArguments()) {
      auto sizes = entry.getArgAttrOfType<ArrayAttr>(argument.getArgNumber(), kSizes);
      auto *at = sizes ? llvm::find(sizes, dynamic) : nullptr;
      if (!sizes || at == sizes.end())
        continue;
      unsigned which = at - sizes.begin();
      for (int64_t dim = 0; dim < typeOf(argument).getRank(); ++dim)
        if (typeOf(argument).isDynamicDim(dim) && which-- == 0)
          values.push_back(tensor::DimOp::create(builder, argument.getLoc(), argument, dim));
      break;
    }
  return values;
}
