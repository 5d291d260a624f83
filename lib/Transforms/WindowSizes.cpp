//===- WindowSizes.cpp - what a window operation moves over its input ------------===//

#include "WindowSizes.h"
#include "sepconv/IR/Sizes.h"
#include "sepconv/IR/Window.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::sepconv;

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

SmallVector<OpFoldResult> WindowSizes::output(int64_t channels) {
  SmallVector<OpFoldResult> sizes{builder.getIndexAttr(typeOf(input).getDimSize(0))};
  for (unsigned i : {0u, 1u}) {
    int64_t known = typeOf(input).getDimSize(1 + i);
    sizes.push_back(
        ShapedType::isDynamic(known) || same
            ? apply(windowOutputSize(size(), window[i], strides[i], dilations[i], same,
                                     padding[2 * i], padding[2 * i + 1]),
                    i)
            : builder.getIndexAttr(windowOutputSize(known, window[i], strides[i], dilations[i],
                                                    padding[2 * i], padding[2 * i + 1])));
  }
  sizes.push_back(builder.getIndexAttr(channels));
  return sizes;
}

std::pair<OpFoldResult, OpFoldResult> WindowSizes::around(unsigned i) {
  if (!same)
    return {builder.getIndexAttr(padding[2 * i]), builder.getIndexAttr(padding[2 * i + 1])};
  AffineExpr before = samePaddingBefore(size(), window[i], strides[i], dilations[i]);
  return {apply(before, i), apply(dilatedSize(window[i], dilations[i]) - 1 - before, i)};
}

Value WindowSizes::padded(double value) {
  auto [top, bottom] = around(0);
  auto [left, right] = around(1);
  if (llvm::all_of(ArrayRef{top, bottom, left, right}, isZeroInteger))
    return input;
  OpFoldResult none = builder.getIndexAttr(0);
  Value constant = createConstant(builder, loc, typeOf(input).getElementType(), value);
  return tensor::PadOp::create(builder, loc, Type(), input, ArrayRef{none, top, left, none},
                               ArrayRef{none, bottom, right, none}, constant);
}

std::pair<AffineExpr, AffineExpr> sepconv::windowPosition(MLIRContext *context,
                                                          ArrayRef<int64_t> strides,
                                                          ArrayRef<int64_t> dilations) {
  auto dim = [&](unsigned i) { return getAffineDimExpr(i, context); };
  return {dim(1) * strides[0] + dim(4) * dilations[0], dim(2) * strides[1] + dim(5) * dilations[1]};
}
