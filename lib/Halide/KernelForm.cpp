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

FailureOr<KernelForm> sepconv::kernelForm(schedule::ScheduleOp schedule, func::FuncOp kernel,
                                          const KernelStages &stages, const Facts &facts) {
  KernelForm form;
  for (schedule::StageOp stage : schedule.getStages())
    for (Operation &directive : stage.getBody().front()) {
      FailureOr<bool> wanted = applies(&directive, facts);
      if (failed(wanted))
        return failure();
      if (!*wanted)
        continue;
      if (isa<schedule::ExpandOp>(directive))
        form.expanded.insert(stage.getName().str());
      auto pack = dyn_cast<schedule::PackOp>(directive);
      if (!pack)
        continue;
      std::string problem;
      std::optional<int64_t> tile = evaluate(pack.getFactor(), facts, problem);
      if (!tile || *tile < 1)
        return pack.emitOpError() << (tile ? "the tile must be positive" : problem);
      const Stage *sum = stages.lookup(stage.getName());
      const Reduction *reduction = sum ? stages.reduction(sum->reduction) : nullptr;
      std::optional<unsigned> dim = reduction && reduction->isConstantWeight
                                        ? reduction->getWeightDim(pack.getDim())
                                        : std::nullopt;
      if (!dim)
        return pack.emitOpError() << "stage '" << stage.getName()
                                  << "' has no constant weight with a dimension '" << pack.getDim()
                                  << "'";
      auto weight = cast<BlockArgument>(reduction->weight);
      form.packed[weight.getArgNumber()] = {*dim, *tile};
      padVectors(kernel, cast<RankedTensorType>(weight.getType()).getDimSize(*dim), *tile, form);
    }
  return form;
}
