//===- BatchNorm.h - batch normalization as a scale and a shift ------------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

namespace mlir::sepconv {

/// The elements of a constant tensor of floats; nothing if `value` is not constant.
std::optional<SmallVector<double>> constantElements(Value value);

/// A constant of `type` with `elements`, each rounded once.
Value createConstant(OpBuilder &builder, Location loc, RankedTensorType type,
                     ArrayRef<double> elements);

/// What a batch normalization does to each channel: x * scale + shift.
struct ScaleAndShift {
  SmallVector<double> scale, shift;
};

/// The scale and shift of `op`, computed in double precision, if all of its parameters are
/// constant.
std::optional<ScaleAndShift> constantScaleAndShift(BatchNormOp op);

/// x * scale + shift along dimension `axis`, as a linalg.generic.
Value createScaleAndShift(OpBuilder &builder, Location loc, Value input, Value scale, Value shift,
                          unsigned axis);

} // namespace mlir::sepconv
