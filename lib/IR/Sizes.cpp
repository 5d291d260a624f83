//===- Sizes.cpp - dynamic sizes, and expressions in them ------------------------===//

#include "sepconv/IR/Sizes.h"
#include "sepconv/IR/Window.h"

using namespace mlir;
using namespace mlir::sepconv;

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

std::optional<SizeRange> SizeRange::parse(StringRef text) {
  SizeRange range{0, 0};
  auto [sizes, factor] = text.split('/');
  auto [least, greatest] = sizes.split("..");
  bool isRange = sizes.contains("..");
  if (least.getAsInteger(10, range.least) ||
      (isRange ? greatest : least).getAsInteger(10, range.greatest) ||
      (text.contains('/') && factor.getAsInteger(10, range.factor)))
    return std::nullopt;
  bool isLegal = range.factor >= 1 && range.least >= 1 && range.least <= range.greatest &&
                 range.greatest <= kMaxSize && range.least % range.factor == 0 &&
                 range.greatest % range.factor == 0;
  return isLegal ? std::optional(range) : std::nullopt;
}

std::string SizeRange::text() const {
  return std::to_string(least) + ".." + std::to_string(greatest) + "/" + std::to_string(factor);
}

//===----------------------------------------------------------------------===//
// The dynamic sizes
//===----------------------------------------------------------------------===//

Sizes::Sizes(func::FuncOp function) : context(function.getContext()) {
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    if (auto size = function.getArgAttrOfType<SizeAttr>(i, kSize))
      add(size);
    if (auto sizes = function.getArgAttrOfType<ArrayAttr>(i, kSizes))
      for (auto size : sizes.getAsRange<SizeAttr>())
        add(size);
  }
}

void Sizes::add(SizeAttr size) {
  if (!llvm::is_contained(dynamic, size))
    dynamic.push_back(size);
}

/// A dynamic size as an expression.
AffineExpr Sizes::at(SizeAttr size) const {
  auto *found = llvm::find(dynamic, size);
  return found == dynamic.end() ? AffineExpr() : getAffineDimExpr(found - dynamic.begin(), context);
}

AffineExpr Sizes::replaced(AffineExpr size, llvm::function_ref<AffineExpr(unsigned)> by) const {
  SmallVector<AffineExpr> dims =
      llvm::map_to_vector(llvm::seq<unsigned>(dynamic.size()), [&](unsigned i) { return by(i); });
  return size.replaceDims(dims);
}

int64_t Sizes::valueOf(AffineExpr size, int64_t (SizeAttr::*number)() const) const {
  AffineExpr value = replaced(
      size, [&](unsigned i) { return getAffineConstantExpr((dynamic[i].*number)(), context); });
  return cast<AffineConstantExpr>(value).getValue();
}

int64_t Sizes::least(AffineExpr size) const { return valueOf(size, &SizeAttr::getLeast); }
int64_t Sizes::greatest(AffineExpr size) const { return valueOf(size, &SizeAttr::getGreatest); }

int64_t Sizes::factor(AffineExpr size) const {
  return replaced(size,
                  [&](unsigned i) { return getAffineDimExpr(i, context) * dynamic[i].getFactor(); })
      .getLargestKnownDivisor();
}

SmallVector<int64_t> Sizes::greatest(AffineMap shape) const {
  return llvm::map_to_vector(shape.getResults(), [&](AffineExpr size) { return greatest(size); });
}

RankedTensorType Sizes::greatest(Value tensor) const {
  return cast<RankedTensorType>(tensor.getType()).clone(greatest(shape(tensor)));
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

AffineExpr sepconv::windowOutputSize(AffineExpr input, int64_t size, int64_t stride,
                                     int64_t dilation, bool same, int64_t before, int64_t after) {
  if (same)
    return input.ceilDiv(stride);
  return (input + before + after - dilatedSize(size, dilation) + stride).floorDiv(stride);
}

bool sepconv::isSamePaddingKnown(int64_t factor, int64_t size, int64_t stride, int64_t dilation) {
  return factor % stride == 0 || dilatedSize(size, dilation) == 1;
}

AffineExpr sepconv::samePaddingBefore(AffineExpr input, int64_t size, int64_t stride,
                                      int64_t dilation) {
  int64_t span = dilatedSize(size, dilation);
  // The total is max(all, 0).
  AffineExpr all = span - 1 - (input - 1) % stride;
  if (span >= stride)
    return all.floorDiv(2);
  // Half of it is how many even numbers above 0 it reaches.
  AffineExpr before = getAffineConstantExpr(0, input.getContext());
  for (int64_t even = 2; even < span; even += 2)
    before = before + (all - even + stride + even).floorDiv(stride + even);
  return before;
}
