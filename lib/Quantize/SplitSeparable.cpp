//===- SplitSeparable.cpp - separable convolutions as the two that they are ------===//

#include "SplitSeparable.h"
#include "sepconv/IR/SepConv.h"

using namespace mlir;
using namespace mlir::sepconv;

static void split(SeparableConv2DOp op) {
  OpBuilder b(op);
  auto input = cast<RankedTensorType>(op.getInput().getType());
  auto output = cast<RankedTensorType>(op.getOutput().getType());
  auto pointwise = cast<RankedTensorType>(op.getPointwiseFilter().getType());
  unsigned channelDim = op.getDataFormat() == DataFormat::NHWC ? 3 : 1;
  SmallVector<int64_t> shape(output.getShape());
  shape[channelDim] = pointwise.getDimSize(2);
  Value depthwise = DepthwiseConv2DOp::create(
      b, op.getLoc(), RankedTensorType::get(shape, input.getElementType()), op.getInput(),
      op.getDepthwiseFilter(), Value(), op.getStrides(), op.getDilations(), op.getPadding(),
      op.getSame(), op.getDataFormat(), ActivationAttr(), /*unsigned_input=*/false,
      /*padding_value=*/0);
  int64_t one[] = {1, 1}, none[] = {0, 0, 0, 0};
  Value result = Conv2DOp::create(b, op.getLoc(), output, depthwise, op.getPointwiseFilter(),
                                  op.getBias(), one, one, none, /*same=*/false, op.getDataFormat(),
                                  /*groups=*/1, op.getActivationAttr(), /*unsigned_input=*/false,
                                  /*padding_value=*/0);
  op.replaceAllUsesWith(result);
  op.erase();
}

void quantize::splitSeparable(ModuleOp model) {
  model.walk([](SeparableConv2DOp op) {
    if (cast<RankedTensorType>(op.getInput().getType()).getElementType().isF32())
      split(op);
  });
}
