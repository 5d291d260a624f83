//===- SameKernels.cpp - kernels whose functions are one --------------------------===//

#include "SameKernels.h"
#include "sepconv/IR/Sizes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OperationSupport.h"

using namespace mlir;
using namespace mlir::sepconv;

static bool isConstant(Value value) { return matchPattern(value, m_Constant()); }

static bool areSame(const SameKernels &one, const SameKernels &other) {
  KernelOp first = one.kernels.front(), second = other.kernels.front();
  return one.weights == other.weights && one.shapes == other.shapes &&
         OperationEquivalence::isRegionEquivalentTo(&first.getBody(), &second.getBody(),
                                                    OperationEquivalence::IgnoreLocations);
}

/// Equal for those that are the same; below the keys that DenseMap has for itself.
static uint64_t hashOf(const SameKernels &kernels) {
  KernelOp kernel = kernels.kernels.front();
  auto hash = llvm::hash_combine(llvm::hash_combine_range(kernels.weights),
                                 llvm::hash_combine_range(kernels.shapes),
                                 llvm::hash_combine_range(kernel.getInputs().getTypes()));
  kernel.getBody().walk([&](Operation *op) {
    hash = llvm::hash_combine(
        hash, OperationEquivalence::computeHash(op, OperationEquivalence::ignoreHashValue,
                                                OperationEquivalence::ignoreHashValue,
                                                OperationEquivalence::IgnoreLocations));
  });
  return uint64_t(hash) >> 1;
}

SmallVector<SameKernels> sepconv::groupSameKernels(ModuleOp module) {
  SmallVector<SameKernels> groups;
  DenseMap<uint64_t, SmallVector<unsigned, 1>> byHash;
  for (auto entry : module.getOps<func::FuncOp>()) {
    Sizes sizes(entry);
    auto shapeOf = [&](Value input) {
      auto type = dyn_cast<RankedTensorType>(input.getType());
      return type && !type.hasStaticShape() ? sizes.shape(input) : AffineMap();
    };
    entry.walk([&](KernelOp kernel) {
      SameKernels own{{kernel},
                      llvm::map_to_vector(kernel.getInputs(), isConstant),
                      llvm::map_to_vector(kernel.getInputs(), shapeOf)};
      SmallVector<unsigned, 1> &alike = byHash[hashOf(own)];
      auto *same =
          llvm::find_if(alike, [&](unsigned group) { return areSame(groups[group], own); });
      if (same != alike.end()) {
        groups[*same].kernels.push_back(kernel);
        return;
      }
      alike.push_back(groups.size());
      groups.push_back(std::move(own));
    });
  }
  return groups;
}
