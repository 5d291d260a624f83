//===- OperandRules.h - rules that operations share ------------------------------===//
//
// The rules C1, C2, ... are those of dialect/README.md.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "ElementTypes.h"
#include "sepconv/IR/SepConv.h"

namespace mlir::sepconv {

/// The positions of height, width and channels in a shape of rank 4.
struct Dimensions {
  explicit Dimensions(DataFormat format)
      : height(format == DataFormat::NHWC ? 1 : 2), width(height + 1),
        channels(format == DataFormat::NHWC ? 3 : 1) {}
  unsigned height, width, channels;
};

/// C2, C3, C4: `count` integers of at least `least`.
LogicalResult checkPositive(Report error, StringRef rule, StringRef name, ArrayRef<int64_t> values,
                            size_t count, int64_t least);

/// C18: no number is so large that the arithmetic on shapes could overflow.
LogicalResult checkLimit(Report error, StringRef name, ArrayRef<int64_t> values);
LogicalResult checkLimit(Report error, StringRef name, RankedTensorType type);

/// C5: the bias, where there is one, has one element for each output channel.
LogicalResult checkBias(Report error, Value bias, int64_t channels);

/// C1: a filter is a tensor of rank 4 with static sizes of at least 1.
LogicalResult checkFilterRank(Report error, StringRef name, Value filter);

/// C8: the depthwise filter has one slice for each input channel.
LogicalResult checkDepthwiseFilter(Report error, StringRef name, Value filter, int64_t channels);

RankedTensorType typeOf(Value value);

/// 0 where the rank is wrong, which another rule says.
int64_t channelsOf(RankedTensorType input, DataFormat format);

} // namespace mlir::sepconv
