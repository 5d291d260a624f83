//===- Elementwise.cpp - functions of single elements ----------------------------===//

#include "Elementwise.h"
#include "../Problems.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

Type ops::computedIn(Type type) {
  return isa<Float16Type, BFloat16Type>(type) ? Float32Type::get(type.getContext()) : type;
}

/// Where results go. Dynamic sizes are those of the operands, or multiples of them.
static Value emptyFor(TensorBuilder &b, ArrayRef<int64_t> shape, Type element,
                      ArrayRef<Value> operands, ArrayRef<AffineMap> maps) {
  SmallVector<OpFoldResult> sizes = getAsIndexOpFoldResult(b.builder.getContext(), shape);
  for (auto [operand, map] : llvm::zip(operands, maps))
    for (auto [from, source] : llvm::enumerate(map.getResults())) {
      AffineExpr expr = source;
      int64_t factor = 1;
      if (auto divided = dyn_cast<AffineBinaryOpExpr>(expr);
          divided && divided.getKind() == AffineExprKind::FloorDiv) {
        factor = cast<AffineConstantExpr>(divided.getRHS()).getValue();
        expr = divided.getLHS();
      }
      auto dim = dyn_cast<AffineDimExpr>(expr);
      if (!dim || !ShapedType::isDynamic(shape[dim.getPosition()]) ||
          !ShapedType::isDynamic(shapeOf(operand)[from]))
        continue;
      OpFoldResult size = tensor::getMixedSize(b.builder, b.loc, operand, from);
      sizes[dim.getPosition()] = affine::makeComposedFoldedAffineApply(
          b.builder, b.loc, b.builder.getAffineSymbolExpr(0) * factor, size);
    }
  return tensor::EmptyOp::create(b.builder, b.loc, sizes, element);
}

Value ops::elementwise(TensorBuilder &b, ArrayRef<int64_t> shape, ArrayRef<Value> operands,
                       ArrayRef<AffineMap> maps, Body body, Type element) {
  if (!element)
    element = elementOf(operands.front());
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(b.builder.getMultiDimIdentityMap(shape.size()));
  SmallVector<utils::IteratorType> iterators(shape.size(), utils::IteratorType::parallel);
  Value empty = emptyFor(b, shape, element, operands, maps);
  auto build = [&](OpBuilder &builder, Location loc, ValueRange arguments) {
    SmallVector<Value> elements;
    for (Value argument : arguments.drop_back())
      elements.push_back(convert(builder, loc, argument, computedIn(argument.getType())));
    Value result = convert(builder, loc, body(builder, loc, elements), element);
    linalg::YieldOp::create(builder, loc, result);
  };
  return linalg::GenericOp::create(b.builder, b.loc, RankedTensorType::get(shape, element),
                                   operands, empty, allMaps, iterators, build)
      ->getResult(0);
}

//===----------------------------------------------------------------------===//
// Broadcasting
//===----------------------------------------------------------------------===//

/// The dimension of an output of rank `rank` that `dim` of an operand stands for.
static int64_t outputDim(int64_t dim, int64_t operandRank, int64_t rank, bool keepBatch) {
  return dim == 0 && keepBatch ? 0 : dim + rank - operandRank;
}

/// The shape that all operands broadcast to; nothing after reporting if they do not.
static std::optional<SmallVector<int64_t>>
broadcastShape(TensorBuilder &b, ArrayRef<Value> operands, bool keepBatch) {
  int64_t rank = 0;
  for (Value operand : operands)
    rank = std::max(rank, rankOf(operand));
  SmallVector<int64_t> result(rank, 1);
  SmallVector<std::pair<Value, int64_t>> dynamic(rank); // that have the result's dynamic sizes
  for (auto [i, operand] : llvm::enumerate(operands)) {
    ArrayRef<int64_t> shape = shapeOf(operand);
    for (auto [dim, size] : llvm::enumerate(shape)) {
      int64_t to = outputDim(dim, shape.size(), rank, keepBatch);
      if (dim == 0 && to != 0 && b.isBatchDynamic() && !matchPattern(operand, m_Constant())) {
        b.error() << "the batch, which is dynamic, of input " << i << " of shape " << shown(shape)
                  << " broadcasts to dimension " << to << " of others";
        return std::nullopt;
      }
      int64_t &extent = result[to];
      bool isDynamic = ShapedType::isDynamic(size);
      auto &known = dynamic[to];
      bool differs =
          isDynamic && known.first && !b.isSameSize(operand, dim, known.first, known.second);
      if (differs || (size != 1 && extent != 1 && size != extent)) {
        b.error() << "input " << i << " of shape " << shown(shape)
                  << " does not broadcast with the shape " << shown(result)
                  << " of those before it";
        return std::nullopt;
      }
      if (isDynamic)
        known = {operand, int64_t(dim)};
      extent = isDynamic || ShapedType::isDynamic(extent) ? ShapedType::kDynamic
                                                          : std::max(extent, size);
    }
  }
  return result;
}

/// The widest of the operands' types; floats are wider than integers, and those than truth values.
static Type widest(ArrayRef<Value> operands) {
  auto rank = [](Type type) {
    return std::pair(isa<FloatType>(type), type.getIntOrFloatBitWidth());
  };
  Type result = elementOf(operands.front());
  for (Value operand : operands.drop_front())
    if (Type type = elementOf(operand); rank(type) > rank(result))
      result = type;
  return result;
}

Type ops::commonType(TensorBuilder &b, ArrayRef<Value> operands) {
  Type type = widest(operands);
  return type.isInteger(1) ? Type(b.builder.getI32Type()) : type;
}

Value ops::broadcast(TensorBuilder &b, ArrayRef<Value> operands, bool keepBatch, Body body,
                     Type element) {
  for (Value operand : operands)
    if (operand && llvm::is_contained(shapeOf(operand), 0) && !b.fits(shapeOf(operand)))
      return {};
  if (llvm::is_contained(operands, Value()))
    return {};
  std::optional<SmallVector<int64_t>> shape = broadcastShape(b, operands, keepBatch);
  if (!shape || !b.fits(*shape))
    return {};
  SmallVector<AffineMap> maps;
  for (Value operand : operands) {
    SmallVector<AffineExpr> source;
    ArrayRef<int64_t> from = shapeOf(operand);
    for (size_t dim = 0; dim < from.size(); ++dim) {
      int64_t to = outputDim(dim, from.size(), shape->size(), keepBatch);
      source.push_back(from[dim] == (*shape)[to] ? b.builder.getAffineDimExpr(to)
                                                 : b.builder.getAffineConstantExpr(0));
    }
    maps.push_back(AffineMap::get(shape->size(), 0, source, b.builder.getContext()));
  }
  Type common = widest(operands);
  auto promoted = [&](OpBuilder &builder, Location loc, ValueRange elements) {
    SmallVector<Value> same;
    for (Value x : elements)
      same.push_back(convert(builder, loc, x, computedIn(common)));
    return body(builder, loc, same);
  };
  return elementwise(b, *shape, operands, maps, promoted, element ? element : common);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

Value ops::apply(TensorBuilder &b, const Function &function, ArrayRef<Value> operands,
                 bool keepBatch) {
  if (llvm::is_contained(operands, Value()))
    return {};
  Type common = widest(operands);
  if (function.kind == Function::Predicate)
    return broadcast(b, operands, keepBatch, function.body, b.builder.getI1Type());
  // Some functions are of real numbers only, and truth values are numbers to all others.
  bool isReal = function.kind == Function::Real && !isa<FloatType>(common);
  Type type = isReal ? Type(b.builder.getF32Type()) : commonType(b, operands);
  if (type == common)
    return broadcast(b, operands, keepBatch, function.body);
  SmallVector<Value> numbers;
  for (Value operand : operands)
    numbers.push_back(convertTo(b, operand, type));
  return broadcast(b, numbers, keepBatch, function.body);
}

Value ops::apply(TensorBuilder &b, StringRef function, ArrayRef<Value> operands) {
  return apply(b, *findFunction(function), operands);
}

Value ops::foldAll(TensorBuilder &b, StringRef function, ArrayRef<Value> operands, bool keepBatch) {
  const Function &two = *findFunction(function);
  return broadcast(b, operands, keepBatch, [&](OpBuilder &builder, Location loc, ValueRange x) {
    Value result = x.front();
    for (Value operand : x.drop_front())
      result = two.body(builder, loc, {result, operand});
    return result;
  });
}

Value ops::average(TensorBuilder &b, ArrayRef<Value> operands, bool keepBatch) {
  if (llvm::is_contained(operands, Value()))
    return {};
  SmallVector<Value> reals;
  for (Value operand : operands)
    reals.push_back(isa<FloatType>(elementOf(operand))
                        ? operand
                        : convertTo(b, operand, b.builder.getF32Type()));
  operands = reals;
  return broadcast(b, operands, keepBatch, [](OpBuilder &builder, Location loc, ValueRange x) {
    Value sum = x.front();
    for (Value operand : x.drop_front())
      sum = arith::AddFOp::create(builder, loc, sum, operand);
    Value count = number(builder, loc, sum.getType(), x.size());
    return arith::DivFOp::create(builder, loc, sum, count).getResult();
  });
}

Value ops::clip(TensorBuilder &b, Value value, double least, double greatest) {
  if (value && least == 0 && greatest > 0 && isa<FloatType>(elementOf(value)))
    return ActivationOp::create(
        b.builder, b.loc, value,
        ActivationAttr::get(b.builder.getContext(), ActivationKind::Relu, 0, greatest));
  return broadcast(b, value, false, [&](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Value low = number(builder, loc, x[0].getType(), least);
    Value high = number(builder, loc, x[0].getType(), greatest);
    Value above = findFunction("maximum")->body(builder, loc, {x[0], low});
    return findFunction("minimum")->body(builder, loc, {above, high});
  });
}

Value ops::scale(TensorBuilder &b, Value value, Value scale, Value offset) {
  if (!value || !scale || !offset)
    return {};
  return broadcast(b, {value, scale, offset}, /*keepBatch=*/false,
                   [](OpBuilder &builder, Location loc, ValueRange x) -> Value {
                     Value scaled = arith::MulFOp::create(builder, loc, x[0], x[1]);
                     return arith::AddFOp::create(builder, loc, scaled, x[2]);
                   });
}

Value ops::select(TensorBuilder &b, Value condition, Value yes, Value no) {
  if (!condition || !yes || !no)
    return {};
  auto body = [](OpBuilder &builder, Location loc, ValueRange x) -> Value {
    Value truth = convert(builder, loc, x[0], builder.getI1Type());
    return arith::SelectOp::create(builder, loc, truth, x[1], x[2]);
  };
  return broadcast(b, {condition, yes, no}, /*keepBatch=*/false, body, widest({yes, no}));
}
