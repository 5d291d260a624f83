//===- WeightsBlob.h - all constants of a model in one piece of memory -----------===//
#pragma once

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace mlir::sepconv {

/// How a kernel wants a weight stored: [ceil(N_d / tile)][other dimensions in order][tile], filled
/// up with zeros. The argument attribute `sepconv.pack = {dim = d, tile = t}`.
struct Packing {
  int64_t dim = 0;
  int64_t tile = 0;

  /// The packing that an attribute describes; fails if the attribute is malformed or does not fit.
  static FailureOr<Packing> get(DictionaryAttr attribute, ArrayRef<int64_t> shape);
  int64_t packedElements(ArrayRef<int64_t> shape) const;
};

/// The elements of a constant in memory order; `storage` keeps them if they have to be made.
FailureOr<ArrayRef<char>> getConstantBytes(ElementsAttr constant, std::vector<char> &storage);

/// The same elements in another order.
std::vector<char> pack(ArrayRef<char> bytes, ArrayRef<int64_t> shape, int64_t elementBytes,
                       Packing packing);

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
