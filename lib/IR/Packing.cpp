//===- Packing.cpp - the order of a weight's elements in memory ------------------===//

#include "sepconv/IR/Packing.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;
using namespace mlir::sepconv;

FailureOr<Packing> Packing::get(DictionaryAttr attribute, ArrayRef<int64_t> shape) {
  int64_t rank = shape.size();
  auto dim = attribute.getAs<IntegerAttr>("dim");
  auto tile = attribute.getAs<IntegerAttr>("tile");
  if (!dim || !tile || dim.getInt() < 0 || dim.getInt() >= rank || tile.getInt() < 1)
    return failure();
  Packing packing{dim.getInt(), tile.getInt(), {}, 1, 0};
  auto along = attribute.getAs<DenseI64ArrayAttr>("along");
  if (!along)
    return packing;
  auto terms = attribute.getAs<IntegerAttr>("terms");
  auto shift = attribute.getAs<IntegerAttr>("shift");
  if (!terms || terms.getInt() != 4 || !shift || along.empty())
    return failure();
  for (int64_t other : along.asArrayRef())
    if (other < 0 || other >= rank || other == packing.dim ||
        llvm::count(along.asArrayRef(), other) != 1)
      return failure();
  packing.along.assign(along.asArrayRef().begin(), along.asArrayRef().end());
  packing.terms = terms.getInt();
  packing.shift = shift.getInt();
  return packing;
}

DictionaryAttr Packing::attribute(MLIRContext *context) const {
  Builder builder(context);
  NamedAttrList list;
  list.set("dim", builder.getI64IntegerAttr(dim));
  list.set("tile", builder.getI64IntegerAttr(tile));
  if (isGrouped()) {
    list.set("along", builder.getDenseI64ArrayAttr(along));
    list.set("terms", builder.getI64IntegerAttr(terms));
    list.set("shift", builder.getI64IntegerAttr(shift));
  }
  return list.getDictionary(context);
}

int64_t Packing::termsAlong(ArrayRef<int64_t> shape) const {
  int64_t count = 1;
  for (int64_t other : along)
    count *= shape[other];
  return count;
}

int64_t Packing::groups(ArrayRef<int64_t> shape) const {
  return llvm::divideCeil(termsAlong(shape), terms);
}

int64_t Packing::rows(ArrayRef<int64_t> shape) const {
  int64_t others = 1;
  for (auto [index, size] : llvm::enumerate(shape))
    others *= int64_t(index) == dim || llvm::is_contained(along, int64_t(index)) ? 1 : size;
  return others * groups(shape) + (shift != 0);
}

int64_t Packing::packedElements(ArrayRef<int64_t> shape) const {
  return llvm::divideCeil(shape[dim], tile) * tile * rows(shape);
}

namespace {
/// Puts bytes into groups. Offsets are those of the tensor's elements.
class GroupPacker {
public:
  GroupPacker(ArrayRef<char> bytes, ArrayRef<int64_t> shape, const Packing &packing);
  std::vector<char> run();

private:
  /// The offsets of all elements of some dimensions, the last one fastest.
  SmallVector<int64_t> offsets(ArrayRef<int64_t> dims) const;

  ArrayRef<char> bytes;
  ArrayRef<int64_t> shape;
  const Packing &packing;
  SmallVector<int64_t> strides, others;
};
} // namespace

GroupPacker::GroupPacker(ArrayRef<char> bytes, ArrayRef<int64_t> shape, const Packing &packing)
    : bytes(bytes), shape(shape), packing(packing), strides(shape.size(), 1) {
  for (int64_t d = shape.size() - 1; d-- > 0;)
    strides[d] = strides[d + 1] * shape[d + 1];
  for (int64_t d = 0, rank = shape.size(); d < rank; ++d)
    if (d != packing.dim && !llvm::is_contained(packing.along, d))
      others.push_back(d);
}

SmallVector<int64_t> GroupPacker::offsets(ArrayRef<int64_t> dims) const {
  SmallVector<int64_t> all{0};
  for (int64_t dim : dims) {
    SmallVector<int64_t> finer;
    for (int64_t offset : all)
      for (int64_t i = 0; i < shape[dim]; ++i)
        finer.push_back(offset + i * strides[dim]);
    all = std::move(finer);
  }
  return all;
}

std::vector<char> GroupPacker::run() {
  SmallVector<int64_t> rows = offsets(others), terms = offsets(packing.along);
  int64_t groups = packing.groups(shape), count = terms.size();
  std::vector<char> packed(packing.packedElements(shape) * 4, 0);
  for (int64_t channel = 0; channel < shape[packing.dim]; ++channel) {
    char *tile = &packed[channel / packing.tile * packing.rows(shape) * packing.tile * 4];
    char *lane = tile + channel % packing.tile * 4;
    int64_t first = channel * strides[packing.dim];
    uint32_t sum = 0; // modulo 2^32, as the sums are
    for (auto [row, offset] : llvm::enumerate(rows))
      for (int64_t term = 0; term < count; ++term) {
        char weight = bytes[first + offset + terms[term]];
        sum += static_cast<uint32_t>(static_cast<signed char>(weight));
        int64_t group = term / packing.terms, begin = firstTerm(group, packing.terms, count);
        int64_t word = (packing.shift != 0) + row * groups + group;
        lane[word * packing.tile * 4 + term - begin] = weight;
      }
    if (packing.shift)
      llvm::support::endian::write32le(lane, sum * static_cast<uint32_t>(packing.shift));
  }
  return packed;
}

std::vector<char> sepconv::pack(ArrayRef<char> bytes, ArrayRef<int64_t> shape, int64_t elementBytes,
                                const Packing &packing) {
  if (packing.isGrouped())
    return GroupPacker(bytes, shape, packing).run();
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
