//===- RoundToIntegers.cpp - roundings that a conversion does --------------------===//

#include "RoundToIntegers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;

/// The number of which `value` is the lesser or the greater one beside an integer, or null.
static llvm::Value *clamped(llvm::Value *value) {
  auto *select = dyn_cast<SelectInst>(value);
  auto *compare = select ? dyn_cast<FCmpInst>(select->getCondition()) : nullptr;
  if (!compare || !compare->hasOneUse())
    return nullptr;
  llvm::Value *bound = select->getTrueValue(), *other = select->getFalseValue();
  if (isa<Constant>(other))
    std::swap(bound, other);
  const APFloat *number;
  bool comparesThem = (compare->getOperand(0) == bound && compare->getOperand(1) == other) ||
                      (compare->getOperand(0) == other && compare->getOperand(1) == bound);
  return comparesThem && match(bound, m_APFloat(number)) && number->isInteger() ? other : nullptr;
}

/// What was rounded, if a chain of clamps is all that uses it; a clamp is two uses.
static IntrinsicInst *roundingOf(llvm::Value *value) {
  while (llvm::Value *inner = clamped(value)) {
    if (!inner->hasNUses(2))
      return nullptr;
    value = inner;
    if (auto *call = dyn_cast<IntrinsicInst>(value);
        call && call->getIntrinsicID() == Intrinsic::roundeven)
      return call;
  }
  auto *call = dyn_cast<IntrinsicInst>(value);
  return call && call->getIntrinsicID() == Intrinsic::roundeven && call->hasOneUse() ? call
                                                                                     : nullptr;
}

void mlir::sepconv::roundToIntegers(Module &module) {
  SmallVector<Instruction *> replaced;
  for (Function &function : module)
    for (Instruction &instruction : instructions(function)) {
      auto *conversion = dyn_cast<FPToSIInst>(&instruction);
      if (!conversion || !conversion->getType()->getScalarType()->isIntegerTy(32) ||
          !conversion->getOperand(0)->getType()->getScalarType()->isFloatTy())
        continue;
      // The conversion must be the only one that sees the clamped number.
      if (!conversion->getOperand(0)->hasOneUse())
        continue;
      IntrinsicInst *rounding = roundingOf(conversion->getOperand(0));
      if (!rounding)
        continue;
      // Rounding is monotonic and leaves integers as they are: it may follow the clamps.
      rounding->replaceAllUsesWith(rounding->getArgOperand(0));
      IRBuilder<> b(conversion);
      llvm::Value *number = conversion->getOperand(0);
      conversion->replaceAllUsesWith(b.CreateIntrinsic(
          Intrinsic::lrint, {conversion->getType(), number->getType()}, {number}));
      llvm::append_values(replaced, conversion, rounding);
    }
  for (Instruction *instruction : replaced) // those that use another one come first
    instruction->eraseFromParent();
}
