//===- OperandRules.cpp - rules that operations share ----------------------------===//

#include "OperandRules.h"
#include "sepconv/IR/Window.h"

using namespace mlir;
using namespace mlir::sepconv;

LogicalResult sepconv::checkPositive(Report error, StringRef rule, StringRef name,
                                     ArrayRef<int64_t> values, size_t count, int64_t least) {
  if (values.size() == count && llvm::all_of(values, [&](int64_t v) { return v >= least; }))
    return success();
  InFlightDiagnostic diag = error();
  diag << rule << ": " << name << " must be " << count << " integers of at least " << least
       << ", got [";
  llvm::interleaveComma(values, diag);
  return diag << "]";
}

LogicalResult sepconv::checkLimit(Report error, StringRef name, ArrayRef<int64_t> values) {
  if (llvm::all_of(values, [](int64_t v) { return v <= kMaxSize; }))
    return success();
  InFlightDiagnostic diag = error();
  diag << "C18: " << name << " must be integers of at most " << kMaxSize << ", got [";
  llvm::interleaveComma(values, diag);
  return diag << "]";
}

LogicalResult sepconv::checkLimit(Report error, StringRef name, RankedTensorType type) {
  if (!isTooLarge(type.getShape()))
    return success();
  return error() << "C18: " << name << " must have sizes of at most " << kMaxSize << " and at most "
                 << kMaxElements << " elements, got " << type;
}

RankedTensorType sepconv::typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

int64_t sepconv::channelsOf(RankedTensorType input, DataFormat format) {
  return input.getRank() == 4 ? input.getDimSize(Dimensions(format).channels) : 0;
}

LogicalResult sepconv::checkBias(Report error, Value bias, int64_t channels) {
  if (!bias || (typeOf(bias).getRank() == 1 && typeOf(bias).getDimSize(0) == channels))
    return success();
  return error() << "C5: bias must have shape [" << channels << "], got " << bias.getType();
}

LogicalResult sepconv::checkFilterRank(Report error, StringRef name, Value filter) {
  RankedTensorType type = typeOf(filter);
  if (type.getRank() == 4 && type.hasStaticShape() && !llvm::is_contained(type.getShape(), 0))
    return checkLimit(error, name, type);
  return error() << "C1: " << name
                 << " must be a tensor of rank 4 with static sizes of at least 1, "
                 << "got " << type;
}

LogicalResult sepconv::checkDepthwiseFilter(Report error, StringRef name, Value filter,
                                            int64_t channels) {
  if (failed(checkFilterRank(error, name, filter)))
    return failure();
  if (typeOf(filter).getDimSize(2) == channels)
    return success();
  return error() << "C8: dimension 2 of " << name << " must be the input's " << channels
                 << " channels, got " << typeOf(filter).getDimSize(2);
}
