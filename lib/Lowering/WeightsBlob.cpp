//===- WeightsBlob.cpp - all constants of a model in one piece of memory ---------===//

#include "sepconv/Lowering/WeightsBlob.h"
#include "sepconv/Product/ModelInterface.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/xxhash.h"

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

FailureOr<ArrayRef<char>> sepconv::getConstantBytes(ElementsAttr constant,
                                                    std::vector<char> &storage) {
  ShapedType type = constant.getShapedType();
  if (!type.getElementType().isIntOrFloat() || type.getElementTypeBitWidth() % 8 != 0)
    return failure();
  size_t size = type.getNumElements() * elementBytes(type.getElementType());
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob || blob->getData().size() != size)
      return failure();
    return blob->getData();
  }
  auto dense = dyn_cast<DenseElementsAttr>(constant);
  if (!dense)
    return failure();
  ArrayRef<char> raw = dense.getRawData();
  if (raw.size() == size)
    return raw;
  // A splat holds one element.
  storage.resize(size);
  for (size_t at = 0; at < size; at += raw.size())
    std::memcpy(storage.data() + at, raw.data(), raw.size());
  return ArrayRef<char>(storage);
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

int64_t WeightsBlob::add(ArrayRef<char> bytes) {
  uint64_t hash = llvm::xxh3_64bits(
      ArrayRef<uint8_t>(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
  SmallVector<int64_t, 1> &candidates = piecesByHash[{hash, int64_t(bytes.size())}];
  for (int64_t offset : candidates)
    if (ArrayRef<char>(blob).slice(offset, bytes.size()) == bytes)
      return offset;
  int64_t offset = alignToBuffer(blob.size());
  blob.resize(offset, 0);
  blob.insert(blob.end(), bytes.begin(), bytes.end());
  candidates.push_back(offset);
  return offset;
}
