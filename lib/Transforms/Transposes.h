//===- Transposes.h - moving transposes through a network ------------------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::sepconv {

/// A linalg.transpose: dimension i of the result is dimension `permutation[i]` of `value`.
Value createTranspose(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> permutation);

/// Patterns that compute on what is transposed instead of on its transpose, and transpose the
/// result. So transposes move towards the network's outputs, until they meet their inverse.
void populateSinkTransposePatterns(RewritePatternSet &patterns);

/// A pattern for transposes that move dimensions of size 1 only: these are other shapes of the same
/// elements.
void populateTransposeToReshapePatterns(RewritePatternSet &patterns);

} // namespace mlir::sepconv
