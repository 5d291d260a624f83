//===- Windows.h - windows as ONNX's attributes say them -------------------------===//
#pragma once

#include "../Operations/Windows.h"
#include "Node.h"

namespace mlir::sepconv::onnx {

/// Reads auto_pad, dilations, pads and strides of a window of this size over an image in NCHW.
ops::Window readWindow(NodeContext &node, ArrayRef<int64_t> size);

} // namespace mlir::sepconv::onnx
