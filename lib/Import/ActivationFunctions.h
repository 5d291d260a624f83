//===- ActivationFunctions.h - activation functions by their names ---------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

#include <string>

namespace mlir::sepconv {

/// The function that keras.activations has under this name; null if there is none. Softmax is none:
/// it is no function of one element.
ActivationAttr activationNamed(MLIRContext *context, StringRef name);

/// All names of activations, softmax too, sorted.
std::string activationNames();

/// Softmax along an axis, which counts from the end if it is negative.
Value buildSoftmax(OpBuilder &builder, Location loc, Value value, int64_t axis);

} // namespace mlir::sepconv
