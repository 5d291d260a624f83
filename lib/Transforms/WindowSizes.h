//===- WindowSizes.h - what a window operation moves over its input --------------===//
#pragma once

#include "LinalgForms.h"

namespace mlir::sepconv {

/// What a window operation moves over its input: its numbers along height and width. Sizes that are
/// known only when the product runs are computed then.
struct WindowSizes {
  template <typename Op>
  WindowSizes(OpBuilder &builder, Op op, ArrayRef<int64_t> window, ArrayRef<int64_t> dilations)
      : builder(builder), loc(op.getLoc()), input(op.getInput()), window(window),
        strides(op.getStrides()), dilations(dilations), padding(op.getPadding()),
        same(op.getSame()) {}

  /// The sizes of the output, but for its channels.
  SmallVector<OpFoldResult> output(int64_t channels);
  /// The padding before the input along the height or the width, and behind it.
  std::pair<OpFoldResult, OpFoldResult> around(unsigned i);
  /// The input with all its padding, elements of `value`.
  Value padded(double value = 0);

  OpFoldResult inputSize(unsigned i) { return tensor::getMixedSize(builder, loc, input, 1 + i); }
  /// An expression in the input's size.
  OpFoldResult apply(AffineExpr expr, unsigned i) {
    return affine::makeComposedFoldedAffineApply(builder, loc, expr, inputSize(i));
  }
  AffineExpr size() const { return getAffineDimExpr(0, builder.getContext()); }

  OpBuilder &builder;
  Location loc;
  Value input;
  ArrayRef<int64_t> window, strides, dilations, padding;
  bool same;
};

/// The positions of the input under the window's element (ky, kx) of the output's (y, x).
std::pair<AffineExpr, AffineExpr> windowPosition(MLIRContext *context, ArrayRef<int64_t> strides,
                                                 ArrayRef<int64_t> dilations);

} // namespace mlir::sepconv
