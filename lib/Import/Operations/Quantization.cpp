//===- Quantization.cpp - integers that stand for numbers ------------------------===//

#include "Quantization.h"
#include "../Problems.h"
#include "Elementwise.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Value ops::dequantize(TensorBuilder &b, Value value, ArrayRef<float> scales,
                      ArrayRef<int64_t> zeros, int64_t dim) {
  ArrayRef<int64_t> shape = shapeOf(value);
  int64_t count = scales.size(), rank = shape.size();
  bool isEach = count != 1;
  if ((isEach && (dim < 0 || dim >= rank || shape[dim] != count)) ||
      (zeros.size() > 1 && zeros.size() != scales.size())) {
    b.error() << "expected one scale or one for each element of a dimension of shape "
              << shown(shape) << ", found " << count << " along dimension " << dim;
    return {};
  }
  auto zeroOf = [&](int64_t i) { return zeros.empty() ? 0 : zeros[zeros.size() == 1 ? 0 : i]; };
  DenseElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements))) {
    // Weights are many.
    int64_t inner = 1, at = 0;
    for (int64_t i = dim + 1; isEach && i < rank; ++i)
      inner *= shape[i];
    SmallVector<float> results;
    for (const APInt &element : elements.getValues<APInt>()) {
      int64_t i = isEach ? at++ / inner % count : 0;
      results.push_back((double(element.getSExtValue()) - double(zeroOf(i))) * scales[i]);
    }
    return b.constant(shape, results);
  }
  SmallVector<int64_t> along(isEach ? rank : 0, 1);
  if (isEach)
    along[dim] = count;
  SmallVector<float> offsets;
  for (int64_t i = 0; i < count; ++i)
    offsets.push_back(zeroOf(i));
  Value distance = apply(b, "subtract",
                         {convertTo(b, value, b.builder.getF32Type()), b.constant(along, offsets)});
  return apply(b, "multiply", {distance, b.constant(along, scales)});
}
