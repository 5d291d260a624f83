//===- Packing.cpp - the order of a weight's elements in memory ------------------===//

#include "sepconv/IR/Packing.h"

#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;
using namespace mlir::sepconv;

FailureOr<Packing> Packing::get(DictionaryAttr attribute, ArrayRef<int64_t> shape) {
  auto dim = attribute.getAs<IntegerAttr>("dim");
  auto tile = attribute.getAs<IntegerAttr>("tile");
  if (!dim || !tile || dim.getInt() < 0 || dim.getInt() >= int64_t(shape.size()) ||
      tile.getInt() < 1)
    return failure();
  return Packing{dim.getInt(), tile.getInt()};
}

int64_t Packing::packedElements(ArrayRef<int64_t> shape) const {
  int64_t others = 1;
  for (auto [index, size] : llvm::enumerate(shape))
    others *= int64_t(index) == dim ? 1 : size;
  return llvm::divideCeil(shape[dim], tile) * tile * others;
}

std::vector<char> sepconv::pack(ArrayRef<char> bytes, ArrayRef<int64_t> shape, int64_t elementBytes,
                                Packing packing) {
  int64_t outer = 1, inner = 1, size = shape[packing.dim];
  for (int64_t d = 0; d < packing.dim; ++d)
    outer *= shape[d];
  for (int64_t d = packing.dim + 1, rank = shape.size(); d < rank; ++d)
    inner *= shape[d];
  std::vector<char> packed(packing.packedElements(shape) * elementBytes, 0);
  // Element (o, i, n) of [outer][size][inner] goes to [i / tile][o][n][i % tile].
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < size; ++i)
      for (int64_t n = 0; n < inner; ++n) {
        int64_t from = (o * size + i) * inner + n;
        int64_t to = ((i / packing.tile * outer + o) * inner + n) * packing.tile + i % packing.tile;
        std::memcpy(&packed[to * elementBytes], &bytes[from * elementBytes], elementBytes);
      }
  return packed;
}
