//===- Packing.h - the order of a weight's elements in memory --------------------===//
#pragma once

#include "mlir/IR/BuiltinAttributes.h"

#include <vector>

namespace mlir::sepconv {

/// How a kernel wants a weight stored: [ceil(N_d / tile)][other dimensions in order][tile], filled
/// up with zeros. The argument attribute `sepconv.pack = {dim = d, tile = t}`.
///
/// For an instruction that adds up several products of bytes at once, the elements of the
/// dimensions `along` are taken together, the last one fastest, in groups of `terms`, each of them
/// a word of 32 bits: [ceil(N_d / tile)][other dimensions in order][groups][tile] words. With a
/// `shift`, a row of [tile] words in front of each tile has what the sums begin with: the sum of
/// the weights times it.
struct Packing {
  int64_t dim = 0;
  int64_t tile = 0;
  SmallVector<int64_t> along;
  int64_t terms = 1;
  int64_t shift = 0;

  /// The packing that an attribute describes; fails if the attribute is malformed or does not fit.
  static FailureOr<Packing> get(DictionaryAttr attribute, ArrayRef<int64_t> shape);
  DictionaryAttr attribute(MLIRContext *context) const;

  bool isGrouped() const { return !along.empty(); }
  int64_t packedElements(ArrayRef<int64_t> shape) const;
  /// The rows of a tile of groups, and how many groups the terms make.
  int64_t rows(ArrayRef<int64_t> shape) const;
  int64_t groups(ArrayRef<int64_t> shape) const;
  int64_t termsAlong(ArrayRef<int64_t> shape) const;
};

/// The first one of a group's terms, of so many in all: the last group is moved inwards, so that no
/// read goes beyond the end; its weights of terms that the group before has are zero.
inline int64_t firstTerm(int64_t group, int64_t terms, int64_t count) {
  return count < terms ? 0 : std::min(group * terms, count - terms);
}

/// The elements of a tensor in that order.
std::vector<char> pack(ArrayRef<char> bytes, ArrayRef<int64_t> shape, int64_t elementBytes,
                       const Packing &packing);

} // namespace mlir::sepconv
