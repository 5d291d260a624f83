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

/// The number that `pad` puts around an image: 0 of floats, any of integers.
std::optional<int64_t> paddingValue(tensor::PadOp pad, bool isUnsigned) {
  Value value = pad.getConstantPaddingValue();
  APInt integer;
  if (value && matchPattern(value, m_ConstantInt(&integer)))
    return isUnsigned ? integer.getZExtValue() : integer.getSExtValue();
  return value && matchPattern(value, m_AnyZeroFloat()) ? std::optional(0) : std::nullopt;
}

/// What `pad` puts around an image, as a convolution's padding says it: top, bottom, left, right.
/// Nothing if it pads otherwise.
std::optional<SmallVector<int64_t, 4>> paddingOf(tensor::PadOp pad, DataFormat format) {
  auto low = getConstantIntValues(pad.getMixedLowPad());
  auto high = getConstantIntValues(pad.getMixedHighPad());
  if (!low || !high || low->size() != 4)
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
    auto padding = paddingOf(pad, layer.getDataFormat());
    auto value = paddingValue(pad, layer.getUnsignedInput());
    // Of two paddings with different numbers the inner one stays.
    bool hasPadding = llvm::any_of(layer.getPadding(), [](int64_t size) { return size != 0; });
    if (!padding || !value || layer.getSame() ||
        (hasPadding && *value != int64_t(layer.getPaddingValue())))
      return;
    layer.setPaddingValue(*value);
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
