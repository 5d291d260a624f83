//===- SingleLaneStores.cpp - masked stores of one element -----------------------===//

#include "SingleLaneStores.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

/// The only lane of a constant mask.
static std::optional<unsigned> singleLane(llvm::Value *mask) {
  auto *constant = dyn_cast<Constant>(mask);
  auto *type = dyn_cast<FixedVectorType>(mask->getType());
  std::optional<unsigned> lane;
  for (unsigned i = 0; constant && type && i < type->getNumElements(); ++i) {
    Constant *element = constant->getAggregateElement(i);
    if (!element || (!element->isNullValue() && (!element->isOneValue() || lane)))
      return std::nullopt;
    if (element->isOneValue())
      lane = i;
  }
  return lane;
}

void mlir::sepconv::expandSingleLaneStores(Module &module) {
  for (Function &function : module)
    for (Instruction &instruction : make_early_inc_range(instructions(function))) {
      auto *store = dyn_cast<IntrinsicInst>(&instruction);
      if (!store || store->getIntrinsicID() != Intrinsic::masked_store)
        continue;
      std::optional<unsigned> lane = singleLane(store->getArgOperand(store->arg_size() - 1));
      if (!lane)
        continue;
      IRBuilder<> b(store);
      llvm::Value *element = b.CreateExtractElement(store->getArgOperand(0), *lane);
      llvm::Value *address =
          b.CreateConstInBoundsGEP1_64(element->getType(), store->getArgOperand(1), *lane);
      b.CreateAlignedStore(element, address, Align(1));
      store->eraseFromParent();
    }
}
