//===- WeightsBlob.h - all constants of a model in one piece of memory -----------===//
#pragma once

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace mlir::sepconv {

/// The elements of a constant in memory order; `storage` keeps them if they have to be made.
FailureOr<ArrayRef<char>> getConstantBytes(ElementsAttr constant, std::vector<char> &storage);

/// Collects pieces, each aligned, equal ones once.
class WeightsBlob {
public:
  /// The offset of a piece with these bytes.
  int64_t add(ArrayRef<char> bytes);
  ArrayRef<char> bytes() const { return blob; }

private:
  std::vector<char> blob;
  DenseMap<std::pair<uint64_t, int64_t>, SmallVector<int64_t, 1>> piecesByHash;
};

} // namespace mlir::sepconv
