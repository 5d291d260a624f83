//===- WindowShape.cpp - what a window makes of an image -------------------------===//

#include "WindowShape.h"
#include "sepconv/IR/Window.h"

using namespace mlir;
using namespace mlir::sepconv;

LogicalResult WindowShape::check(Report error) const {
  Dimensions at(format);
  if (input.getRank() != 4 || input.isDynamicDim(0) || input.isDynamicDim(at.channels))
    return error() << "C1: input must be a tensor of rank 4 with static sizes, except for height "
                      "and width, got "
                   << input;
  if (failed(checkPositive(error, "C2", "strides", strides, 2, 1)) ||
      failed(checkPositive(error, "C3", "dilations", dilations, 2, 1)) ||
      failed(checkPositive(error, "C4", "padding", padding, 4, 0)) ||
      failed(checkLimit(error, "strides", strides)) ||
      failed(checkLimit(error, "dilations", dilations)) ||
      failed(checkLimit(error, "padding", padding)) || failed(checkLimit(error, "input", input)))
    return failure();
  if (same && llvm::any_of(padding, [](int64_t p) { return p != 0; }))
    return error() << "C21: padding must be 0 with 'same'";
  return success();
}

/// The output's size along one dimension, dynamic as the input's is: rules C6 and C18.
FailureOr<int64_t> WindowShape::inferSize(Report error, unsigned i, int64_t extent) const {
  if (ShapedType::isDynamic(extent))
    return extent;
  auto [before, after] = same ? samePadding(extent, size[i], strides[i], dilations[i])
                              : std::make_pair(padding[2 * i], padding[2 * i + 1]);
  int64_t padded = extent + before + after;
  if (padded > kMaxSize)
    return error() << "C18: the padded input must have sizes of at most " << kMaxSize << ", got "
                   << padded << " along the " << (i == 0 ? "height" : "width"),
           failure();
  int64_t fits = windowOutputSize(extent, size[i], strides[i], dilations[i], before, after);
  if (fits < 0)
    return error() << "C6: a window of " << dilatedSize(size[i], dilations[i])
                   << " does not fit into the padded input of " << padded << " along the "
                   << (i == 0 ? "height" : "width"),
           failure();
  return fits;
}

FailureOr<RankedTensorType> WindowShape::infer(Report error) const {
  if (failed(check(error)))
    return failure();
  Dimensions at(format);
  SmallVector<int64_t> shape(input.getShape());
  for (unsigned i : {0u, 1u}) {
    int64_t &extent = shape[i == 0 ? at.height : at.width];
    FailureOr<int64_t> inferred = inferSize(error, i, extent);
    if (failed(inferred))
      return failure();
    extent = *inferred;
  }
  shape[at.channels] = outputChannels;
  auto output = RankedTensorType::get(shape, outputElement);
  if (failed(checkLimit(error, "output", output)))
    return failure();
  return output;
}
