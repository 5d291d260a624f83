//===- Convolution.h - what a call computes --------------------------------------===//
#pragma once

#include "Arguments.h"
#include "sepconv/IR/Sizes.h"

#include "mlir/IR/OwningOpRef.h"

namespace mlir::sepconv::function {

/// The convolution that a call is, whatever the function calls its parts. A type is null where the
/// call has no such tensor, or a wrong one.
struct Convolution {
  DataFormat format = DataFormat::NHWC;
  std::array<int64_t, 2> strides{1, 1}, dilations{1, 1};
  SmallVector<int64_t, 4> padding{0, 0, 0, 0};
  /// Padding is SAME, of a size that is not known.
  bool same = false;
  /// What the input's height and width can be where they are not known.
  ImageSizes dynamicSizes;
  RankedTensorType input, depthwise, pointwise, bias, output;
  /// What a layer says of its variables, as sepconv-variables-to-arguments says it.
  NamedAttrList depthwiseAttributes, pointwiseAttributes, biasAttributes;
  ActivationAttr activation;
  RegularizerAttr activityRegularizer;
  bool isSoftmax = false, isBatchDynamic = false;

  unsigned channelDim() const { return format == DataFormat::NHWC ? 3 : 1; }
  unsigned spatialDim() const { return format == DataFormat::NHWC ? 1 : 2; }
};

/// Reads a call's arguments. Each step reports all that is wrong with what it reads, and the next
/// ones look at what is right.
Convolution readConvolution(const Signature &signature, Arguments &arguments,
                            const ImageSizes &sizes, MLIRContext *context);

/// The `import` stage of a call without problems.
OwningOpRef<ModuleOp> buildModule(const Signature &signature, const Convolution &convolution,
                                  StringRef name, MLIRContext *context);

} // namespace mlir::sepconv::function
