//===- LinalgForms.h - what the linalg forms of the layers are made of -----------===//
//
// Shared by the files of sepconv-convert-to-linalg.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::sepconv {

/// The type that numbers of a float type are computed in: narrower ones than float32 are for
/// memory.
Type computedIn(Type element);
RankedTensorType computedIn(RankedTensorType type);

/// Computes one element from the elements of the inputs, all of them in the type that the output's
/// are computed in.
using ScalarBody = llvm::function_ref<Value(OpBuilder &, Location, ValueRange)>;

/// The constant `value` of a type of floats or integers.
Value createConstant(OpBuilder &builder, Location loc, Type type, double value);

/// The sum of two floats or integers.
Value createSum(OpBuilder &builder, Location loc, Value a, Value b);

/// The body of a sum of products: args[2] + args[0] * args[1].
Value multiplyAdd(OpBuilder &builder, Location loc, ValueRange args);

/// A value of `type` computed element by element, each rounded once; `maps` index the inputs, the
/// first one by the identity.
Value createElementwise(OpBuilder &builder, Location loc, RankedTensorType type, ValueRange inputs,
                        ArrayRef<AffineMap> maps, ScalarBody body);

/// A reduction into a tensor of these sizes and of the type that `element` is computed in; it
/// starts as `init`. The loops are the dimensions of the output, then `reductions` ones; `maps`
/// index the inputs, and the body is given their elements and the accumulator. The first input's
/// integers may have no sign.
Value createReduction(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> sizes, Type element,
                      double init, unsigned reductions, ValueRange inputs, ArrayRef<AffineMap> maps,
                      ScalarBody body, bool isFirstUnsigned = false);

/// What follows a layer's sum: its bias along the last dimension, its activation and the rounding
/// to `type`, in one elementwise operation; `value` itself when there is none of them.
Value createEpilogue(OpBuilder &builder, Location loc, RankedTensorType type, Value value,
                     Value bias = {}, ActivationAttr activation = {});

/// The activation function of one element, by Keras 3's formula. A NaN stays a NaN.
Value createActivation(OpBuilder &builder, Location loc, ActivationAttr activation, Value x);

/// Whether an average pool is small enough for the numbers that it is divided by.
LogicalResult checkAverage(Pool2DOp op);

void populateConvolutionPatterns(RewritePatternSet &patterns);
void populatePoolPatterns(RewritePatternSet &patterns);

} // namespace mlir::sepconv
