//===- Activations.h - activation functions --------------------------------------===//
//
// Those of the dialect, which a layer's operation can have, and others, which come after it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// One of the dialect's functions; the value itself if it is linear or null.
Value activate(TensorBuilder &b, Value value, ActivationAttr function);

/// A function by its name in keras.activations or keras.ops that is none of the dialect's, its
/// parameters having their defaults; null if there is none.
using ActivationBuilder = Value (*)(TensorBuilder &, Value);
ActivationBuilder findActivation(StringRef name);
/// Their names.
SmallVector<StringRef> activationNames();

/// min(max(slope * x + offset, 0), 1)
Value hardSigmoid(TensorBuilder &b, Value value, double slope, double offset);
/// x where it is at least 0, elsewhere x * slope, which broadcasts.
Value prelu(TensorBuilder &b, Value value, Value slope);
Value celu(TensorBuilder &b, Value value, double alpha);
/// x where its magnitude is above the threshold, nearer to 0 by `bias`; 0 elsewhere.
Value shrink(TensorBuilder &b, Value value, double threshold, double bias);
/// x where it is above the threshold, a number elsewhere.
Value threshold(TensorBuilder &b, Value value, double threshold, double otherwise);
/// (x + sqrt(x^2 + b)) / 2
Value squareplus(TensorBuilder &b, Value value, double offset);
/// The first half of a dimension times the sigmoid of the second.
Value gatedLinearUnit(TensorBuilder &b, Value value, int64_t dim);

/// The nearest of the numbers from `least` to `greatest` that integers of `bits` bits can stand
/// for, moved so that 0 is one of them.
Value fakeQuantize(TensorBuilder &b, Value value, double least, double greatest, int64_t bits,
                   bool isNarrow);

} // namespace mlir::sepconv::ops
