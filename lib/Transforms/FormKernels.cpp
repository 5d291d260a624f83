//===- FormKernels.cpp - groups a network's operations into kernels --------------===//

#include "FusionCost.h"
#include "KernelParts.h"
#include "sepconv/IR/Sizes.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/TargetDescription.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_FORMKERNELS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// The most operations of a kernel that others join: the time that a kernel takes to compile grows
/// faster than their number, and what 32 operations compute hides the time to move an element.
constexpr size_t kMostMembers = 32;

/// Operations that become one kernel, in their order. Only the last one's results are read outside.
struct Group {
  Operation *anchor = nullptr;
  SmallVector<Operation *> members;
};

Operation *lastConvolution(const Group &group) {
  for (Operation *op : llvm::reverse(group.members))
    if (isa<Conv2DOp, DepthwiseConv2DOp>(op))
      return op;
  return nullptr;
}

/// Forms the kernels of one block.
class KernelFormation {
public:
  KernelFormation(func::FuncOp function, const FusionMachine &machine, bool remarks)
      : block(function.getBody().front()), sizes(function), machine(machine), remarks(remarks) {}

  void run();

private:
  Group *groupEndingWith(Value value, Operation *onlyReader);
  Group *groupToJoin(Operation *op);
  Group *groupToExpand(DepthwiseConv2DOp op);
  bool fuseIntoConvolution(Conv2DOp op);
  void add(Operation *op);
  void build(Group &group);

  Block &block;
  Sizes sizes;
  FusionMachine machine;
  bool remarks;
  std::vector<std::unique_ptr<Group>> groups;
  DenseMap<Operation *, Group *> groupOf;
};

} // namespace

/// The group whose last operation makes `value`, if `onlyReader` alone reads it.
Group *KernelFormation::groupEndingWith(Value value, Operation *onlyReader) {
  Operation *producer = value.getDefiningOp();
  Group *group = producer ? groupOf.lookup(producer) : nullptr;
  if (!group || group->members.back() != producer || producer->getNumResults() != 1 ||
      !llvm::all_of(value.getUsers(), [&](Operation *user) { return user == onlyReader; }))
    return nullptr;
  return group;
}

/// The last of the groups that an elementwise operation can be the epilogue of: whatever else it
/// reads has been computed by then.
Group *KernelFormation::groupToJoin(Operation *op) {
  Group *last = nullptr;
  for (Value value : operandsInPlace(op)) {
    Group *group = groupEndingWith(value, op);
    if (group && group->members.size() < kMostMembers &&
        (!last || last->members.back()->isBeforeInBlock(group->members.back())))
      last = group;
  }
  return last;
}

/// The group of the pointwise convolution that the depthwise one reads, padded or not, if it joins
/// that.
Group *KernelFormation::groupToExpand(DepthwiseConv2DOp op) {
  Operation *reader = op;
  Value input = op.getInput();
  if (auto pad = input.getDefiningOp<tensor::PadOp>()) {
    reader = pad;
    input = pad.getSource();
  }
  Operation *producer = input.getDefiningOp();
  Group *group = producer ? groupOf.lookup(producer) : nullptr;
  auto pointwise = group ? dyn_cast<Conv2DOp>(group->anchor) : Conv2DOp();
  if (!pointwise || lastConvolution(*group) != pointwise)
    return nullptr;
  FusionDecision decision = decideExpansion(sizes.greatest(input), pointwise, op, machine);
  bool isOnlyReader = reader == op || reader->hasOneUse();
  if (decision.fuse && (!isOnlyReader || !groupEndingWith(input, reader)))
    decision = {false, 0, "the pointwise result has other users"};
  if (remarks && decision.fuse)
    op.emitRemark() << "fused pointwise with depthwise, saves " << decision.savedBytes << " bytes";
  else if (remarks)
    op.emitRemark() << "not fused with the convolution before it, because " << decision.reason;
  return decision.fuse ? group : nullptr;
}

/// Whether the convolution `op` joins the kernel of the depthwise one that it reads, or of the
/// elementwise operations.
bool KernelFormation::fuseIntoConvolution(Conv2DOp op) {
  Operation *producer = op.getInput().getDefiningOp();
  Group *group = producer ? groupOf.lookup(producer) : nullptr;
  Operation *before = group ? lastConvolution(*group) : nullptr;
  bool isDepthwise = isa_and_present<DepthwiseConv2DOp>(before);
  if (!group || (!isDepthwise && (before || partOf(group->anchor) != Part::Elementwise)))
    return false;
  StringRef kind = isDepthwise ? "depthwise" : "elementwise";
  auto filter = cast<RankedTensorType>(op.getFilter().getType());
  bool isPointwise = filter.getDimSize(0) == 1 && filter.getDimSize(1) == 1;
  RankedTensorType between = sizes.greatest(op.getInput());
  FusionDecision decision = isDepthwise || isPointwise
                                ? decidePointwise(between, kind, op, machine)
                                : decidePaddedCopy(between, group->members, op, machine);
  if (decision.fuse && !groupEndingWith(op.getInput(), op))
    decision = {false, 0, ("the " + kind + " result has other users").str()};
  if (remarks && decision.fuse)
    op.emitRemark() << "fused " << kind << " with " << (isPointwise ? "pointwise" : "convolution")
                    << ", saves " << decision.savedBytes << " bytes";
  else if (remarks)
    op.emitRemark() << "not fused with the " << kind
                    << (isDepthwise ? " convolution" : " operations") << " before it, because "
                    << decision.reason;
  return decision.fuse;
}

void KernelFormation::add(Operation *op) {
  Part part = partOf(op);
  if (part == Part::Outside || part == Part::Sunk)
    return;
  Group *group = nullptr;
  if (part == Part::Elementwise)
    group = groupToJoin(op);
  else if (auto depthwise = dyn_cast<DepthwiseConv2DOp>(op))
    group = groupToExpand(depthwise);
  else if (auto conv = dyn_cast<Conv2DOp>(op); conv && fuseIntoConvolution(conv))
    group = groupOf.lookup(conv.getInput().getDefiningOp());
  if (!group) {
    group = groups.emplace_back(std::make_unique<Group>()).get();
    group->anchor = op;
  }
  group->members.push_back(op);
  groupOf[op] = group;
}

/// Moves the members into a kernel that stands where the last of them stood.
void KernelFormation::build(Group &group) {
  Operation *last = group.members.back();
  SmallVector<Location> locations;
  for (Operation *member : group.members)
    locations.push_back(member->getLoc());
  OpBuilder builder(last);
  auto kernel = KernelOp::create(builder, builder.getFusedLoc(locations), last->getResultTypes(),
                                 ValueRange());
  Block *body = builder.createBlock(&kernel.getBody());

  IRMapping mapping;
  std::function<void(Operation *)> copy = [&](Operation *op) {
    op->walk([&](Operation *nested) {
      for (Value value : nested->getOperands()) {
        Operation *producer = value.getDefiningOp();
        if (mapping.contains(value) || value.getParentBlock() != &block)
          continue;
        if (producer && partOf(producer) == Part::Sunk) {
          copy(producer);
          continue;
        }
        kernel.getInputsMutable().append(value);
        mapping.map(value, body->addArgument(value.getType(), value.getLoc()));
      }
    });
    builder.setInsertionPointToEnd(body);
    builder.clone(*op, mapping);
  };
  for (Operation *member : group.members)
    copy(member);
  builder.setInsertionPointToEnd(body);
  SmallVector<Value> results =
      llvm::map_to_vector(last->getResults(), [&](Value result) { return mapping.lookup(result); });
  YieldOp::create(builder, last->getLoc(), results);
  last->replaceAllUsesWith(kernel.getResults());
  for (Operation *member : llvm::reverse(group.members)) {
    for (Operation *sunk : llvm::make_early_inc_range(member->getUsers()))
      sunk->erase(); // between two members
    member->erase();
  }
}

static void eraseDeadOperations(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

void KernelFormation::run() {
  eraseDeadOperations(block);
  for (Operation &op : block)
    add(&op);
  for (std::unique_ptr<Group> &group : groups)
    build(*group);
  eraseDeadOperations(block);
}

namespace {
struct FormKernels : sepconv::impl::FormKernelsBase<FormKernels> {
  using FormKernelsBase::FormKernelsBase;
  void runOnOperation() override {
    llvm::Expected<TargetDescription> description = loadTarget(target);
    if (!description) {
      getOperation().emitError() << llvm::toString(description.takeError());
      return signalPassFailure();
    }
    FusionMachine machine(description->facts);
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal() && !function.isPrivate())
        KernelFormation(function, machine, remarks).run();
  }
};
} // namespace
