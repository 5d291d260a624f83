//===- Directives.cpp - the loops of directives, and their verifiers -------------===//
//
// The rules cited here (S8, S11, ...) are those of schedules/README.md.
//
//===----------------------------------------------------------------------===//

#include "sepconv/Schedule/DotInstruction.h"
#include "sepconv/Schedule/Schedule.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace mlir::schedule;

using Loops = SmallVector<StringRef>;

static Loops strings(ArrayAttr array) { return Loops(array.getAsValueRange<StringAttr>()); }

static constexpr size_t unbounded = ~size_t(0);

/// S11: loops have names of their own, at least `least` and at most `most` of them.
static LogicalResult verifyLoops(Operation *op, ArrayRef<StringRef> loops, size_t least,
                                 size_t most) {
  if (loops.size() < least || loops.size() > most) {
    InFlightDiagnostic diag = op->emitOpError("S11: expected ") << least;
    if (most == unbounded)
      diag << " or more";
    else if (most != least)
      diag << " to " << most;
    return diag << (least == 1 && most == 1 ? " loop" : " loops") << ", got " << loops.size();
  }
  llvm::StringSet<> seen;
  for (StringRef loop : loops) {
    if (!isIdentifier(loop))
      return op->emitOpError("S11: a loop's name must be letters, digits and '_', got \"")
             << loop << "\"";
    if (!seen.insert(loop).second)
      return op->emitOpError("S11: loop \"") << loop << "\" is named twice";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The loops that directives use and make
//===----------------------------------------------------------------------===//

Loops SplitOp::getUsedLoops() { return {getLoop()}; }
Loops SplitOp::getNewLoops() { return strings(getParts()); }
Loops FuseOp::getUsedLoops() { return strings(getLoops()); }
Loops FuseOp::getNewLoops() { return {getNewLoop()}; }
Loops RenameOp::getUsedLoops() { return {getLoop()}; }
Loops RenameOp::getNewLoops() { return {getNewLoop()}; }
Loops ReorderOp::getUsedLoops() { return strings(getLoops()); }
Loops VectorizeOp::getUsedLoops() { return {getLoop()}; }
Loops UnrollOp::getUsedLoops() { return {getLoop()}; }
Loops ParallelOp::getUsedLoops() { return {getLoop()}; }
Loops GpuBlocksOp::getUsedLoops() { return strings(getLoops()); }
Loops GpuThreadsOp::getUsedLoops() { return strings(getLoops()); }
Loops GpuLanesOp::getUsedLoops() { return {getLoop()}; }
Loops RfactorOp::getUsedLoops() { return {getLoop()}; }
Loops TensorizeOp::getUsedLoops() { return strings(getLoops()); }
Loops TensorizeOp::getNewLoops() { return {getNewLoop()}; }
Loops PrefetchOp::getUsedLoops() {
  return getAt() == getFrom() ? Loops{getAt()} : Loops{getAt(), getFrom()};
}
Loops PrefetchNextOp::getUsedLoops() { return {getOf()}; }

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

LogicalResult SplitOp::verify() {
  return failure(failed(verifyLoops(*this, {getLoop()}, 1, 1)) ||
                 failed(verifyLoops(*this, getNewLoops(), 2, 2)));
}

LogicalResult FuseOp::verify() {
  return failure(failed(verifyLoops(*this, getUsedLoops(), 2, 2)) ||
                 failed(verifyLoops(*this, {getNewLoop()}, 1, 1)));
}

LogicalResult RenameOp::verify() { return verifyLoops(*this, {getLoop(), getNewLoop()}, 2, 2); }

LogicalResult ReorderOp::verify() { return verifyLoops(*this, getUsedLoops(), 2, unbounded); }

/// S13: a tail strategy is for the split that a factor makes.
template <typename Op> static LogicalResult verifyMark(Op op) {
  if (!op.getFactor() && op.getTail() != TailStrategy::Auto)
    return op.emitOpError("S13: a tail strategy requires a factor (by \"...\")");
  return verifyLoops(op, {op.getLoop()}, 1, 1);
}

LogicalResult VectorizeOp::verify() { return verifyMark(*this); }
LogicalResult UnrollOp::verify() { return verifyMark(*this); }
LogicalResult ParallelOp::verify() { return verifyMark(*this); }

/// S10: the operands of a sum have names.
template <typename Op> static LogicalResult verifyOperand(Op op) {
  if (operandNumber(op.getOperand()))
    return success();
  return op.emitOpError("S10: the operands of a sum are \"input\" and \"weight\", got \"")
         << op.getOperand() << "\"";
}

LogicalResult PrefetchOp::verify() {
  if (!isa<UpdateOp>((*this)->getParentOp()))
    return emitOpError("S6: a sum reads its operands in its update (schedule.update)");
  return failure(failed(verifyOperand(*this)) || failed(verifyLoops(*this, getUsedLoops(), 1, 2)));
}

LogicalResult PrefetchNextOp::verify() { return verifyLoops(*this, getUsedLoops(), 1, 1); }

LogicalResult GpuBlocksOp::verify() { return verifyLoops(*this, getUsedLoops(), 1, 3); }
LogicalResult GpuThreadsOp::verify() { return verifyLoops(*this, getUsedLoops(), 1, 3); }
LogicalResult GpuLanesOp::verify() { return verifyLoops(*this, getUsedLoops(), 1, 1); }

LogicalResult BoundOp::verify() { return verifyLoops(*this, {getDim()}, 1, 1); }
LogicalResult BoundExtentOp::verify() { return verifyLoops(*this, {getDim()}, 1, 1); }
LogicalResult AlignBoundsOp::verify() { return verifyLoops(*this, {getDim()}, 1, 1); }
LogicalResult ReadAheadOp::verify() { return verifyLoops(*this, {getDim()}, 1, 1); }
LogicalResult AlignStorageOp::verify() { return verifyLoops(*this, {getDim()}, 1, 1); }

LogicalResult WrapOp::verify() {
  if (failed(verifyOperand(*this)))
    return failure();
  if (!isIdentifier(getWrapper()) || isSumName(getWrapper()))
    return emitOpError("S7: a wrapper's name must be letters, digits and '_' and not end in _sum, "
                       "got \"")
           << getWrapper() << "\"";
  return success();
}

LogicalResult RfactorOp::verify() {
  if (!isa<UpdateOp>((*this)->getParentOp()))
    return emitOpError("S6: rfactor applies to the update of a sum (schedule.update)");
  if (!isIdentifier(getPart()) || isSumName(getPart()))
    return emitOpError("S7: the name of a partial sum must be letters, digits and '_' and not end "
                       "in _sum, got \"")
           << getPart() << "\"";
  return verifyLoops(*this, {getLoop()}, 1, 1);
}

/// S18: also that it comes first; whether the kernel and the target fit is seen for each kernel.
LogicalResult TensorizeOp::verify() {
  if (!isa<UpdateOp, DefineOp>((*this)->getParentOp()))
    return emitOpError("S6: tensorize applies to the update of a sum (schedule.update)");
  StringRef name = getInstruction();
  SmallVector<StringRef> known;
  for (const sepconv::DotInstruction &instruction : sepconv::dotInstructions())
    known.push_back(instruction.name);
  bool isFormal = !name.empty() && llvm::all_of(name, llvm::isUpper);
  if (!isFormal && !llvm::is_contained(known, name))
    return emitOpError("S18: the instructions are ")
           << llvm::join(known, ", ") << ", got \"" << name << "\"";
  return failure(failed(verifyLoops(*this, getUsedLoops(), 1, unbounded)) ||
                 failed(verifyLoops(*this, {getNewLoop()}, 1, 1)));
}

LogicalResult PackOp::verify() { return verifyLoops(*this, {getDim()}, 1, 1); }
