//===- KnownNumbers.cpp - what constants hold ------------------------------------===//

#include "FoldConstants.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::sepconv;

std::optional<SmallVector<int64_t>> ops::constantIntegers(Value value) {
  DenseElementsAttr elements;
  if (!value || !matchPattern(value, m_Constant(&elements)) ||
      !isa<IntegerType>(elements.getElementType()))
    return std::nullopt;
  return llvm::map_to_vector(elements.getValues<APInt>(), [](const APInt &number) {
    return number.getBitWidth() == 1 ? int64_t(number.getZExtValue()) : number.getSExtValue();
  });
}

std::optional<SmallVector<double>> ops::constantNumbers(Value value) {
  if (auto integers = constantIntegers(value))
    return SmallVector<double>(integers->begin(), integers->end());
  DenseElementsAttr elements;
  if (!value || !matchPattern(value, m_Constant(&elements)))
    return std::nullopt;
  return llvm::map_to_vector(elements.getValues<APFloat>(),
                             [](const APFloat &number) { return number.convertToDouble(); });
}
