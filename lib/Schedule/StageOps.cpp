//===- StageOps.cpp - the verifiers of stages and updates ------------------------===//
//
// The rules cited here (S6, S7, ...) are those of schedules/README.md.
//
//===----------------------------------------------------------------------===//

#include "sepconv/Schedule/Schedule.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::schedule;

/// The group of directives of which a stage has one at most, or "".
static StringRef placementOf(Operation &op) {
  if (isa<ComputeAtOp, ComputeRootOp, ComputeInlineOp>(op))
    return "compute_at, compute_root and compute_inline";
  if (isa<StoreAtOp, StoreRootOp>(op))
    return "store_at and store_root";
  if (isa<HoistStorageOp, StoreInOp, PackOp>(op))
    return op.getName().stripDialect();
  return "";
}

LogicalResult StageOp::verifyRegions() {
  llvm::StringSet<> placements;
  Block &body = *getBody().begin();
  for (Operation &op : body) {
    if (!isa<ScheduleDirective, UseOp>(op))
      return op.emitOpError("S6: a schedule.stage can only contain directives");
    StringRef placement = placementOf(op);
    if (!placement.empty() && !placements.insert(placement).second)
      return op.emitOpError("S9: a stage has at most one of ") << placement;
    if (auto at = op.getAttrOfType<StringAttr>("stage"); at && at == getName())
      return op.emitOpError("S12: a stage must not be placed in a loop of its own");
    if (isa<PackOp, ExpandOp, WrapOp>(op) && !isSumName(getName()))
      return op.emitOpError("S10: only sums can be packed, expanded or wrapped (\"")
             << getName() << "_sum\"), got \"" << getName() << "\"";
    if (isa<ExpandOp>(op) && !llvm::hasSingleElement(body))
      return op.emitOpError(
          "S10: an expanded sum is computed where it is read, so it cannot have other directives");
    if (isa<ComputeInlineOp>(op) && isSumName(getName()))
      return op.emitOpError("S10: a sum has an update definition, so it cannot be inlined; use "
                            "schedule.expand to write it as one expression");
  }
  return success();
}

LogicalResult UpdateOp::verify() {
  if (!isSumName(getName()))
    return emitOpError("S7: only sums have an update definition, got \"") << getName() << "\"";
  return success();
}

LogicalResult UpdateOp::verifyRegions() {
  for (Operation &op : *getBody().begin())
    if (!isa<LoopDirective, UseOp>(op))
      return op.emitOpError(
          "S6: a schedule.update can only contain directives for loops (split, fuse, "
          "rename, reorder, vectorize, unroll, parallel, prefetch, "
          "prefetch_next, rfactor, tensorize, gpu_blocks, gpu_threads, gpu_lanes)");
  return success();
}
