//===- Packing.h - the order of a weight's elements in memory --------------------===//
#pragma once

#include "mlir/IR/BuiltinAttributes.h"

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

/// The elements of a tensor in that order.
std::vector<char> pack(ArrayRef<char> bytes, ArrayRef<int64_t> shape, int64_t elementBytes,
                       Packing packing);

} // namespace mlir::sepconv
