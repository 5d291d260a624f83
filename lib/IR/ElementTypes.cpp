//===- ElementTypes.cpp - the element types of layers ----------------------------===//

#include "ElementTypes.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::sepconv;

LogicalResult sepconv::checkElementTypes(Report error, ValueRange operands) {
  Type element = getElementTypeOrSelf(operands.front());
  if (element.isInteger())
    return success();
  for (Value operand : operands)
    if (getElementTypeOrSelf(operand) != element)
      return error() << "C16: all operands must have the input's element type " << element
                     << ", got " << operand.getType();
  return success();
}

static bool isOf(Type type, ArrayRef<unsigned> widths) {
  return type.isInteger() && llvm::is_contained(widths, type.getIntOrFloatBitWidth());
}

/// What only integers have.
static LogicalResult checkFloats(Report error, bool unsignedInput, int64_t paddingValue) {
  if (unsignedInput)
    return error() << "C23: unsigned_input requires an input of integers";
  if (paddingValue)
    return error() << "C23: padding_value must be 0 for an input of floats, got " << paddingValue;
  return success();
}

FailureOr<Type> sepconv::inferSumType(Report error, Type input, ValueRange filters, Value bias,
                                      bool hasActivation, bool unsignedInput,
                                      int64_t paddingValue) {
  if (!input.isInteger()) {
    if (failed(checkFloats(error, unsignedInput, paddingValue)))
      return failure();
    return input;
  }
  if (!isOf(input, {8, 16}))
    return error() << "C23: an input of integers must be of i8 or i16, got " << input, failure();
  for (Value filter : filters)
    if (!isOf(getElementTypeOrSelf(filter), {8, 16}))
      return error() << "C23: the filters of an input of integers must be of i8 or i16, got "
                     << filter.getType(),
             failure();
  unsigned width = input.getIntOrFloatBitWidth();
  Type sum = IntegerType::get(input.getContext(), width == 8 ? 32 : 64);
  if (bias && getElementTypeOrSelf(bias) != sum)
    return error() << "C23: the bias must be of " << sum << ", the type of sums of " << input
                   << ", got " << bias.getType(),
           failure();
  if (hasActivation)
    return error() << "C23: integers have no activation", failure();
  int64_t least = unsignedInput ? 0 : -(int64_t(1) << (width - 1));
  int64_t greatest = least + (int64_t(1) << width) - 1;
  if (paddingValue < least || paddingValue > greatest)
    return error() << "C23: padding_value must be from " << least << " to " << greatest << ", got "
                   << paddingValue,
           failure();
  return sum;
}

LogicalResult sepconv::checkPoolType(Report error, Type input, bool isAverage, bool unsignedInput) {
  if (!input.isInteger())
    return checkFloats(error, unsignedInput, 0);
  if (isAverage)
    return error() << "C23: an average must be of floats, got " << input;
  return success();
}
