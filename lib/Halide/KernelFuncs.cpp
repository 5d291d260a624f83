//===- KernelFuncs.cpp - a kernel as Halide Funcs --------------------------------===//

#include "KernelFuncs.h"
#include "ExprTranslator.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
using Halide::Func;
using Halide::Var;

static int32_t asInt(int64_t value) {
  if (value > std::numeric_limits<int32_t>::max())
    throw KernelError("a tensor has more than 2^31 elements");
  return static_cast<int32_t>(value);
}

/// Halide's innermost argument comes first, a tensor's last.
static std::vector<Expr> reversed(ArrayRef<Expr> indices) {
  return {indices.rbegin(), indices.rend()};
}

std::vector<Var> KernelFuncs::variables(int64_t rank) const {
  std::vector<Var> vars;
  for (const std::string &name : dimNames(rank))
    vars.emplace_back(name);
  return vars;
}

static SmallVector<Expr> asExprs(const std::vector<Var> &vars) {
  return {vars.begin(), vars.end()};
}

KernelFuncs::KernelFuncs(func::FuncOp kernel, const KernelStages &stages, const KernelForm &form)
    : packed(form.packed) {
  for (BlockArgument argument : kernel.getArguments())
    addInput(argument, form);
  for (Operation &op : kernel.getBody().front().without_terminator())
    add(&op, stages, form);
  for (Value result : kernel.getBody().front().getTerminator()->getOperands())
    addOutput(result, stages);
}

//===----------------------------------------------------------------------===//
// Inputs and outputs: everything about their shapes is known
//===----------------------------------------------------------------------===//

template <typename Dimensioned> static void fixShape(Dimensioned buffer, ArrayRef<int64_t> shape) {
  int64_t stride = 1;
  for (unsigned i = 0; i < shape.size(); ++i) {
    int64_t extent = shape[shape.size() - 1 - i];
    buffer.dim(i).set_bounds(0, asInt(extent)).set_stride(asInt(stride));
    stride *= extent;
  }
  asInt(stride);
}

/// The shape in which an argument is stored.
static SmallVector<int64_t> storedShape(ArrayRef<int64_t> shape, const Packing *packing) {
  SmallVector<int64_t> stored(shape);
  if (packing && shape.size() == 1) { // tiles in a row are what it was, and what fills them up
    stored[0] = llvm::divideCeil(shape[0], packing->tile) * packing->tile;
  } else if (packing) {
    stored.erase(stored.begin() + packing->dim);
    stored.insert(stored.begin(), llvm::divideCeil(shape[packing->dim], packing->tile));
    stored.push_back(packing->tile);
  }
  return stored;
}

void KernelFuncs::addInput(BlockArgument argument, const KernelForm &form) {
  auto type = cast<RankedTensorType>(argument.getType());
  auto it = form.packed.find(argument.getArgNumber());
  SmallVector<int64_t> shape =
      storedShape(type.getShape(), it == form.packed.end() ? nullptr : &it->second);
  inputs.emplace_back(halideType(type.getElementType()), static_cast<int>(shape.size()),
                      "argument" + std::to_string(argument.getArgNumber()));
  fixShape(inputs.back(), shape);
  auto kernel = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  if (!kernel.getArgAttr(argument.getArgNumber(), "sepconv.weight"))
    images.push_back(inputs.back());
  storedSizes.push_back(ShapedType::getNumElements(shape));
}

void KernelFuncs::addOutput(Value value, const KernelStages &kernel) {
  Func func = funcs.lookup(value);
  if (!func.defined()) { // an argument that is returned as it is, or a view of one
    std::vector<Var> vars = variables(cast<RankedTensorType>(value.getType()).getRank());
    const Stage *stage = kernel.pointOf(value);
    func = defineStage(stage ? stage->name : "copy", value, read(value, asExprs(vars)));
  }
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  fixShape(func.output_buffer(), shape);
  std::vector<Var> args = func.args();
  for (unsigned i = 0; i < args.size(); ++i)
    func.bound(args[i], 0, asInt(shape[shape.size() - 1 - i]));
  outputs.push_back(func);
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

Expr KernelFuncs::readArgument(BlockArgument argument, ArrayRef<Expr> indices) {
  SmallVector<Expr> at(indices);
  auto it = packed.find(argument.getArgNumber());
  if (it != packed.end() && at.size() > 1) {
    Expr index = at[it->second.dim];
    int32_t tile = asInt(it->second.tile);
    at.erase(at.begin() + it->second.dim);
    at.insert(at.begin(), index / tile);
    at.push_back(index % tile);
  }
  return inputs[argument.getArgNumber()](reversed(at));
}

/// The indices into the source of a tensor.collapse_shape.
static SmallVector<Expr> collapsedIndices(tensor::CollapseShapeOp op, ArrayRef<Expr> indices) {
  ArrayRef<int64_t> shape = op.getSrcType().getShape();
  SmallVector<Expr> at(shape.size(), Expr(0));
  for (auto [group, index] : llvm::zip(op.getReassociationIndices(), indices)) {
    SmallVector<int64_t> dims(
        llvm::make_filter_range(group, [&](int64_t d) { return shape[d] != 1; }));
    Expr rest = index;
    for (int64_t dim : llvm::reverse(dims)) {
      bool outermost = dim == dims.front();
      at[dim] = outermost ? rest : rest % asInt(shape[dim]);
      rest = rest / asInt(shape[dim]);
    }
  }
  return at;
}

static SmallVector<Expr> expandedIndices(tensor::ExpandShapeOp op, ArrayRef<Expr> indices) {
  ArrayRef<int64_t> shape = op.getResultType().getShape();
  SmallVector<Expr> at;
  for (const ReassociationIndices &group : op.getReassociationIndices()) {
    Expr index(0);
    for (int64_t dim : group)
      index = index * asInt(shape[dim]) + indices[dim];
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

Expr KernelFuncs::read(Value value, ArrayRef<Expr> indices) {
  if (auto it = funcs.find(value); it != funcs.end())
    return it->second(reversed(indices));
  if (auto argument = dyn_cast<BlockArgument>(value))
    return readArgument(argument, indices);
  Operation *op = value.getDefiningOp();
  if (auto collapse = dyn_cast<tensor::CollapseShapeOp>(op))
    return read(collapse.getSrc(), collapsedIndices(collapse, indices));
  if (auto expand = dyn_cast<tensor::ExpandShapeOp>(op))
    return read(expand.getSrc(), expandedIndices(expand, indices));
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
    return read(slice.getSource(), slicedIndices(slice, indices));
  if (auto fill = dyn_cast<linalg::FillOp>(op))
    if (auto literal = fill.value().getDefiningOp<arith::ConstantOp>())
      return toExpr(literal.getValue());
  if (isa<tensor::EmptyOp>(op))
    return Halide::Internal::make_zero(halideType(getElementTypeOrSelf(value.getType())));
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    if (auto splat = dyn_cast<SplatElementsAttr>(constant.getValue()))
      return toExpr(cast<TypedAttr>(splat.getSplatValue<Attribute>()));
    if (!isa<ElementsAttr>(constant.getValue()))
      return toExpr(constant.getValue());
  }
  throw KernelError("cannot translate a read of " + op->getName().getStringRef().str());
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

Func KernelFuncs::define(const std::string &name, Value value, const Expr &expr) {
  Func func(name);
  std::vector<Var> vars = variables(cast<RankedTensorType>(value.getType()).getRank());
  std::vector<Var> args(vars.rbegin(), vars.rend());
  func(args) = expr;
  return func;
}

/// A Func that directives can name; without any it is computed at the root, which is always legal.
Func KernelFuncs::defineStage(const std::string &name, Value value, const Expr &expr) {
  Definition &definition = stages[name];
  definition.func = define(name, value, expr);
  definition.func.compute_root();
  for (const Var &var : definition.func.args())
    definition.loops.emplace(var.name(), var);
  return definition.func;
}

void KernelFuncs::add(Operation *op, const KernelStages &kernel, const KernelForm &form) {
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    addPad(pad, kernel.padName(pad).str());
  else if (auto concat = dyn_cast<tensor::ConcatOp>(op))
    addConcat(concat);
  else if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op); linalgOp && !isa<linalg::FillOp>(op)) {
    if (const Reduction *reduction = kernel.reduction(op))
      addReduction(*reduction, form.expanded.count(reduction->sumName));
    else
      addElementwise(linalgOp);
  }
  // A value at which a stage ends has a Func of the stage's name.
  for (Value result : op->getResults())
    if (const Stage *stage = kernel.pointOf(result)) {
      int64_t rank = cast<RankedTensorType>(result.getType()).getRank();
      Expr value = read(result, asExprs(variables(rank)));
      funcs[result] = defineStage(stage->name, result, value);
    }
}

/// The values of a linalg operation's loops, given those of its output's indices.
static SmallVector<Expr> loopsOf(linalg::LinalgOp op, ArrayRef<Expr> outputIndices) {
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
                                    llvm::function_ref<Expr(Value, ArrayRef<Expr>)> read) {
  SmallVector<Expr> elements;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    if (!isa<TensorType>(operand->get().getType())) {
      elements.push_back(toExpr(operand->get().getDefiningOp<arith::ConstantOp>().getValue()));
      continue;
    }
    SmallVector<Expr> indices;
    for (AffineExpr expr : op.getMatchingIndexingMap(operand).getResults())
      indices.push_back(toExpr(expr, loops));
    elements.push_back(read(operand->get(), indices));
  }
  return elements;
}

void KernelFuncs::addElementwise(linalg::LinalgOp op) {
  Value result = op->getResult(0);
  SmallVector<Expr> vars = asExprs(variables(cast<RankedTensorType>(result.getType()).getRank()));
  SmallVector<Expr> loops = loopsOf(op, vars);
  auto reader = [&](Value value, ArrayRef<Expr> at) { return read(value, at); };
  SmallVector<Expr> arguments = elementsAt(op, loops, reader);
  arguments.push_back(read(op.getDpsInits()[0], vars));
  funcs[result] = define("elementwise_part", result, bodyToExpr(op, arguments, loops));
}

void KernelFuncs::addReduction(const Reduction &reduction, bool expanded) {
  linalg::LinalgOp op = reduction.op;
  const std::string &name = reduction.sumName;
  Value result = op->getResult(0);
  SmallVector<Expr> vars = asExprs(variables(cast<RankedTensorType>(result.getType()).getRank()));
  SmallVector<Expr> loops = loopsOf(op, vars);
  ArrayRef<unsigned> reductions = reduction.reductionIterators;
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  auto reader = [&](Value value, ArrayRef<Expr> at) { return read(value, at); };
  auto step = [&](const Expr &accumulated) {
    SmallVector<Expr> arguments = elementsAt(op, loops, reader);
    arguments.push_back(accumulated);
    return bodyToExpr(op, arguments, loops);
  };
  Expr init = read(op.getDpsInits()[0], vars);
  if (expanded) {
    int64_t points = 1;
    for (unsigned dim : reductions)
      points *= ranges[dim];
    for (int64_t point = 0; point < points; ++point) {
      int64_t rest = point;
      for (unsigned dim : llvm::reverse(reductions)) {
        loops[dim] = Expr(asInt(rest % ranges[dim]));
        rest /= ranges[dim];
      }
      init = step(init);
    }
    funcs[result] = defineStage(name, result, init);
    funcs[result].compute_inline();
    return;
  }
  Func func = defineStage(name, result, init);
  Halide::Region domain;
  for (unsigned dim : llvm::reverse(reductions)) // innermost first
    domain.emplace_back(0, asInt(ranges[dim]));
  Halide::RDom rdom(domain, "r");
  Definition &update = updates[name];
  update = stages[name];
  if (auto weight = dyn_cast_or_null<BlockArgument>(reduction.weight))
    update.weight = inputs[weight.getArgNumber()];
  for (auto [i, dim] : llvm::enumerate(reductions)) {
    Halide::RVar var = rdom[reductions.size() - 1 - i];
    loops[dim] = var;
    update.loops.emplace(reduction.reductionDims[i].first, var);
  }
  std::vector<Expr> at = reversed(vars);
  func(at) = step(func(at));
  funcs[result] = func;
}

void KernelFuncs::addPad(tensor::PadOp op, const std::string &name) {
  Value constant = op.getConstantPaddingValue();
  auto literal = constant ? constant.getDefiningOp<arith::ConstantOp>() : nullptr;
  if (!literal || !op.getLow().empty() || !op.getHigh().empty())
    throw KernelError("cannot translate a tensor.pad that is not constant");
  SmallVector<Expr> vars = asExprs(variables(op.getResultType().getRank()));
  // A chain of selects with `likely` in it lets Halide split off the interior of a loop.
  Expr inside = Halide::Internal::const_true();
  SmallVector<Expr> at;
  for (auto [var, low, high, extent] :
       llvm::zip(vars, op.getStaticLow(), op.getStaticHigh(), op.getSourceType().getShape())) {
    if (!low && !high) {
      at.push_back(var);
      continue;
    }
    Expr index = var - asInt(low);
    inside = inside && index >= 0 && index < asInt(extent);
    at.push_back(Halide::clamp(index, 0, asInt(extent - 1)));
  }
  Expr value =
      Halide::select(inside, Halide::likely(read(op.getSource(), at)), toExpr(literal.getValue()));
  funcs[op.getResult()] = defineStage(name, op.getResult(), value);
  funcs[op.getResult()].compute_inline();
}

void KernelFuncs::addConcat(tensor::ConcatOp op) {
  SmallVector<Expr> at = asExprs(variables(op.getResultType().getRank()));
  Expr index = at[op.getDim()], value;
  int64_t end = op.getResultType().getDimSize(op.getDim());
  for (Value input : llvm::reverse(op.getInputs())) {
    int64_t extent = cast<RankedTensorType>(input.getType()).getDimSize(op.getDim());
    int64_t begin = end - extent;
    at[op.getDim()] = Halide::clamp(index - asInt(begin), 0, asInt(extent - 1));
    Expr element = read(input, at);
    value = value.defined() ? Halide::select(index < asInt(end), element, value) : element;
    end = begin;
  }
  funcs[op.getResult()] = define("concat", op.getResult(), value);
}
