//===- FoldAlong.h - each element of a dimension from all of it ------------------===//
#pragma once

#include "TensorBuilder.h"

namespace mlir::sepconv::ops {

/// One step: the place of the result and that of the element, both along the dimension; the
/// elements of the operands; what was folded before.
using FoldBody = llvm::function_ref<Value(OpBuilder &, Location, Value here, Value there,
                                          ValueRange x, Value folded)>;

/// A tensor of this shape, for each of whose elements all elements of the operands along `dim` are
/// folded. Operands `fixed` have the result's shape, and the element at its place is read; those
/// of `folded` have it but along the dimension. Quadratic, but each fold is a reduction that is
/// scheduled like others. Null after reporting if it is too much.
Value foldAlong(TensorBuilder &b, ArrayRef<int64_t> shape, ArrayRef<Value> fixed,
                ArrayRef<Value> folded, int64_t dim, Type element, double start, FoldBody body);

} // namespace mlir::sepconv::ops
