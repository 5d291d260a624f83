//===- CudaPart.cpp - workspace and weights of a product for GPUs -----------------===//

#include "sepconv/Product/Cuda.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace mlir::sepconv;

std::pair<unsigned, bool> CudaCode::capability() const {
  StringRef rest = chip;
  unsigned number = 0;
  rest.consume_front("sm_");
  rest.consumeInteger(10, number);
  return {number, !rest.empty()};
}

int64_t CudaPart::workspaceBytes() const {
  int64_t most = 0;
  for (const CudaCode &code : codes)
    most = std::max(most, code.workspaceBytes);
  return product.model.dynamicBatch ? llvm::alignTo(most, kCudaAlignment) : most;
}

int64_t CudaPart::weightsBytes() const {
  int64_t most = 0;
  for (const CudaCode &code : codes)
    most = std::max<int64_t>(most, code.weights.size());
  return most;
}

bool CudaPart::weightsAreAFile() const {
  return product.weightsMode == WeightsMode::File && weightsBytes() > 0;
}

int64_t CudaPart::placeWeights(SmallVectorImpl<int64_t> &offsets) const {
  int64_t bytes = 0;
  llvm::DenseMap<StringRef, int64_t> places;
  for (const CudaCode &code : codes) {
    StringRef content(code.weights.data(), code.weights.size());
    auto [place, isNew] = places.try_emplace(content, bytes);
    if (isNew)
      bytes = alignToBuffer(bytes + content.size());
    offsets.push_back(place->second);
  }
  return bytes;
}

int64_t CudaPart::weightsFileBytes() const {
  SmallVector<int64_t> offsets;
  return placeWeights(offsets) + kIdentityBytes;
}

/// A hash of all weights, of where they belong, and of the chips and kernels that they are for.
std::pair<uint64_t, uint64_t> CudaPart::weightsIdentity() const {
  std::string text;
  for (const CudaCode &code : codes) {
    text.append(code.weights.begin(), code.weights.end());
    text += code.chip + code.ptx;
  }
  llvm::XXH128_hash_t hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(text));
  return {hash.low64, hash.high64};
}

SmallVector<char> CudaPart::weightsFile() const {
  SmallVector<int64_t> offsets;
  SmallVector<char> file(placeWeights(offsets));
  for (auto [code, offset] : llvm::zip_equal(codes, offsets))
    llvm::copy(code.weights, file.begin() + offset);
  auto [low, high] = weightsIdentity();
  file.resize_for_overwrite(file.size() + kIdentityBytes);
  llvm::support::endian::write64le(file.end() - 16, low);
  llvm::support::endian::write64le(file.end() - 8, high);
  return file;
}
