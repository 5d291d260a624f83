//===- BodyToExpr.h - the body of a linalg operation as an expression ------------===//
#pragma once

#include "Halide.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::sepconv {

Halide::Type halideType(Type type);

/// An affine expression of loop indices as a Halide expression.
Halide::Expr toExpr(AffineExpr expr, ArrayRef<Halide::Expr> loops);

/// A literal of an element type.
Halide::Expr toExpr(TypedAttr literal);

/// What a linalg operation's body yields: `arguments` are the values of the block's arguments,
/// `loops` those of linalg.index, `sizeOf` says a size that is computed outside, and `read` an
/// element of a tensor at indices that the body computes. Throws KernelError for an operation that
/// has no translation.
Halide::Expr bodyToExpr(linalg::LinalgOp op, ArrayRef<Halide::Expr> arguments,
                        ArrayRef<Halide::Expr> loops,
                        llvm::function_ref<Halide::Expr(Value)> sizeOf,
                        llvm::function_ref<Halide::Expr(Value, ArrayRef<Halide::Expr>)> read);

} // namespace mlir::sepconv
