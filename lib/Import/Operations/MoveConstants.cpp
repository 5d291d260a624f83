//===- MoveConstants.cpp - moves the elements of constants -----------------------===//

#include "MoveConstants.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// The next place in the order of the elements.
static void advance(MutableArrayRef<int64_t> at, ArrayRef<int64_t> shape) {
  for (size_t dim = at.size(); dim-- > 0;) {
    if (++at[dim] < shape[dim])
      return;
    at[dim] = 0;
  }
}

Value ops::moveConstant(TensorBuilder &b, Value value, ArrayRef<int64_t> shape, Source source) {
  DenseElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return {};
  RankedTensorType type = typeOf(value);
  unsigned bits = type.getElementTypeBitWidth();
  if (bits % 8 || !type.getElementType().isIntOrFloat())
    return {};
  // A splat of any size is small, and what is made of it need not be.
  constexpr int64_t maxElements = 1 << 28;
  if (type.clone(shape).getNumElements() > maxElements)
    return {};
  size_t bytes = bits / 8;
  ArrayRef<char> from = elements.getRawData();
  auto result = type.clone(shape);
  std::vector<char> moved(result.getNumElements() * bytes, 0);
  SmallVector<int64_t> at(shape.size(), 0), place(type.getRank(), 0);
  for (int64_t i = 0, e = result.getNumElements(); i < e; ++i, advance(at, shape)) {
    if (!source(at, place))
      continue;
    int64_t offset = 0;
    for (auto [index, size] : llvm::zip_equal(place, type.getShape()))
      offset = offset * size + index;
    std::copy_n(from.data() + (elements.isSplat() ? 0 : offset * bytes), bytes,
                moved.data() + i * bytes);
  }
  return arith::ConstantOp::create(b.builder, b.loc,
                                   DenseElementsAttr::getFromRawBuffer(result, moved));
}

Value ops::convertConstant(TensorBuilder &b, Value value, FloatType element) {
  DenseElementsAttr elements;
  if (!value || !matchPattern(value, m_Constant(&elements)) ||
      !isa<FloatType>(elements.getElementType()))
    return {};
  SmallVector<APFloat> converted;
  for (APFloat number : elements.getValues<APFloat>()) {
    bool losesInfo;
    number.convert(element.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    converted.push_back(number);
  }
  return arith::ConstantOp::create(b.builder, b.loc,
                                   DenseElementsAttr::get(typeOf(value).clone(element), converted));
}
