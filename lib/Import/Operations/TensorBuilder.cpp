//===- TensorBuilder.cpp - where an importer puts operations ---------------------===//

#include "TensorBuilder.h"
#include "../Problems.h"
#include "Elementwise.h"

#include "sepconv/IR/Sizes.h"
#include "sepconv/IR/Window.h"

#include "llvm/ADT/APSInt.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

bool TensorBuilder::isBatchDynamic() const {
  return builder.getBlock()->getParentOp()->getParentOfType<ModuleOp>()->hasAttr(kDynamicBatch);
}

bool TensorBuilder::fits(ArrayRef<int64_t> shape) {
  bool isEmpty =
      llvm::any_of(shape, [](int64_t size) { return size <= 0 && !ShapedType::isDynamic(size); });
  if (!isEmpty && !isTooLarge(shape))
    return true;
  error() << "a tensor of shape " << shown(shape)
          << (isEmpty ? " has no elements" : " is too large");
  return false;
}

bool TensorBuilder::isSameSize(Value left, int64_t leftDim, Value right, int64_t rightDim) {
  int64_t size = shapeOf(left)[leftDim];
  if (size != shapeOf(right)[rightDim])
    return false;
  if (!ShapedType::isDynamic(size))
    return true;
  auto function = dyn_cast<func::FuncOp>(builder.getBlock()->getParentOp());
  if (!function)
    return false;
  Sizes sizes(function);
  AffineExpr a = sizes.of(left, leftDim), b = sizes.of(right, rightDim);
  if (!a || !b)
    return false;
  // The dynamic sizes are multiples of their factors: a height of 32 * p, (32 * p / 2) * 2.
  SmallVector<AffineExpr> multiples;
  for (auto [i, known] : llvm::enumerate(sizes.dynamicSizes()))
    multiples.push_back(getAffineDimExpr(i, a.getContext()) * known.getFactor());
  auto simplified = [&](AffineExpr size) {
    return simplifyAffineExpr(size.replaceDims(multiples), multiples.size(), 0);
  };
  return simplified(a) == simplified(b);
}

std::optional<int64_t> TensorBuilder::dimension(Value value, StringRef argument, int64_t axis) {
  int64_t rank = rankOf(value), dim = axis < 0 ? axis + rank : axis;
  bool mixesImages = dim == 0 && isBatchDynamic();
  if (dim >= 0 && dim < rank && !mixesImages)
    return dim;
  error(argument) << "expected a dimension of the input's shape " << shown(shapeOf(value))
                  << (mixesImages ? " other than the batch, which is dynamic" : "") << ", found "
                  << axis;
  return std::nullopt;
}

std::optional<SmallVector<int64_t>>
TensorBuilder::dimensions(Value value, StringRef argument, std::optional<ArrayRef<int64_t>> axes) {
  SmallVector<int64_t> dims;
  for (int64_t axis :
       axes ? llvm::to_vector(*axes) : llvm::to_vector(llvm::seq<int64_t>(0, rankOf(value)))) {
    std::optional<int64_t> dim = dimension(value, argument, axis);
    if (!dim)
      return std::nullopt;
    if (llvm::is_contained(dims, *dim)) {
      error(argument) << "expected different dimensions, found " << *dim << " twice";
      return std::nullopt;
    }
    dims.push_back(*dim);
  }
  llvm::sort(dims);
  return dims;
}

Value TensorBuilder::constant(ArrayRef<int64_t> shape, ArrayRef<float> values, Type element) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  Value narrow = arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, values));
  return element ? convertTo(*this, narrow, element) : narrow;
}

Value TensorBuilder::splat(ArrayRef<int64_t> shape, Type element, double value) {
  if (!element)
    return {};
  auto one = cast<arith::ConstantOp>(number(builder, loc, element, value).getDefiningOp());
  auto type = RankedTensorType::get(shape, element);
  auto attribute = DenseElementsAttr::get(type, one.getValue());
  one.erase();
  return arith::ConstantOp::create(builder, loc, attribute);
}

Value ops::number(OpBuilder &builder, Location loc, Type type, double value) {
  if (auto integer = dyn_cast<IntegerType>(type)) {
    llvm::APSInt nearest(integer.getWidth(), /*isUnsigned=*/integer.getWidth() == 1);
    bool isExact;
    APFloat(value).convertToInteger(nearest, APFloat::rmTowardZero, &isExact);
    return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(integer, nearest));
  }
  return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, value));
}

bool ops::areFloats(TensorBuilder &b, ArrayRef<Value> values) {
  for (Value value : values) {
    if (!value)
      return false;
    if (isa<FloatType>(elementOf(value)))
      continue;
    b.error() << "expected floats, found shape " << shown(shapeOf(value)) << " of "
              << elementOf(value);
    return false;
  }
  return true;
}

Value ops::filled(TensorBuilder &b, ArrayRef<int64_t> shape, Type element, double value) {
  Value zero = number(b.builder, b.loc, element, value);
  Value empty = tensor::EmptyOp::create(b.builder, b.loc, shape, element);
  return linalg::FillOp::create(b.builder, b.loc, zero, empty).getResult(0);
}
