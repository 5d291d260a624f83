//===- DotSums.cpp - sums that an instruction adds up in groups of terms ---------===//
//
// Four bytes of the input and four of the weights are a word each, and the instruction is a
// function of a sum and two words: for Halide a vector of sums is computed as one of float32 is.
// `translate` of ExprTranslator knows these functions by their names.
//
//===----------------------------------------------------------------------===//

#include "ExprTranslator.h"
#include "KernelFuncs.h"
#include "ViewIndices.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
using Halide::Func;
namespace HI = Halide::Internal;

static Expr call(const std::string &name, std::vector<Expr> args) {
  return HI::Call::make(Halide::Int(32), "sepconv." + name, std::move(args), HI::Call::PureExtern);
}

bool KernelForm::storesOtherSign(Value value, const KernelStages &stages) const {
  if (!value.hasOneUse())
    return false;
  OpOperand &use = *value.use_begin();
  const Reduction *reader = stages.reduction(use.getOwner());
  auto dot = reader ? dots.find(reader->sumName) : dots.end();
  return dot != dots.end() && dot->second.changesSign && use.getOperandNumber() == 0;
}

/// The input's bytes that a group of terms multiplies, in one word.
Expr KernelFuncs::wordOf(const Reduction &reduction, const DotSum &dot, MutableArrayRef<Expr> loops,
                         const Expr &group) {
  linalg::LinalgOp op = reduction.op;
  OpOperand &input = *op.getDpsInputOperand(0);
  int64_t terms = dot.instruction->terms, count = 1;
  SmallVector<std::pair<unsigned, int64_t>> along; // the loops of the terms, the fastest first
  for (const std::string &dim : dot.terms) {
    for (auto &[name, size] : reduction.reductionDims)
      if (name == dim)
        along.push_back({*reduction.iteratorOf(dim), size.greatest});
    count *= along.back().second;
  }
  Expr first = group * asInt(terms);
  if (count < terms)
    first = 0;
  else if (count % terms)
    first = Halide::min(Halide::likely(first), asInt(count - terms));
  std::vector<Expr> bytes;
  for (int64_t term = 0; term < terms; ++term) {
    if (term >= count) { // its weight is zero
      bytes.push_back(HI::make_zero(Halide::Int(8)));
      continue;
    }
    Expr rest = first + asInt(term);
    for (auto [loop, extent] : along) {
      loops[loop] = along.size() == 1 ? rest : rest % asInt(extent);
      rest = rest / asInt(extent);
    }
    SmallVector<Expr> at;
    for (AffineExpr expr : op.getMatchingIndexingMap(&input).getResults())
      at.push_back(toExpr(expr, loops));
    bytes.push_back(readOperand(input, at));
  }
  Expr word = call("word", bytes);
  if (dot.changesSign && !wrappers.lookup(&input).defined() && !otherSign.contains(input.get()))
    word = word ^ Expr(static_cast<int32_t>(0x80808080));
  return word;
}

/// A word of the weight: of a row of a tile, for a channel.
Expr KernelFuncs::packedWord(const Reduction &reduction, const Expr &row, const Expr &channel) {
  unsigned number = cast<BlockArgument>(reduction.weight).getArgNumber();
  Expr tile = asInt(packed.at(number).tile);
  return inputs[number](channel % tile, row, channel / tile);
}

void KernelFuncs::addDotSum(const Reduction &reduction, const KernelForm &form, const DotSum &dot) {
  linalg::LinalgOp op = reduction.op;
  auto weight = cast<BlockArgument>(reduction.weight);
  const Packing &packing = form.packed.at(weight.getArgNumber());
  ArrayRef<int64_t> shape = cast<RankedTensorType>(weight.getType()).getShape();
  Value result = op->getResult(0);
  SmallVector<Expr> vars = dimensionVars(rankOf(result));
  Expr channel = vars.back(), init = read(op.getDpsInits()[0], vars);
  if (packing.shift)
    init += packedWord(reduction, 0, channel);
  Func func = defineStage(reduction.sumName, result, init);

  // The loop over the groups is where that of the fastest terms was.
  Halide::Region domain;
  SmallVector<std::string> names;
  for (auto &[name, size] : llvm::reverse(reduction.reductionDims)) { // innermost first
    bool isGroup = name == dot.terms.front();
    if (!isGroup && llvm::is_contained(dot.terms, name))
      continue;
    domain.emplace_back(0, asInt(isGroup ? packing.groups(shape) : size.greatest));
    names.push_back(isGroup ? dot.loop : name);
  }
  Halide::RDom rdom(domain, "r");
  Definition &update = addUpdate(reduction);
  SmallVector<Expr> loops = loopsOf(op, vars);
  Expr group, row = 0;
  for (auto [i, name] : llvm::enumerate(names)) {
    update.loops.emplace(name, rdom[i]);
    if (name == dot.loop)
      group = rdom[i];
    else
      loops[*reduction.iteratorOf(name)] = rdom[i];
  }
  for (int64_t dim = 0, rank = shape.size(); dim < rank; ++dim)
    for (auto [i, name] : llvm::enumerate(names))
      if (name != dot.loop && reduction.getWeightDim(name) == dim)
        row = row * asInt(shape[dim]) + rdom[i];
  row = row * asInt(packing.groups(shape)) + group + (packing.shift ? 1 : 0);
  Expr word = wordOf(reduction, dot, loops, group);
  std::vector<Expr> at = reversed(vars);
  func(at) =
      call(dot.instruction->name.str(), {func(at), word, packedWord(reduction, row, channel)});
  funcs[result] = func;
}
