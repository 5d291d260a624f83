//===- Definitions.cpp - the operations of a kernel as definitions of Funcs ------===//

#include "ExprTranslator.h"
#include "KernelFuncs.h"
#include "ViewIndices.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <numeric>

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
using Halide::Func;
using Halide::Var;

SmallVector<Expr> sepconv::loopsOf(linalg::LinalgOp op, ArrayRef<Expr> outputIndices) {
  AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  SmallVector<Expr> loops(op.getNumLoops());
  for (auto [expr, index] : llvm::zip(map.getResults(), outputIndices)) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    if (!dim)
      throw KernelError("the output of a linalg operation must be indexed by its loops alone");
    loops[dim.getPosition()] = index;
  }
  return loops;
}

/// The operands' elements at a point of the loops.
static SmallVector<Expr> elementsAt(linalg::LinalgOp op, ArrayRef<Expr> loops,
                                    llvm::function_ref<Expr(OpOperand &, ArrayRef<Expr>)> read) {
  SmallVector<Expr> elements;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    if (!isa<TensorType>(operand->get().getType())) {
      elements.push_back(toExpr(operand->get().getDefiningOp<arith::ConstantOp>().getValue()));
      continue;
    }
    SmallVector<Expr> indices;
    for (AffineExpr expr : op.getMatchingIndexingMap(operand).getResults())
      indices.push_back(toExpr(expr, loops));
    elements.push_back(read(*operand, indices));
  }
  return elements;
}

void KernelFuncs::addElementwise(linalg::LinalgOp op) {
  Value result = op->getResult(0);
  SmallVector<Expr> vars = dimensionVars(rankOf(result));
  SmallVector<Expr> loops = loopsOf(op, vars);
  auto reader = [&](OpOperand &operand, ArrayRef<Expr> at) { return read(operand.get(), at); };
  SmallVector<Expr> arguments = elementsAt(op, loops, reader);
  arguments.push_back(read(op.getDpsInits()[0], vars));
  auto sizeOf = [&](Value size) { return sizes.of(OpFoldResult(size)); };
  auto elementOf = [&](Value tensor, ArrayRef<Expr> at) { return read(tensor, at); };
  funcs[result] = define("elementwise_part", dimNames(rankOf(result)),
                         bodyToExpr(op, arguments, loops, sizeOf, elementOf));
}

/// Sets the reduction's loops to each point of its domain in turn, the last one fastest.
static void forEachPoint(ArrayRef<unsigned> reductions, ArrayRef<Expr> extents,
                         MutableArrayRef<Expr> loops, llvm::function_ref<void()> visit) {
  SmallVector<int64_t> ranges(extents.size());
  int64_t points = 1;
  for (unsigned dim : reductions) {
    std::optional<int64_t> range = Halide::Internal::as_const_int(extents[dim]);
    if (!range)
      throw KernelError("a sum over a dynamic dimension cannot be expanded");
    points *= ranges[dim] = *range;
  }
  for (int64_t point = 0; point < points; ++point) {
    int64_t rest = point;
    for (unsigned dim : llvm::reverse(reductions)) {
      loops[dim] = Expr(asInt(rest % ranges[dim]));
      rest /= ranges[dim];
    }
    visit();
  }
}

/// Narrow elements are extended once, not for each product; what the body does with the wide ones
/// then changes nothing.
static Expr extend(const Expr &element, Halide::Type sum, BlockArgument read) {
  bool isNarrow = element.type().bits() < sum.bits();
  if (element.type().is_int() && sum.is_int() && isNarrow) {
    bool isUnsigned = llvm::any_of(read.getUsers(), llvm::IsaPred<arith::ExtUIOp>);
    Halide::Type from = element.type().with_code(isUnsigned ? halide_type_uint : halide_type_int);
    return Halide::cast(sum, Halide::cast(from, element));
  }
  return element.type().is_float() && sum.is_float() ? Halide::cast(sum, element) : element;
}

void KernelFuncs::addWrappers(const Reduction &reduction, const KernelForm &form) {
  linalg::LinalgOp op = reduction.op;
  for (auto [number, operand] : llvm::enumerate(op.getDpsInputOperands())) {
    auto it = form.wrapped.find({reduction.sumName, number});
    if (it == form.wrapped.end())
      continue;
    SmallVector<std::string> dims = reduction.getOperandDims(number);
    SmallVector<Expr> vars;
    for (const std::string &dim : dims)
      vars.push_back(Var(dim));
    auto dot = form.dots.find(reduction.sumName);
    if (dot != form.dots.end()) { // which never leaves what there is
      Expr byte = read(operand->get(), vars);
      if (number == 0 && dot->second.changesSign && !otherSign.contains(operand->get()))
        byte = byte ^ kSignBit;
      wrappers[operand] = defineStage(it->second.stage, dims, byte);
      continue;
    }
    Expr element = readWithin(operand->get(), vars, it->second.group);
    Halide::Type sum = halideType(getElementTypeOrSelf(op->getResult(0)));
    element = extend(element, sum, op.getMatchingBlockArgument(operand));
    wrappers[operand] = defineStage(it->second.stage, dims, element);
  }
}

/// What an operand is read from: padding and views are computed where they are read.
static Value sourceOf(Value operand) {
  Value source = lookThroughReshapes(operand);
  while (auto pad = source.getDefiningOp<tensor::PadOp>())
    source = lookThroughReshapes(pad.getSource());
  return source;
}

/// Halide runs an update that mentions no RVar once, however large its domain is: a sum of equal
/// terms mentions one in a condition that always holds.
static Expr mentioning(const Halide::RDom &rdom, const Expr &next, const Expr &accumulated) {
  struct : Halide::Internal::IRVisitor {
    bool found = false;
    using IRVisitor::visit;
    void visit(const Halide::Internal::Variable *op) override {
      found |= op->reduction_domain.defined();
    }
  } search;
  next.accept(&search);
  return search.found ? next : Halide::select(rdom[0] >= 0, next, accumulated);
}

Expr KernelFuncs::readOperand(OpOperand &operand, ArrayRef<Expr> at) {
  Func wrapper = wrappers.lookup(&operand);
  return wrapper.defined() ? Expr(wrapper(reversed(at))) : read(operand.get(), at);
}

/// The update of a sum that is defined; its reduction's loops are still to come.
Definition &KernelFuncs::addUpdate(const Reduction &reduction) {
  Definition &update = updates[reduction.sumName];
  update = stages[reduction.sumName];
  linalg::LinalgOp op = reduction.op;
  for (auto [operand, image] : llvm::zip(op.getDpsInputs(), update.operands))
    if (auto argument = dyn_cast<BlockArgument>(sourceOf(operand)))
      image = inputs[argument.getArgNumber()];
  return update;
}

void KernelFuncs::addReduction(const Reduction &reduction, const KernelForm &form) {
  addWrappers(reduction, form);
  linalg::LinalgOp op = reduction.op;
  const std::string &name = reduction.sumName;
  if (auto dot = form.dots.find(name); dot != form.dots.end())
    return addDotSum(reduction, form, dot->second);
  Value result = op->getResult(0);
  SmallVector<Expr> vars = dimensionVars(rankOf(result));
  SmallVector<Expr> loops = loopsOf(op, vars);
  ArrayRef<unsigned> reductions = reduction.reductionIterators;
  SmallVector<Expr> ranges;
  for (AffineExpr loop : sizes.sizes().loops(op))
    ranges.push_back(sizes.of(loop));
  auto reader = [&](OpOperand &operand, ArrayRef<Expr> at) { return readOperand(operand, at); };
  auto sizeOf = [&](Value size) { return sizes.of(OpFoldResult(size)); };
  auto elementOf = [&](Value tensor, ArrayRef<Expr> at) { return read(tensor, at); };
  auto step = [&](const Expr &accumulated) {
    SmallVector<Expr> arguments = elementsAt(op, loops, reader);
    arguments.push_back(accumulated);
    return bodyToExpr(op, arguments, loops, sizeOf, elementOf);
  };
  Expr init = read(op.getDpsInits()[0], vars);
  if (form.expanded.count(name)) {
    forEachPoint(reductions, ranges, loops, [&] { init = step(init); });
    funcs[result] = defineStage(name, result, init);
    funcs[result].compute_inline();
    return;
  }
  Func func = defineStage(name, result, init);
  Halide::Region domain;
  for (unsigned dim : llvm::reverse(reductions)) // innermost first
    domain.emplace_back(0, ranges[dim]);
  Halide::RDom rdom(domain, "r");
  Definition &update = addUpdate(reduction);
  for (auto [i, dim] : llvm::enumerate(reductions)) {
    Halide::RVar var = rdom[reductions.size() - 1 - i];
    loops[dim] = var;
    update.loops.emplace(reduction.reductionDims[i].first, var);
  }
  std::vector<Expr> at = reversed(vars);
  func(at) = mentioning(rdom, step(func(at)), func(at));
  funcs[result] = func;
}

void KernelFuncs::addPad(tensor::PadOp op, const std::string &name) {
  Value constant = op.getConstantPaddingValue();
  auto literal = constant ? constant.getDefiningOp<arith::ConstantOp>() : nullptr;
  if (!literal)
    throw KernelError("cannot translate a tensor.pad that is not constant");
  SmallVector<Expr> vars = dimensionVars(op.getResultType().getRank());
  // A chain of selects with `likely` in it lets Halide split off the interior of a loop.
  Expr inside = Halide::Internal::const_true();
  SmallVector<Expr> at;
  for (auto [var, low, high, extent] :
       llvm::zip(vars, op.getMixedLowPad(), op.getMixedHighPad(), sizes.shape(op.getSource()))) {
    if (isConstantIntValue(low, 0) && isConstantIntValue(high, 0)) {
      at.push_back(var);
      continue;
    }
    Expr index = var - sizes.of(low);
    inside = inside && index >= 0 && index < extent;
    at.push_back(Halide::clamp(index, 0, extent - 1));
  }
  Expr value =
      Halide::select(inside, Halide::likely(read(op.getSource(), at)), toExpr(literal.getValue()));
  funcs[op.getResult()] = defineStage(name, op.getResult(), value);
  funcs[op.getResult()].compute_inline();
}

/// A power of two that divides the sizes of all inputs: so many elements come from the same one.
static int groupOf(tensor::ConcatOp op) {
  constexpr uint64_t kGreatestVector = 64;
  uint64_t group = kGreatestVector;
  for (Value input : op.getInputs()) {
    int64_t size = cast<RankedTensorType>(input.getType()).getDimSize(op.getDim());
    group = ShapedType::isDynamic(size) ? 1 : std::gcd(group, uint64_t(size));
  }
  return group;
}

/// Clamps and compares the number of a group and not that of an element: where a vector is in one
/// group, Halide sees that it reads consecutive elements, of one input.
void KernelFuncs::addConcat(tensor::ConcatOp op) {
  unsigned dim = op.getDim();
  SmallVector<Expr> at = dimensionVars(op.getResultType().getRank());
  int group = groupOf(op);
  Expr index = at[dim] / group, value, end = sizes.of(op.getResult(), dim) / group;
  Expr within = at[dim] % group;
  for (Value input : llvm::reverse(op.getInputs())) {
    Expr extent = sizes.of(input, dim) / group, begin = Halide::Internal::simplify(end - extent);
    at[dim] = Halide::clamp(index - begin, 0, extent - 1) * group + within;
    Expr element = read(input, at);
    value = value.defined() ? Halide::select(index < end, element, value) : element;
    end = begin;
  }
  funcs[op.getResult()] = define("concat", dimNames(rankOf(op.getResult())), value);
}
