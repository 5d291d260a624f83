//===- SizeExprs.h - the sizes of a kernel's tensors as Halide expressions -------===//
//
// A parameter for each dynamic size, which counts the multiples of its factor: what Halide knows of
// remainders then follows by itself.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Halide.h"
#include "sepconv/IR/Sizes.h"

namespace mlir::sepconv {

class SizeExprs {
public:
  explicit SizeExprs(func::FuncOp kernel);

  const Sizes &sizes() const { return known; }
  /// By dynamic size.
  ArrayRef<Halide::Param<int>> parameters() const { return params; }
  bool anyOpen() const { return !params.empty(); }

  /// Throws KernelError if the size does not follow from the dynamic ones.
  Halide::Expr of(AffineExpr size) const;
  Halide::Expr of(Value tensor, unsigned dim) const { return of(known.of(tensor, dim)); }
  Halide::Expr of(OpFoldResult size) const { return of(known.of(size)); }
  /// Outermost first.
  SmallVector<Halide::Expr> shape(Value tensor) const;

  /// What a size is where all dynamic sizes are greatest.
  int64_t greatest(const Halide::Expr &size) const;

  /// What a parameter can be.
  Halide::Internal::Interval interval(unsigned size) const;
  /// The intervals of all parameters, by name.
  void addTo(Halide::Internal::Scope<Halide::Internal::Interval> &scope) const;

private:
  Sizes known;
  SmallVector<Halide::Param<int>, 2> params;
};

} // namespace mlir::sepconv
