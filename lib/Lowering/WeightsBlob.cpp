//===- WeightsBlob.cpp - all constants of a model in one piece of memory ---------===//

#include "sepconv/Lowering/WeightsBlob.h"
#include "sepconv/Product/ModelInterface.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/Support/xxhash.h"

#include <cstring>

using namespace mlir;
using namespace mlir::sepconv;

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
