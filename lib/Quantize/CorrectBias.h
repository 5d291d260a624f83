//===- CorrectBias.h - what rounded weights change on average --------------------===//
#pragma once

#include "Ranges.h"
#include "Rewrite.h"

namespace mlir::sepconv::quantize {

/// Finds for each layer what must be added to its bias so that the mean of its sums, over the
/// samples, is that of the weights before they were rounded.
void correctBiases(Rewriting &rewriting, const DenseMap<Value, Statistics> &statistics);

} // namespace mlir::sepconv::quantize
