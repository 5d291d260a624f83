//===- ViewIndices.h - the elements of a view in its source ----------------------===//
#pragma once

#include "SizeExprs.h"

#include "mlir/IR/Value.h"

namespace mlir::sepconv {

/// A number that Halide can hold; throws KernelError for a larger one.
int32_t asInt(int64_t value);

/// An element of a tensor.
struct Element {
  Value tensor;
  SmallVector<Halide::Expr> indices;
};

/// The element of the source that is this element of a collapse, an expansion or a slice of it;
/// nothing if the value is no view.
std::optional<Element> throughView(Value value, ArrayRef<Halide::Expr> indices,
                                   const SizeExprs &sizes);

} // namespace mlir::sepconv
