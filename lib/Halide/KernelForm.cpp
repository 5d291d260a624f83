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
    auto type = cast<RankedTensorType>(argument.getType());
    unsigned index = argument.getArgNumber();
    if (type.getRank() == 1 && type.getDimSize(0) == channels &&
        kernel.getArgAttr(index, "sepconv.weight"))
      form.packed.try_emplace(index, Packing{0, tile});
  }
}

namespace {
/// Reads the directives of one sum.
class FormReader {
public:
  FormReader(func::FuncOp kernel, const KernelStages &stages, const Facts &facts)
      : kernel(kernel), stages(stages), facts(facts) {}

  LogicalResult read(StringRef stage, Operation &directive);
  KernelForm form;

private:
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
  form.packed[weight.getArgNumber()] = {*dim, *tile};
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
  form.vectorBytes = std::max<int64_t>(facts.lookup("vector_bytes"), 1);
  form.wrapped[{reduction->sumName, number}] = {op.getWrapper().str(), *group};
  return success();
}

LogicalResult FormReader::read(StringRef stage, Operation &directive) {
  const Stage *sum = stages.lookup(stage);
  const Reduction *reduction = sum ? stages.reduction(sum->reduction) : nullptr;
  if (isa<schedule::ExpandOp>(directive))
    form.expanded.insert(stage.str());
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
  return std::move(reader.form);
}
