//===- KernelFuncs.cpp - a kernel as Halide Funcs --------------------------------===//

#include "KernelFuncs.h"
#include "ExprTranslator.h"
#include "ViewIndices.h"
#include "sepconv/IR/Buffer.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
using Halide::Func;
using Halide::Var;

SmallVector<Expr> sepconv::dimensionVars(int64_t rank) {
  SmallVector<Expr> vars;
  for (const std::string &name : dimNames(rank))
    vars.push_back(Var(name));
  return vars;
}

KernelFuncs::KernelFuncs(func::FuncOp kernel, const KernelStages &stages, const KernelForm &form)
    : sizes(kernel), packed(form.packed), vectorBytes(form.vectorBytes) {
  for (BlockArgument argument : kernel.getArguments())
    addInput(argument, form);
  for (Operation &op : kernel.getBody().front().without_terminator())
    add(&op, stages, form);
  for (Value result : kernel.getBody().front().getTerminator()->getOperands())
    addOutput(result, stages);
}

//===----------------------------------------------------------------------===//
// Inputs and outputs: their shapes are known, or follow from the dynamic sizes
//===----------------------------------------------------------------------===//

template <typename Dimensioned> static void fixShape(Dimensioned buffer, ArrayRef<Expr> shape) {
  Expr stride = 1;
  for (unsigned i = 0; i < shape.size(); ++i) {
    const Expr &extent = shape[shape.size() - 1 - i];
    buffer.dim(i).set_bounds(0, extent).set_stride(stride);
    stride = Halide::Internal::simplify(stride * extent);
  }
}

/// The shape in which a packed argument is stored.
static SmallVector<int64_t> storedShape(ArrayRef<int64_t> shape, const Packing &packing) {
  if (packing.isGrouped())
    return {static_cast<int64_t>(llvm::divideCeil(shape[packing.dim], packing.tile)),
            packing.rows(shape), packing.tile};
  SmallVector<int64_t> stored(shape);
  if (shape.size() == 1) { // tiles in a row are what it was, and what fills them up
    stored[0] = llvm::divideCeil(shape[0], packing.tile) * packing.tile;
  } else {
    stored.erase(stored.begin() + packing.dim);
    stored.insert(stored.begin(), llvm::divideCeil(shape[packing.dim], packing.tile));
    stored.push_back(packing.tile);
  }
  return stored;
}

void KernelFuncs::addInput(BlockArgument argument, const KernelForm &form) {
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  if (!type) {
    inputs.emplace_back();
    return storedSizes.push_back(1);
  }
  auto it = form.packed.find(argument.getArgNumber());
  SmallVector<Expr> shape = sizes.shape(argument);
  int64_t elements = sizes.sizes().greatest(argument).getNumElements();
  if (it != form.packed.end()) {
    SmallVector<int64_t> stored = storedShape(type.getShape(), it->second);
    elements = ShapedType::getNumElements(stored);
    shape = llvm::map_to_vector(stored, [](int64_t extent) { return Expr(asInt(extent)); });
  }
  asInt(elements);
  Halide::Type element = form.storesWords(argument.getArgNumber())
                             ? Halide::Int(32)
                             : halideType(type.getElementType());
  inputs.emplace_back(element, static_cast<int>(shape.size()),
                      "argument" + std::to_string(argument.getArgNumber()));
  fixShape(inputs.back(), shape);
  auto kernel = cast<func::FuncOp>(argument.getOwner()->getParentOp());
  if (!kernel.getArgAttr(argument.getArgNumber(), "sepconv.weight"))
    images.push_back(inputs.back());
  storedSizes.push_back(elements);
}

int64_t KernelFuncs::tileElements(const Halide::ImageParam &input) const {
  for (const auto &[argument, packing] : packed)
    if (input.defined() && inputs[argument].name() == input.name())
      return storedSizes[argument] /
             *Halide::Internal::as_const_int(
                 input.parameter().extent_constraint(input.dimensions() - 1));
  return 0;
}

void KernelFuncs::addOutput(Value value, const KernelStages &kernel) {
  Func func = funcs.lookup(value);
  if (!func.defined()) { // an argument that is returned as it is, or a view of one
    const Stage *stage = kernel.pointOf(value);
    func =
        defineStage(stage ? stage->name : "copy", value, read(value, dimensionVars(rankOf(value))));
  }
  SmallVector<Expr> shape = sizes.shape(value);
  asInt(sizes.sizes().greatest(value).getNumElements());
  fixShape(func.output_buffer(), shape);
  std::vector<Var> args = func.args();
  for (unsigned i = 0; i < args.size(); ++i)
    func.bound(args[i], 0, shape[shape.size() - 1 - i]);
  outputs.push_back(func);
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

/// An index that stays within the groups of a dimension.
static Expr clampToGroups(const Expr &index, const Expr &extent, int64_t group) {
  Expr unit = asInt(group);
  return Halide::clamp(index / unit, 0, extent / unit - 1) * unit + index % unit;
}

Expr KernelFuncs::readArgument(BlockArgument argument, ArrayRef<Expr> indices) {
  SmallVector<Expr> at(indices);
  if (vectorBytes) {
    auto type = cast<RankedTensorType>(argument.getType());
    int64_t bytes = elementBytes(type.getElementType());
    for (auto [i, index, extent] : llvm::enumerate(at, sizes.shape(argument)))
      index =
          clampToGroups(index, extent,
                        i + 1 < at.size() ? 1
                                          : std::gcd(type.getDimSize(i),
                                                     std::max<int64_t>(vectorBytes / bytes, 1)));
  }
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

Expr KernelFuncs::read(Value value, ArrayRef<Expr> indices) {
  if (auto it = funcs.find(value); it != funcs.end())
    return it->second(reversed(indices));
  if (auto argument = dyn_cast<BlockArgument>(value))
    return readArgument(argument, indices);
  if (std::optional<Element> source = throughView(value, indices, sizes))
    return read(source->tensor, source->indices);
  Operation *op = value.getDefiningOp();
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
  throw KernelError("cannot translate a read of " + op->getName().getStringRef().str() +
                    ", expected operations of linalg and views of tensors; elementwise arithmetic "
                    "is linalg.add, linalg.map or linalg.generic");
}

/// Zero beyond the value's end; arguments are not read there. Whole groups are within or beyond, so
/// that one is read at once.
Expr KernelFuncs::readWithin(Value value, ArrayRef<Expr> indices, int64_t group) {
  Expr inside = Halide::Internal::const_true();
  SmallVector<Expr> shape = sizes.shape(value);
  for (auto [i, index, extent] : llvm::enumerate(indices, shape)) {
    Expr unit = asInt(i + 1 == indices.size() ? group : 1);
    Expr number = index / unit, count = extent / unit;
    if (!Halide::Internal::is_const_zero(Halide::Internal::simplify(extent % unit)))
      throw KernelError("the factor of wrap must divide the last dimension of the operand");
    inside = inside && number >= 0 && number < count;
  }
  Expr element = read(value, indices);
  return Halide::select(inside, element, Halide::Internal::make_zero(element.type()));
}

//===----------------------------------------------------------------------===//
// Definitions
//===----------------------------------------------------------------------===//

Func KernelFuncs::define(const std::string &name, ArrayRef<std::string> dims, const Expr &expr) {
  Func func(name);
  std::vector<Var> args(dims.rbegin(), dims.rend());
  func(args) = expr;
  return func;
}

/// A Func that directives can name; without any it is computed at the root, which is always legal.
Func KernelFuncs::defineStage(const std::string &name, ArrayRef<std::string> dims,
                              const Expr &expr) {
  Definition &definition = stages[name];
  definition.func = define(name, dims, expr);
  definition.func.compute_root();
  for (const Var &var : definition.func.args())
    definition.loops.emplace(var.name(), var);
  return definition.func;
}

void KernelFuncs::add(Operation *op, const KernelStages &kernel, const KernelForm &form) {
  if (llvm::all_of(op->getResultTypes(), llvm::IsaPred<IndexType>))
    return; // a size, which whoever asks for it says itself
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    addPad(pad, kernel.padName(pad).str());
  else if (auto concat = dyn_cast<tensor::ConcatOp>(op))
    addConcat(concat);
  else if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op); linalgOp && !isa<linalg::FillOp>(op)) {
    if (const Reduction *reduction = kernel.reduction(op))
      addReduction(*reduction, form);
    else
      addElementwise(linalgOp);
  }
  // A value at which a stage ends has a Func of the stage's name.
  for (Value result : op->getResults())
    if (const Stage *stage = kernel.pointOf(result)) {
      Expr value = read(result, dimensionVars(rankOf(result)));
      if (form.storesOtherSign(result, kernel)) {
        value = value ^ kSignBit;
        otherSign.insert(result);
      }
      funcs[result] = defineStage(stage->name, result, value);
    }
}
