//===- Reduction.h - what a reduction of a kernel is, in schedules' terms --------===//
#pragma once

#include "sepconv/IR/Sizes.h"

namespace mlir::sepconv {

/// The names of a value's dimensions, outermost first: the last ones of z, y, x, c after b. What is
/// between b and z is d1, d2, ...; a single dimension is c.
SmallVector<std::string> dimNames(unsigned rank);

/// A linalg operation with reduction iterators.
struct Reduction {
  linalg::LinalgOp op;
  /// depthwise, pointwise, conv, dense, pool or reduce: see classifyReduction.
  StringRef role;
  /// The stage that is the reduction itself: NAME_sum.
  std::string sumName;

  /// The output's dimensions, outermost first, and the iterator of each.
  SmallVector<std::string> dims;
  SmallVector<unsigned> iterators;

  /// The reduction's dimensions (ky, kx, kc, r0, ...) with their extents, in iterator order, and
  /// the iterator of each.
  SmallVector<std::pair<std::string, SizeRange>> reductionDims;
  SmallVector<unsigned> reductionIterators;

  /// How far apart the windows of neighbouring output elements start, and the elements of one
  /// window: for each of `dims`; 1 where there is no window.
  SmallVector<int64_t> strides, dilations;

  /// The block argument that is the second operand, seen through reshapes, or null; and whether it
  /// is a constant at every call (sepconv.weight), so that it may be packed.
  Value weight;
  bool isConstantWeight = false;

  /// The loop of this dimension, of the output or the reduction.
  std::optional<unsigned> iteratorOf(StringRef dim) const;

  /// The dimension of `weight` that is this dimension of the output or the reduction, if there is
  /// one.
  std::optional<unsigned> getWeightDim(StringRef dim) const;

  /// The names of an operand's dimensions, outermost first: the output's dimension that it goes
  /// along (with a window or without), else the reduction's, else d0, d1, ...
  SmallVector<std::string> getOperandDims(unsigned operand) const;
};

/// The reduction's role, which says which loops it has. Two operands are read, and all positions
/// share the second one: "depthwise" goes over a window (ky, kx) of images, "conv" over a window
/// and channels (ky, kx, kc), "pointwise" (images) and "dense" over channels (kc). One is read:
/// "pool" goes over a window. "reduce": anything else.
StringRef classifyReduction(linalg::LinalgOp op);

/// Describes a reduction but for its `sumName`; says on the operation what it cannot describe.
FailureOr<Reduction> describeReduction(linalg::LinalgOp op, const Sizes &sizes);

/// The value that `value` is a reshape of.
Value lookThroughReshapes(Value value);

} // namespace mlir::sepconv
