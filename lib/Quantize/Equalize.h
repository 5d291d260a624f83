//===- Equalize.h - channels of one range ----------------------------------------===//
#pragma once

#include "Plan.h"
#include "Ranges.h"

namespace mlir::sepconv::quantize {

/// Divides each channel of a tensor between layers by a number, and multiplies the weights that
/// read it, so that all its channels use the integers of its one scale. Changes the weights of the
/// network, whose function stays what it was, and the divisors of the statistics. Only where a
/// scale for all would lose much: returns how many tensors were changed.
size_t equalize(const Plan &plan, DenseMap<Value, Statistics> &statistics);

} // namespace mlir::sepconv::quantize
