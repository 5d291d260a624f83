//===- Windows.h - windows as ONNX's attributes say them -------------------------===//
#pragma once

#include "../Operations/Windows.h"
#include "Node.h"

namespace mlir::sepconv::onnx {

/// Reads auto_pad, dilations, pads and strides of a window of this size over an image in NCHW.
ops::Window readWindow(NodeContext &node, ArrayRef<int64_t> size);

/// The window of a convolution; nothing after reporting if the filter is not one of such an input.
std::optional<ops::Window> readConvolution(NodeContext &node);
/// False after reporting groups that the input and the filter do not have.
bool checkGroups(NodeContext &node, int64_t groups);
/// [a, b, spatial...] as [spatial..., b, a] or, without `swap`, [spatial..., a, b].
Value channelsLast(NodeContext &node, Value filter, bool swap);
/// The same of a depthwise convolution: [spatial..., channels, multiplier].
Value depthwiseFilter(NodeContext &node, Value filter, int64_t channels);

} // namespace mlir::sepconv::onnx
