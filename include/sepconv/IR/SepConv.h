//===- SepConv.h - the sepconv dialect -------------------------------------------===//
#pragma once

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <limits>

namespace mlir::sepconv {
struct VariableKind;

/// The attribute of a module whose batch is known only when the product runs: the functions are for
/// one image, and their tensors have a batch of 1.
inline constexpr llvm::StringLiteral kDynamicBatch = "sepconv.dynamic_batch";
} // namespace mlir::sepconv

#include "SepConvDialect.h.inc"
#include "SepConvEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "SepConvAttributes.h.inc"
#define GET_OP_CLASSES
#include "SepConvOps.h.inc"
