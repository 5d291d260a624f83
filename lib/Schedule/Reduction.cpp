//===- Reduction.cpp - what a reduction of a kernel is, in schedules' terms ------===//

#include "sepconv/Schedule/Reduction.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"

using namespace mlir;
using namespace mlir::sepconv;

SmallVector<std::string> sepconv::dimNames(unsigned rank) {
  static constexpr StringRef inner[] = {"c", "x", "y", "z"}; // from the last dimension on
  SmallVector<std::string> names;
  for (unsigned i = 0; i < rank; ++i) {
    unsigned fromLast = rank - 1 - i;
    if (i == 0 && rank > 1)
      names.push_back("b");
    else
      names.push_back(fromLast < 4 ? inner[fromLast].str() : "d" + std::to_string(i));
  }
  return names;
}

Value sepconv::lookThroughReshapes(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

//===----------------------------------------------------------------------===//
// Indexing maps
//===----------------------------------------------------------------------===//

namespace {

bool isParallel(linalg::LinalgOp op, unsigned iterator) {
  return op.getIteratorTypesArray()[iterator] == utils::IteratorType::parallel;
}

/// The factor of a dimension in a sum of products with constants; 0 if it is not there like this.
int64_t coefficient(AffineExpr expr, unsigned dim) {
  if (expr.isFunctionOfDim(dim)) {
    if (isa<AffineDimExpr>(expr))
      return 1;
    auto binary = cast<AffineBinaryOpExpr>(expr);
    if (expr.getKind() == AffineExprKind::Add)
      return coefficient(binary.getLHS(), dim) + coefficient(binary.getRHS(), dim);
    if (auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS()))
      if (expr.getKind() == AffineExprKind::Mul)
        return coefficient(binary.getLHS(), dim) * factor.getValue();
  }
  return 0;
}

/// Where a reduction iterator stands in the first operand's map.
struct Position {
  unsigned result;        // the dimension of the operand
  bool isWindow = false;  // along a spatial dimension of an image
  bool isChannel = false; // along the last dimension
};

/// The operand that is reduced: the first one.
AffineMap inputMap(linalg::LinalgOp op) {
  return op.getMatchingIndexingMap(op.getDpsInputOperand(0));
}

/// A window goes along a dimension in which the output's elements have their own starts: its index
/// is a sum with one of the output's iterators; or, where the output has but one element there,
/// along one of the middle dimensions of an image. The last dimension holds the channels, a sum
/// there picks a group.
std::optional<Position> positionOf(linalg::LinalgOp op, unsigned iterator) {
  AffineMap map = inputMap(op);
  unsigned rank = map.getNumResults();
  for (unsigned i = 0; i < rank; ++i) {
    AffineExpr expr = map.getResult(i);
    if (!expr.isFunctionOfDim(iterator))
      continue;
    if (i + 1 == rank)
      return Position{i, false, true};
    bool hasStart = false;
    for (unsigned dim = 0; dim < map.getNumDims(); ++dim)
      hasStart |= expr.isFunctionOfDim(dim) && isParallel(op, dim);
    return Position{i, hasStart || (rank == 4 && i > 0)};
  }
  return std::nullopt;
}

/// The operands whose elements the body reads; a pool's window is a shape only.
unsigned numReadOperands(linalg::LinalgOp op) {
  unsigned count = 0;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand->get().getType());
    count += type && type.getRank() > 0 && op.payloadUsesValueFromOperand(operand);
  }
  return count;
}

/// Whether all positions share the second operand: of the output's dimensions, it has channels
/// only.
bool isShared(linalg::LinalgOp op) {
  AffineMap weight = op.getMatchingIndexingMap(op.getDpsInputOperand(1));
  AffineMap output = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  return llvm::none_of(output.getResults().drop_back(), [&](AffineExpr expr) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    return !dim || weight.isFunctionOfDim(dim.getPosition());
  });
}

/// ky and kx for a window over the dimensions y and x of an image, kc for the channels, r0, r1,
/// ... for what is neither.
std::string reductionName(std::optional<Position> position, unsigned inputRank, unsigned &others) {
  if (position && position->isChannel)
    return "kc";
  if (position && position->isWindow && inputRank == 4 && position->result > 0)
    return position->result == 1 ? "ky" : "kx";
  if (position && position->isWindow && inputRank == 3 && position->result == 1)
    return "kx";
  return "r" + std::to_string(others++);
}

/// The names of the reduction iterators, in their order.
SmallVector<std::string> reductionNames(linalg::LinalgOp op) {
  SmallVector<std::string> names;
  unsigned inputRank = inputMap(op).getNumResults(), others = 0;
  for (unsigned iterator = 0; iterator < op.getNumLoops(); ++iterator) {
    if (isParallel(op, iterator))
      continue;
    std::string name = reductionName(positionOf(op, iterator), inputRank, others);
    if (llvm::is_contained(names, name))
      name = "r" + std::to_string(others++);
    names.push_back(name);
  }
  return names;
}

} // namespace

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

StringRef sepconv::classifyReduction(linalg::LinalgOp op) {
  if (op.getNumDpsInputs() == 0 || op->getNumResults() == 0)
    return "reduce"; // described by no one
  SmallVector<std::string> names = reductionNames(op);
  llvm::sort(names);
  unsigned rank = cast<ShapedType>(op->getResult(0).getType()).getRank();
  bool isProduct = op.getNumDpsInputs() > 1 && numReadOperands(op) == 2;
  if (rank == 0 || (isProduct && !isShared(op)))
    return "reduce";
  if (rank == 4 && names == ArrayRef<std::string>{"kx", "ky"})
    return isProduct ? "depthwise" : "pool";
  if (rank == 4 && isProduct && names == ArrayRef<std::string>{"kc", "kx", "ky"})
    return "conv";
  // The first operand of a product of matrices in another form ends in another dimension.
  if (isProduct && names == ArrayRef<std::string>{"kc"})
    return rank == 4 ? "pointwise" : "dense";
  return "reduce";
}

static LogicalResult describeOutput(linalg::LinalgOp op, Reduction &reduction) {
  AffineMap output = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  reduction.dims = dimNames(output.getNumResults());
  for (AffineExpr expr : output.getResults()) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim || llvm::is_contained(reduction.iterators, dim.getPosition()))
      return op.emitError("a kernel's reduction must write each element of its output by "
                          "iterators of their own, got the map ")
             << AffineMapAttr::get(output);
    reduction.iterators.push_back(dim.getPosition());
  }
  return success();
}

static void describeReductionDims(linalg::LinalgOp op, ArrayRef<AffineExpr> loops,
                                  const Sizes &sizes, Reduction &reduction) {
  AffineMap map = inputMap(op);
  SmallVector<std::string> names = reductionNames(op);
  reduction.strides.assign(reduction.dims.size(), 1);
  reduction.dilations.assign(reduction.dims.size(), 1);
  for (auto [dim, iterator] : llvm::enumerate(reduction.iterators))
    for (AffineExpr expr : map.getResults().drop_back())
      if (int64_t factor = coefficient(expr, iterator))
        reduction.strides[dim] = factor;
  for (unsigned iterator = 0; iterator < op.getNumLoops(); ++iterator) {
    if (isParallel(op, iterator))
      continue;
    std::string name = names[reduction.reductionDims.size()];
    reduction.reductionDims.push_back({name, sizes.range(loops[iterator])});
    reduction.reductionIterators.push_back(iterator);
    std::optional<Position> position = positionOf(op, iterator);
    if (!position || !position->isWindow)
      continue;
    AffineExpr expr = map.getResult(position->result);
    for (auto [dim, parallel] : llvm::enumerate(reduction.iterators))
      if (expr.isFunctionOfDim(parallel))
        reduction.dilations[dim] = coefficient(expr, iterator);
  }
}

FailureOr<Reduction> sepconv::describeReduction(linalg::LinalgOp op, const Sizes &sizes) {
  Reduction reduction;
  reduction.op = op;
  SmallVector<AffineExpr> loops = sizes.loops(op);
  if (op.getNumDpsInputs() == 0 || op.getNumDpsInits() == 0 || op->getNumResults() == 0 ||
      llvm::is_contained(loops, AffineExpr()))
    return op.emitError("a kernel's reduction must read and write tensors whose shapes are static "
                        "or follow from the dynamic dimensions"),
           failure();
  reduction.role = classifyReduction(op);
  if (failed(describeOutput(op, reduction)))
    return failure();
  describeReductionDims(op, loops, sizes, reduction);
  if (op.getNumDpsInputs() < 2)
    return reduction;
  auto weight = dyn_cast<BlockArgument>(lookThroughReshapes(op.getDpsInputOperand(1)->get()));
  auto kernel = op->getParentOfType<func::FuncOp>();
  if (!weight || !kernel || weight.getOwner() != &kernel.getBody().front())
    return reduction;
  reduction.weight = weight;
  reduction.isConstantWeight = !!kernel.getArgAttr(weight.getArgNumber(), "sepconv.weight");
  return reduction;
}

std::optional<unsigned> Reduction::iteratorOf(StringRef dim) const {
  if (auto *at = llvm::find(dims, dim); at != dims.end())
    return iterators[at - dims.begin()];
  for (auto [reduced, iterator] : llvm::zip_equal(reductionDims, reductionIterators))
    if (reduced.first == dim)
      return iterator;
  return std::nullopt;
}

std::optional<unsigned> Reduction::getWeightDim(StringRef dim) const {
  std::optional<unsigned> iterator = iteratorOf(dim);
  if (!weight || !iterator)
    return std::nullopt;
  linalg::LinalgOp linalgOp = op;
  OpOperand *operand = linalgOp.getDpsInputOperand(1);
  AffineMap map = linalgOp.getMatchingIndexingMap(operand);
  std::optional<unsigned> position =
      map.getResultPosition(getAffineDimExpr(*iterator, op->getContext()));
  // Through a reshape, a dimension is that of the weight if all others beside it have one element.
  for (Value value = operand->get(); position && value != weight;) {
    Operation *reshape = value.getDefiningOp();
    bool collapses = isa<tensor::CollapseShapeOp>(reshape);
    SmallVector<ReassociationIndices> groups =
        collapses ? cast<tensor::CollapseShapeOp>(reshape).getReassociationIndices()
                  : cast<tensor::ExpandShapeOp>(reshape).getReassociationIndices();
    Value source = reshape->getOperand(0);
    auto finer = cast<RankedTensorType>((collapses ? source : value).getType());
    std::optional<unsigned> next;
    for (auto [coarse, group] : llvm::enumerate(groups)) {
      if (collapses ? coarse != *position : !llvm::is_contained(group, *position))
        continue;
      int64_t whole = 1;
      for (int64_t i : group)
        whole *= finer.getDimSize(i);
      for (int64_t i : group)
        if (finer.getDimSize(i) == whole && (collapses || i == int64_t(*position)))
          next = collapses ? i : coarse;
    }
    position = next;
    value = source;
  }
  return position;
}

SmallVector<std::string> Reduction::getOperandDims(unsigned operand) const {
  linalg::LinalgOp linalgOp = op;
  SmallVector<std::string> names;
  for (AffineExpr expr :
       linalgOp.getMatchingIndexingMap(linalgOp.getDpsInputOperand(operand)).getResults()) {
    std::string name;
    for (auto [dim, iterator] : llvm::zip_equal(dims, iterators))
      if (expr.isFunctionOfDim(iterator))
        name = dim;
    for (auto [dim, iterator] : llvm::zip_equal(reductionDims, reductionIterators))
      if (name.empty() && expr.isFunctionOfDim(iterator))
        name = dim.first;
    if (name.empty() || llvm::is_contained(names, name))
      name = "d" + std::to_string(names.size());
    names.push_back(name);
  }
  return names;
}
