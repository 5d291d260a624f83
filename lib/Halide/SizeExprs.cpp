//===- SizeExprs.cpp - the sizes of a kernel's tensors as Halide expressions -----===//

#include "SizeExprs.h"
#include "BodyToExpr.h"
#include "ExprTranslator.h"
#include "ViewIndices.h"

using namespace mlir;
using namespace mlir::sepconv;
using Halide::Expr;
namespace HI = Halide::Internal;

SizeExprs::SizeExprs(func::FuncOp kernel) : known(kernel) {
  for (unsigned i = 0; i < known.dynamicSizes().size(); ++i) {
    params.emplace_back("dynamic_size" + std::to_string(i));
    HI::Interval bounds = interval(i);
    params.back().set_range(bounds.min, bounds.max);
  }
}

HI::Interval SizeExprs::interval(unsigned size) const {
  SizeAttr dynamic = known.dynamicSizes()[size];
  return {Expr(asInt(dynamic.getLeast() / dynamic.getFactor())),
          Expr(asInt(dynamic.getGreatest() / dynamic.getFactor()))};
}

int64_t SizeExprs::greatest(const Expr &size) const {
  std::map<std::string, Expr> most;
  for (unsigned i = 0; i < params.size(); ++i)
    most[params[i].name()] = interval(i).max;
  return *HI::as_const_int(HI::simplify(HI::substitute(most, size)));
}

void SizeExprs::addTo(HI::Scope<HI::Interval> &scope) const {
  for (unsigned i = 0; i < params.size(); ++i)
    scope.push(params[i].name(), interval(i));
}

Expr SizeExprs::of(AffineExpr size) const {
  if (!size)
    throw KernelError("a size does not follow from the arguments' dimensions");
  if (auto constant = dyn_cast<AffineConstantExpr>(size))
    return Expr(asInt(constant.getValue()));
  SmallVector<Expr> dynamic;
  for (auto [param, attribute] : llvm::zip_equal(params, known.dynamicSizes()))
    dynamic.push_back(Expr(param) * asInt(attribute.getFactor()));
  return HI::simplify(toExpr(size, dynamic));
}

SmallVector<Expr> SizeExprs::shape(Value tensor) const {
  SmallVector<Expr> extents;
  for (int64_t dim = 0, rank = cast<RankedTensorType>(tensor.getType()).getRank(); dim < rank;
       ++dim)
    extents.push_back(of(tensor, dim));
  return extents;
}
