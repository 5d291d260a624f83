//===- ViewIndices.cpp - the elements of a view in its source --------------------===//

#include "ViewIndices.h"
#include "ExprTranslator.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;

int32_t sepconv::asInt(int64_t value) {
  if (value > std::numeric_limits<int32_t>::max())
    throw KernelError("a tensor has more than 2^31 elements");
  return static_cast<int32_t>(value);
}

/// The indices into the source of a tensor.collapse_shape.
static SmallVector<Expr> collapsedIndices(tensor::CollapseShapeOp op, ArrayRef<Expr> indices,
                                          const SizeExprs &sizes) {
  SmallVector<Expr> shape = sizes.shape(op.getSrc());
  SmallVector<Expr> at(shape.size(), Expr(0));
  for (auto [group, index] : llvm::zip(op.getReassociationIndices(), indices)) {
    SmallVector<int64_t> dims(llvm::make_filter_range(
        group, [&](int64_t d) { return op.getSrcType().getDimSize(d) != 1; }));
    Expr rest = index;
    for (int64_t dim : llvm::reverse(dims)) {
      bool outermost = dim == dims.front();
      at[dim] = outermost ? rest : rest % shape[dim];
      rest = rest / shape[dim];
    }
  }
  return at;
}

static SmallVector<Expr> expandedIndices(tensor::ExpandShapeOp op, ArrayRef<Expr> indices,
                                         const SizeExprs &sizes) {
  SmallVector<Expr> shape = sizes.shape(op.getResult());
  SmallVector<Expr> at;
  for (const ReassociationIndices &group : op.getReassociationIndices()) {
    Expr index(0);
    for (int64_t dim : group)
      index = index * shape[dim] + indices[dim];
    at.push_back(index);
  }
  return at;
}

static SmallVector<Expr> slicedIndices(tensor::ExtractSliceOp op, ArrayRef<Expr> indices) {
  if (op.getSourceType().getRank() != op.getType().getRank() || !op.getOffsets().empty() ||
      !op.getStrides().empty())
    throw KernelError("cannot translate a slice that drops dimensions or is not static");
  SmallVector<Expr> at;
  for (auto [index, offset, stride] :
       llvm::zip(indices, op.getStaticOffsets(), op.getStaticStrides()))
    at.push_back(index * asInt(stride) + asInt(offset));
  return at;
}

std::optional<Element> sepconv::throughView(Value value, ArrayRef<Expr> indices,
                                            const SizeExprs &sizes) {
  if (auto collapse = value.getDefiningOp<tensor::CollapseShapeOp>())
    return Element{collapse.getSrc(), collapsedIndices(collapse, indices, sizes)};
  if (auto expand = value.getDefiningOp<tensor::ExpandShapeOp>())
    return Element{expand.getSrc(), expandedIndices(expand, indices, sizes)};
  if (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>())
    return Element{slice.getSource(), slicedIndices(slice, indices)};
  return std::nullopt;
}
