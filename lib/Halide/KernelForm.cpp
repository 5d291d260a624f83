//===- KernelForm.cpp - the directives that change a kernel's form ---------------===//

#include "ApplySchedule.h"

using namespace mlir;
using namespace mlir::sepconv;

/// A tile that does not divide the channels is computed whole: what each channel has one of (a
/// bias) is read beyond its end then, so that it is padded like the weight.
static void padVectors(func::FuncOp kernel, int64_t channels, int64_t tile, KernelForm &form) {
  if (channels % tile == 0)
    return;
  for (BlockArgument argument : kernel.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType()); // sizes are arguments too
    unsigned index = argument.getArgNumber();
    if (type && type.getRank() == 1 && type.getDimSize(0) == channels &&
        kernel.getArgAttr(index, "sepconv.weight"))
      form.packed.try_emplace(index, Packing{0, tile, {}, 1, 0});
  }
}

namespace {
/// Reads the directives of one sum.
class FormReader {
public:
  FormReader(func::FuncOp kernel, const KernelStages &stages, const Facts &facts)
      : kernel(kernel), stages(stages), facts(facts) {}

  LogicalResult read(StringRef stage, Operation &directive);
  /// What only all directives together say.
  LogicalResult checkPacked();
  KernelForm form;

private:
  LogicalResult tensorize(const Reduction *reduction, schedule::TensorizeOp op);
  LogicalResult group(const Reduction &reduction, const DotSum &dot, Packing &packing);
  LogicalResult pack(const Reduction *reduction, schedule::PackOp op);
  LogicalResult wrap(const Reduction *reduction, schedule::WrapOp op);
  FailureOr<int64_t> positive(Operation *op, StringRef what, StringRef expression);

  func::FuncOp kernel;
  const KernelStages &stages;
  const Facts &facts;
};
} // namespace

FailureOr<int64_t> FormReader::positive(Operation *op, StringRef what, StringRef expression) {
  std::string problem;
  std::optional<int64_t> number = evaluate(expression, facts, problem);
  if (number && *number >= 1)
    return *number;
  if (number)
    problem = ("the " + what + " must be positive").str();
  return op->emitOpError() << problem, failure();
}

LogicalResult FormReader::pack(const Reduction *reduction, schedule::PackOp op) {
  FailureOr<int64_t> tile = positive(op, "tile", op.getFactor());
  if (failed(tile))
    return failure();
  std::optional<unsigned> dim = reduction && reduction->isConstantWeight
                                    ? reduction->getWeightDim(op.getDim())
                                    : std::nullopt;
  if (!dim)
    return op.emitOpError() << "stage '" << cast<schedule::StageOp>(op->getParentOp()).getName()
                            << "' has no constant weight with a dimension '" << op.getDim() << "'";
  auto weight = cast<BlockArgument>(reduction->weight);
  Packing packing{*dim, *tile, {}, 1, 0};
  if (auto dot = form.dots.find(reduction->sumName); dot != form.dots.end())
    if (failed(group(*reduction, dot->second, packing)))
      return failure();
  form.packed[weight.getArgNumber()] = packing;
  padVectors(kernel, cast<RankedTensorType>(weight.getType()).getDimSize(*dim), *tile, form);
  return success();
}

LogicalResult FormReader::wrap(const Reduction *reduction, schedule::WrapOp op) {
  FailureOr<int64_t> group = positive(op, "group", op.getFactor().value_or("1"));
  if (failed(group))
    return failure();
  unsigned number = op.getOperandNumber();
  linalg::LinalgOp sum = reduction ? reduction->op : nullptr;
  if (!sum || number >= sum.getNumDpsInputs() ||
      !isa<RankedTensorType>(sum.getDpsInputs()[number].getType()))
    return op.emitOpError() << "the sum has no \"" << op.getOperand() << "\"";
  bool isDot = form.dots.count(reduction->sumName);
  if (isDot && number == 1)
    return op.emitOpError()
           << "S18: the weight of a sum with schedule.tensorize is read as it is packed";
  if (!isDot) // whose groups stay within
    form.vectorBytes = std::max<int64_t>(facts.lookup("vector_bytes"), 1);
  form.wrapped[{reduction->sumName, number}] = {op.getWrapper().str(), *group};
  return success();
}

/// S18: of a sum that the instruction computes, for a machine that has it.
LogicalResult FormReader::tensorize(const Reduction *reduction, schedule::TensorizeOp op) {
  const DotInstruction *instruction = findDotInstruction(op.getInstruction());
  std::string fact = (op.getInstruction() + "_terms").str();
  if (!instruction || facts.lookup(fact) != instruction->terms)
    return op.emitOpError() << "S18: the target has no instruction '" << op.getInstruction()
                            << "': its fact '" << fact << "' is " << facts.lookup(fact);
  std::optional<DotForm> sum = reduction ? dotForm(reduction->op) : std::nullopt;
  if (!sum)
    return op.emitOpError() << "S18: the sum does not add products of 8-bit integers, its first "
                               "operand by its signed second one, in 32 bits";
  DotSum dot{instruction, op, op.getNewLoop().str(), {}, false};
  for (auto [name, size] : reduction->reductionDims)
    if (llvm::is_contained(op.getUsedLoops(), name) && !size.isKnown())
      return op.emitOpError() << "S18: loop '" << name << "' has a dynamic size";
  for (StringRef loop : op.getUsedLoops())
    dot.terms.push_back(loop.str());
  dot.changesSign = sum->hasUnsignedInput != instruction->hasUnsignedInput;
  form.dots.emplace(reduction->sumName, dot);
  return success();
}

/// The weight's dimensions of the terms, and what the sums begin with.
LogicalResult FormReader::group(const Reduction &reduction, const DotSum &dot, Packing &packing) {
  for (auto &[name, size] : reduction.reductionDims)
    if (std::optional<unsigned> dim = reduction.getWeightDim(name); !dim || !size.isKnown())
      return dot.directive->emitOpError() << "S18: the weight has no dimension of a constant size "
                                             "for loop '"
                                          << name << "'";
  for (const std::string &name : llvm::reverse(dot.terms))
    packing.along.push_back(*reduction.getWeightDim(name));
  packing.terms = dot.instruction->terms;
  if (dot.changesSign) // read as x + 128 or x - 128
    packing.shift = dot.instruction->hasUnsignedInput ? -128 : 128;
  return success();
}

LogicalResult FormReader::checkPacked() {
  for (auto &[sum, dot] : form.dots) {
    Value weight = stages.reduction(stages.lookup(sum)->reduction)->weight;
    auto argument = dyn_cast_or_null<BlockArgument>(weight);
    if (!argument || !form.storesWords(argument.getArgNumber()))
      return dot.directive->emitOpError()
             << "S18: the weight of '" << sum << "' must be packed (schedule.pack)";
  }
  return success();
}

LogicalResult FormReader::read(StringRef stage, Operation &directive) {
  const Stage *sum = stages.lookup(stage);
  const Reduction *reduction = sum ? stages.reduction(sum->reduction) : nullptr;
  if (isa<schedule::ExpandOp>(directive))
    form.expanded.insert(stage.str());
  if (auto op = dyn_cast<schedule::TensorizeOp>(directive))
    return tensorize(reduction, op);
  if (auto op = dyn_cast<schedule::PackOp>(directive))
    return pack(reduction, op);
  if (auto op = dyn_cast<schedule::WrapOp>(directive))
    return wrap(reduction, op);
  return success();
}

FailureOr<KernelForm> sepconv::kernelForm(ArrayRef<DefinitionDirectives> schedule,
                                          func::FuncOp kernel, const KernelStages &stages,
                                          const Facts &facts) {
  FormReader reader(kernel, stages, facts);
  for (const DefinitionDirectives &definition : schedule)
    for (Operation *directive : definition.directives)
      if (failed(reader.read(definition.stage, *directive)))
        return failure();
  if (failed(reader.checkPacked()))
    return failure();
  return std::move(reader.form);
}
