//===- CorrectBias.cpp - what rounded weights change on average ------------------===//

#include "CorrectBias.h"
#include "Layers.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;

/// The input's channels that an output channel of a grouped convolution reads begin at one of them.
static size_t firstChannel(Operation *layer, size_t output) {
  auto conv = dyn_cast<Conv2DOp>(layer);
  if (!conv || conv.getGroups() == 1)
    return 0;
  size_t group = output / (channelsOf(layer) / conv.getGroups());
  return group * ops::shapeOf(conv.getFilter())[2];
}

/// The sum of the errors of an output channel's weights, each times the mean of what it reads. The
/// padding is taken for an image that goes on.
static SmallVector<float> correctionOf(Operation *layer, const ops::Quantization &input,
                                       ArrayRef<float> means) {
  SmallVector<float> numbers = numbersOf(filterOf(layer));
  IntegerFilter filter = integerFilter(layer, input);
  size_t outputs = channelsOf(layer);
  ArrayRef<int64_t> shape = ops::shapeOf(filterOf(layer));
  size_t last = shape.back(), channels = shape[shape.size() - 2];
  SmallVector<float> correction(outputs, 0);
  for (auto [i, x] : llvm::enumerate(numbers)) {
    size_t output = i % outputs;
    float error = filter.integers[i] * filter.scales[output] - x;
    correction[output] -= error * means[firstChannel(layer, output) + i / last % channels];
  }
  return correction;
}

void quantize::correctBiases(Rewriting &rewriting, const DenseMap<Value, Statistics> &statistics) {
  for (Operation *layer : rewriting.plan.layers()) {
    Value input = layer->getOperand(0);
    auto known = statistics.find(input);
    if (known != statistics.end())
      rewriting.corrections[layer] =
          correctionOf(layer, rewriting.quantizations.find(input)->second, known->second.means());
  }
}
