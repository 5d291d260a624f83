//===- FloatCasts.h - casts between types of floats, moved along tensors ---------===//
#pragma once

#include "mlir/IR/PatternMatch.h"

namespace mlir::sepconv {

/// A tensor or a number of floats as one of another type: by arith.extf or arith.truncf.
Value castFloats(OpBuilder &builder, Location loc, Value value, Type element);

/// Has operations that read casts from `storage` read what was cast, and cast their results
/// instead. Layers and what moves elements are then of that type; bodies of `linalg.generic` cast
/// what they read and yield. What no operation takes stays, as operations on tensors.
LogicalResult pushCasts(Operation *root, Type storage);

/// The casts that stayed, as elementwise operations of linalg.
LogicalResult convertCasts(Operation *root);

} // namespace mlir::sepconv
