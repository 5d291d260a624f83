//===- FoldPadding.cpp - zero padding into the convolutions after it -------------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_FOLDPADDING
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// The zeros that `pad` puts around an image, as a convolution's padding says it: top, bottom,
/// left, right. Nothing if it pads otherwise.
std::optional<SmallVector<int64_t, 4>> zeroPadding(tensor::PadOp pad, DataFormat format) {
  Value value = pad.getConstantPaddingValue();
  auto low = getConstantIntValues(pad.getMixedLowPad());
  auto high = getConstantIntValues(pad.getMixedHighPad());
  if (!value || !matchPattern(value, m_AnyZeroFloat()) || !low || !high || low->size() != 4)
    return std::nullopt;
  unsigned height = format == DataFormat::NHWC ? 1 : 2, width = height + 1;
  for (unsigned dim = 0; dim < 4; ++dim)
    if (dim != height && dim != width && ((*low)[dim] || (*high)[dim]))
      return std::nullopt;
  SmallVector<int64_t, 4> padding{(*low)[height], (*high)[height], (*low)[width], (*high)[width]};
  // A tensor.pad may crop, a convolution may not.
  if (llvm::any_of(padding, [](int64_t size) { return size < 0; }))
    return std::nullopt;
  return padding;
}

/// Other readers of the padded image keep it.
template <typename Op> void foldPaddingInto(Op layer) {
  while (auto pad = layer.getInput().template getDefiningOp<tensor::PadOp>()) {
    auto padding = zeroPadding(pad, layer.getDataFormat());
    if (!padding)
      return;
    for (auto [size, before] : llvm::zip_equal(*padding, layer.getPadding()))
      size += before;
    layer.setPadding(*padding);
    layer.getInputMutable().set(pad.getSource());
    layer->setLoc(FusedLoc::get(layer.getContext(), {pad.getLoc(), layer.getLoc()}));
    if (pad->use_empty())
      pad.erase();
  }
}

struct FoldPadding : sepconv::impl::FoldPaddingBase<FoldPadding> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      llvm::TypeSwitch<Operation *>(op).Case<Conv2DOp, DepthwiseConv2DOp, SeparableConv2DOp>(
          [](auto layer) { foldPaddingInto(layer); });
    });
  }
};

} // namespace
