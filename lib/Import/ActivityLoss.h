//===- ActivityLoss.h - what the outputs of layers add to the loss ---------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

namespace mlir::sepconv {

/// Adds up the losses of activity regularizers, one for each call of a layer.
class ActivityLoss {
public:
  /// What the result of a layer's call adds; an orthogonal regularizer is for a
  /// matrix of at least two rows, or columns, as its mode says.
  void add(OpBuilder &b, Location loc, RegularizerAttr regularizer, Value output);
  /// The sum, a tensor<1xf32>; null if there is nothing to add up.
  Value total(OpBuilder &b, Location loc) const;

private:
  SmallVector<Value> terms;
};

} // namespace mlir::sepconv
