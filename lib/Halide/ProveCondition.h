//===- ProveCondition.h - whether a condition holds for all dynamic sizes ---===//
#pragma once

#include "SizeExprs.h"

namespace mlir::sepconv {

/// Whether a condition on dynamic sizes holds for all of them. What bounds do not decide is tried
/// with every size. Otherwise `counterexample` has sizes for which it does not hold, by dynamic
/// size; none if there are too many to try.
bool holdsForAll(const Halide::Expr &condition, const SizeExprs &sizes,
                 SmallVectorImpl<int64_t> &counterexample);

} // namespace mlir::sepconv
