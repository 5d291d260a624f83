//===- AttributeForms.h - attributes that other dialects' operations carry -------===//
//
// Private to lib/IR.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Operation.h"

namespace mlir::sepconv {

/// C19: an attribute that passes read has the form that they expect.
LogicalResult verifyForm(Operation *op, NamedAttribute attribute);

} // namespace mlir::sepconv
