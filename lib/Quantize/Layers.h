//===- Layers.h - layers as sums of products of integers -------------------------===//
#pragma once

#include "../Import/Operations/IntegerSums.h"
#include "NetworkBuilder.h"

namespace mlir::sepconv::quantize {

/// The elements of a constant of float32.
SmallVector<float> numbersOf(Value constant);

/// A layer's filter as integers, and what 1 stands for in each output channel.
struct IntegerFilter {
  SmallVector<int8_t> integers;
  SmallVector<float> scales;
};
IntegerFilter integerFilter(Operation *layer, const ops::Quantization &input,
                            ArrayRef<float> bias = {});

/// The weights of a layer of floats as integers: [-127, 127] by a scale for each output channel,
/// and the bias as sums.
struct LayerWeights {
  ops::Quantized filter;
  Value bias;
  SmallVector<double> sumScales; // what 1 of a sum stands for
};

/// `correction` is added to the bias, if there is one.
LayerWeights weightsOf(NetworkBuilder &b, Operation *layer, const ops::Quantization &input,
                       ArrayRef<float> correction);

/// The sums of a layer of the network, with its input and weights as integers.
Value sumsOf(NetworkBuilder &b, Operation *layer, const ops::Quantized &input,
             const LayerWeights &weights);

/// The numbers that sums stand for, with the layer's activation: in float32.
Value realResult(NetworkBuilder &b, Operation *layer, Value sums, ArrayRef<double> sumScales);

/// The same as integers at once.
Value integerResult(NetworkBuilder &b, Operation *layer, Value sums, ArrayRef<double> sumScales,
                    const ops::Quantization &output);

/// The nearest integers of numbers in float32, whatever their tensor (Q6).
Value toIntegers(NetworkBuilder &b, Value numbers, const ops::Quantization &output);

/// The output's channels of a layer and the weights of each, in the filter's order.
int64_t channelsOf(Operation *layer);
Value filterOf(Operation *layer);
Value biasOf(Operation *layer);
ActivationAttr activationOf(Operation *layer);
void setWeights(Operation *layer, Value filter, Value bias);

} // namespace mlir::sepconv::quantize
