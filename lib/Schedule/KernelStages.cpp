//===- KernelStages.cpp - the stages of a kernel that schedules name -------------===//

#include "sepconv/Schedule/KernelStages.h"

#include "sepconv/Schedule/Schedule.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::sepconv;

static bool isReduction(Operation *op) {
  auto linalgOp = dyn_cast_or_null<linalg::LinalgOp>(op);
  return linalgOp && linalgOp.getNumReductionLoops() > 0;
}

/// What a reduction reads is computed before it, unless nothing is computed: views of arguments,
/// constants and shapes.
static bool isComputed(Value value) {
  Value source = lookThroughReshapes(value);
  return source.getDefiningOp() && !source.getDefiningOp()->hasTrait<OpTrait::ConstantLike>() &&
         !isa<tensor::EmptyOp>(source.getDefiningOp());
}

namespace mlir::sepconv {

/// Finds the stages of one kernel.
class StageFinder {
public:
  explicit StageFinder(func::FuncOp kernel) : body(kernel.getBody().front()), sizes(kernel) {}

  FailureOr<KernelStages> find();

private:
  void findPoints();
  LogicalResult describeReductions();
  /// The last reduction in the body that the point contains, or null.
  Operation *lastReduction(Value point) const;
  void nameStages();
  LogicalResult addStage(Stage stage);
  LogicalResult addStagesOf(Operation &op);
  LogicalResult addPoint(Value point);

  Block &body;
  Sizes sizes;
  KernelStages result;
  llvm::SetVector<Value> points;
  /// The name and the last reduction of each point.
  llvm::DenseMap<Value, std::string> names;
  llvm::DenseMap<Value, Operation *> last;
  unsigned numPads = 0;
};

void StageFinder::findPoints() {
  auto add = [&](Value value) {
    while (auto pad = value.getDefiningOp<tensor::PadOp>())
      value = pad.getSource();
    if (isComputed(value))
      points.insert(value);
  };
  llvm::SetVector<Value> returned;
  for (Operation &op : body) {
    if (isReduction(&op))
      for (Value input : cast<linalg::LinalgOp>(op).getDpsInputs())
        if (isa<RankedTensorType>(input.getType()))
          add(input);
    if (isa<func::ReturnOp>(op))
      points.insert(op.operand_begin(), op.operand_end());
  }
  // In the order of the body: a returned value may come before one that is read.
  llvm::SetVector<Value> ordered;
  for (Operation &op : body)
    for (Value value : op.getResults())
      if (points.contains(value))
        ordered.insert(value);
  ordered.insert(points.begin(), points.end());
  points = std::move(ordered);
}

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

Operation *StageFinder::lastReduction(Value point) const {
  Operation *last = nullptr;
  SmallVector<Operation *> worklist;
  llvm::DenseSet<Operation *> seen;
  auto visit = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (op && (value == point || !points.contains(value)) && seen.insert(op).second)
      worklist.push_back(op);
  };
  visit(point);
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    if (isReduction(op)) {
      if (!last || last->isBeforeInBlock(op))
        last = op;
      continue;
    }
    // Bodies may read values from outside too.
    op->walk([&](Operation *nested) { llvm::for_each(nested->getOperands(), visit); });
  }
  return last;
}

/// Points have the names of their last reductions; the reduction has the first such point's. One
/// that is the last of no point (an operand of an addition, say) has a name of its own.
void StageFinder::nameStages() {
  for (Value point : points) {
    Operation *reduction = last[point] = lastReduction(point);
    result.roles.push_back(reduction ? result.reduction(reduction)->role : "elementwise");
  }
  llvm::StringSet<> taken;
  for (auto [point, name] : llvm::zip_equal(points, schedule::getStageNames(result.pattern()))) {
    names[point] = name;
    taken.insert(name);
    if (Operation *op = last[point])
      if (Reduction &sum = result.allReductions[result.reductionOf[op]]; sum.sumName.empty())
        sum.sumName = name + "_sum";
  }
  for (Reduction &sum : result.allReductions)
    for (unsigned n = 1; sum.sumName.empty(); ++n)
      if (std::string name = sum.role + "_" + std::to_string(n); taken.insert(name).second)
        sum.sumName = name + "_sum";
}

LogicalResult StageFinder::addStage(Stage stage) {
  auto type = dyn_cast<RankedTensorType>(stage.value.getType());
  AffineMap shape = type ? sizes.shape(stage.value) : AffineMap();
  if (!shape)
    return emitError(stage.value.getLoc(), "a stage of a kernel must be a tensor of static shape, "
                                           "or of dynamic sizes, got ")
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
  return addStage({Stage::Kind::Point, names[point], point, {}, {}, last[point]});
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
    if (points.contains(value) && failed(addPoint(value)))
      return failure();
  return success();
}

FailureOr<KernelStages> StageFinder::find() {
  findPoints();
  if (failed(describeReductions()))
    return failure();
  nameStages();
  for (Operation &op : body)
    if (failed(addStagesOf(op)))
      return failure();
  // A returned argument is a stage that copies it.
  for (Value point : points)
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
    return kernel.emitError("a kernel must have a body of one block"), failure();
  FailureOr<KernelStages> stages = StageFinder(kernel).find();
  if (succeeded(stages))
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

SmallVector<StringRef> KernelStages::pattern() const {
  return SmallVector<StringRef>(roles.begin(), roles.end());
}

llvm::StringMap<int64_t> KernelStages::facts() const {
  llvm::StringMap<int64_t> facts;
  facts["inputs"] = inputs;
  for (const Stage &stage : allStages) {
    auto set = [&](const Twine &fact, int64_t value) {
      facts[(stage.name + "." + fact).str()] = value;
    };
    auto setSize = [&](const Twine &dim, const SizeRange &range) {
      set(dim, range.greatest);
      set("least_" + dim, range.least);
      set("factor_" + dim, range.factor);
    };
    Type element = cast<RankedTensorType>(stage.value.getType()).getElementType();
    set("rank", stage.dims.size());
    set("bytes", element.isIntOrFloat() ? llvm::divideCeil(element.getIntOrFloatBitWidth(), 8) : 0);
    for (auto [dim, extent] : llvm::zip_equal(stage.dims, stage.extents))
      setSize(dim, extent);
    set("open", !llvm::all_of(stage.extents, [](SizeRange size) { return size.isKnown(); }));
    if (stage.kind != Stage::Kind::Sum)
      continue;
    const Reduction &sum = *reduction(stage.reduction);
    set("weight", sum.isConstantWeight);
    auto input = dyn_cast<RankedTensorType>(stage.reduction->getOperand(0).getType());
    if (input && input.getRank() && !input.isDynamicDim(input.getRank() - 1))
      set("input_c", input.getShape().back());
    for (StringRef dim : {"ky", "kx", "kc"}) // so that a condition can ask whether it has one
      set(dim, 0);
    for (auto &[dim, extent] : sum.reductionDims)
      setSize(dim, extent);
    for (auto [dim, stride, dilation] : llvm::zip_equal(sum.dims, sum.strides, sum.dilations)) {
      set("stride_" + dim, stride);
      set("dilation_" + dim, dilation);
    }
  }
  return facts;
}
