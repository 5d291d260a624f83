//===- KernelStages.cpp - the stages of a kernel that schedules name -------------===//

#include "sepconv/Schedule/KernelStages.h"

#include "KernelPoints.h"
#include "sepconv/Schedule/Schedule.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace mlir::sepconv {

/// Finds the stages of one kernel.
class StageFinder {
public:
  explicit StageFinder(func::FuncOp kernel)
      : body(kernel.getBody().front()), sizes(kernel), points(body) {}

  FailureOr<KernelStages> find();

private:
  LogicalResult describeReductions();
  void nameStages();
  LogicalResult addStage(Stage stage);
  LogicalResult addStagesOf(Operation &op);
  LogicalResult addPoint(Value point);

  Block &body;
  Sizes sizes;
  KernelPoints points;
  KernelStages result;
  llvm::DenseMap<Value, std::string> names; // of points
  unsigned numPads = 0;
};

LogicalResult StageFinder::describeReductions() {
  for (Operation &op : body) {
    if (!isReduction(&op))
      continue;
    FailureOr<Reduction> reduction = describeReduction(cast<linalg::LinalgOp>(op), sizes);
    if (failed(reduction))
      return failure();
    result.reductionOf[&op] = result.allReductions.size();
    result.allReductions.push_back(std::move(*reduction));
  }
  return success();
}

/// Points have the names of their last reductions; the reduction has the first such point's. One
/// that is the last of no point (an operand of an addition, say) has a name of its own.
void StageFinder::nameStages() {
  result.roles = points.roles();
  llvm::StringSet<> taken;
  for (auto [point, name] : llvm::zip_equal(points.values, schedule::getStageNames(result.roles))) {
    names[point] = name;
    taken.insert(name);
    if (Operation *op = points.last[point])
      if (Reduction &sum = result.allReductions[result.reductionOf[op]]; sum.sumName.empty())
        sum.sumName = name + "_sum";
  }
  for (Reduction &sum : result.allReductions)
    for (unsigned n = 1; sum.sumName.empty(); ++n)
      if (std::string name = (sum.role + "_" + Twine(n)).str(); taken.insert(name).second)
        sum.sumName = name + "_sum";
}

LogicalResult StageFinder::addStage(Stage stage) {
  auto type = dyn_cast<RankedTensorType>(stage.value.getType());
  AffineMap shape = type ? sizes.shape(stage.value) : AffineMap();
  if (!shape)
    return emitError(stage.value.getLoc(), "a stage of a kernel must be a tensor whose shape is "
                                           "static or follows from the dynamic dimensions, got ")
           << stage.value.getType();
  stage.dims = dimNames(type.getRank());
  for (AffineExpr size : shape.getResults())
    stage.extents.push_back(sizes.range(size));
  result.byName[stage.name] = result.allStages.size();
  result.allStages.push_back(std::move(stage));
  return success();
}

LogicalResult StageFinder::addPoint(Value point) {
  result.byValue[point] = result.allStages.size();
  return addStage({Stage::Kind::Point, names[point], point, {}, {}, points.last[point]});
}

LogicalResult StageFinder::addStagesOf(Operation &op) {
  bool isPad = isa<tensor::PadOp>(op);
  if (isPad || isReduction(&op)) {
    result.byOperation[&op] = result.allStages.size();
    Stage stage{Stage::Kind::Pad,
                numPads ? "pad_" + std::to_string(numPads) : "pad",
                op.getResult(0),
                {},
                {},
                nullptr};
    numPads += isPad;
    if (const Reduction *sum = result.reduction(&op))
      stage = {Stage::Kind::Sum, sum->sumName, op.getResult(0), {}, {}, &op};
    if (failed(addStage(std::move(stage))))
      return failure();
  }
  for (Value value : op.getResults())
    if (points.values.contains(value) && failed(addPoint(value)))
      return failure();
  return success();
}

FailureOr<KernelStages> StageFinder::find() {
  if (failed(describeReductions()))
    return failure();
  nameStages();
  for (Operation &op : body)
    if (failed(addStagesOf(op)))
      return failure();
  // A returned argument is a stage that copies it.
  for (Value point : points.values)
    if (isa<BlockArgument>(point) && failed(addPoint(point)))
      return failure();
  return std::move(result);
}

} // namespace mlir::sepconv

//===----------------------------------------------------------------------===//
// KernelStages
//===----------------------------------------------------------------------===//

FailureOr<KernelStages> KernelStages::analyze(func::FuncOp kernel) {
  if (kernel.isExternal() || !llvm::hasSingleElement(kernel.getBody()))
    return kernel.emitError("a kernel must have a body with a single block"), failure();
  FailureOr<KernelStages> stages = StageFinder(kernel).find();
  if (failed(stages))
    return failure();
  // C22: whoever asks what the kernel is, before or after it is lowered, gets one answer.
  if (auto written = kernel->getAttrOfType<ArrayAttr>("sepconv.pattern");
      written && !llvm::equal(written.getAsValueRange<StringAttr>(), stages->pattern()))
    return kernel.emitError("C22: 'sepconv.pattern' must be the kernel's stages, ")
               << Builder(kernel.getContext()).getStrArrayAttr(stages->pattern()) << ", got "
               << written,
           failure();
  for (unsigned i = 0; i < kernel.getNumArguments(); ++i)
    stages->inputs += isa<RankedTensorType>(kernel.getArgument(i).getType()) &&
                      !kernel.getArgAttr(i, "sepconv.weight");
  return stages;
}

const Stage *KernelStages::lookup(StringRef name) const {
  auto it = byName.find(name);
  return it == byName.end() ? nullptr : &allStages[it->second];
}

const Stage *KernelStages::pointOf(Value value) const {
  auto it = byValue.find(value);
  return it == byValue.end() ? nullptr : &allStages[it->second];
}

const Stage *KernelStages::stageOf(Operation *op) const {
  auto it = byOperation.find(op);
  return it == byOperation.end() ? nullptr : &allStages[it->second];
}

const Reduction *KernelStages::reduction(Operation *op) const {
  auto it = reductionOf.find(op);
  return it == reductionOf.end() ? nullptr : &allReductions[it->second];
}
