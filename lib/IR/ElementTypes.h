//===- ElementTypes.h - the element types of layers ------------------------------===//
#pragma once

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Value.h"

namespace mlir::sepconv {

using Report = llvm::function_ref<InFlightDiagnostic()>;

/// C16: all operands have the input's element type, if that is a float type.
LogicalResult checkElementTypes(Report error, ValueRange operands);

/// The element type of a convolution's or a dense layer's result. Of floats (C16) it is that of all
/// operands, of integers (C23) that of their sums.
FailureOr<Type> inferSumType(Report error, Type input, ValueRange filters, Value bias,
                             bool hasActivation, bool unsignedInput, int64_t paddingValue = 0);

/// C23: maxima are of floats or integers, averages of floats.
LogicalResult checkPoolType(Report error, Type input, bool isAverage, bool unsignedInput);

} // namespace mlir::sepconv
