//===- Merging.cpp - layers of several inputs ------------------------------------===//

#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

/// The dimension of an output of rank `rank` that `dim` of an operand stands for.
static int64_t outputDim(int64_t dim, int64_t operandRank, int64_t rank, bool keepBatch) {
  return dim == 0 && keepBatch ? 0 : dim + rank - operandRank;
}

/// The shape that all inputs broadcast to; nothing after reporting if they do not.
static std::optional<SmallVector<int64_t>> broadcastShape(LayerContext &layer, bool keepBatch) {
  size_t rank = 0;
  for (size_t i = 0; i < layer.getInputs().size(); ++i)
    rank = std::max(rank, layer.shape(i).size());
  SmallVector<int64_t> result(rank, 1);
  for (size_t i = 0; i < layer.getInputs().size(); ++i) {
    ArrayRef<int64_t> shape = layer.shape(i);
    for (auto [dim, size] : llvm::enumerate(shape)) {
      int64_t to = outputDim(dim, shape.size(), rank, keepBatch);
      if (dim == 0 && to != 0 && layer.isBatchDynamic() &&
          !matchPattern(layer.input(i), m_Constant())) {
        layer.error() << "the batch, which is dynamic, of input " << i << " of shape "
                      << shown(shape) << " broadcasts to dimension " << to << " of others";
        return std::nullopt;
      }
      int64_t &extent = result[to];
      if (size != 1 && extent != 1 && size != extent) {
        layer.error() << "input " << i << " of shape " << shown(shape)
                      << " does not broadcast with the shape " << shown(result)
                      << " of those before it";
        return std::nullopt;
      }
      extent = std::max(extent, size);
    }
  }
  return result;
}

Value sepconv::keras::broadcastInputs(
    LayerContext &layer, bool keepBatch,
    llvm::function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  if (!layer.ready())
    return {};
  std::optional<SmallVector<int64_t>> shape = broadcastShape(layer, keepBatch);
  if (!shape || !layer.fits(*shape))
    return {};
  SmallVector<AffineMap> maps;
  for (size_t i = 0; i < layer.getInputs().size(); ++i) {
    SmallVector<AffineExpr> source;
    ArrayRef<int64_t> from = layer.shape(i);
    for (size_t dim = 0; dim < from.size(); ++dim) {
      int64_t to = outputDim(dim, from.size(), shape->size(), keepBatch);
      source.push_back(from[dim] == (*shape)[to] ? layer.builder.getAffineDimExpr(to)
                                                 : layer.builder.getAffineConstantExpr(0));
    }
    maps.push_back(AffineMap::get(shape->size(), 0, source, layer.builder.getContext()));
  }
  return layer.elementwise(*shape, layer.getInputs(), maps, body);
}

/// Folds the inputs with `Op` from left to right.
template <typename Op> static Value fold(OpBuilder &b, Location loc, ValueRange operands) {
  Value result = operands.front();
  for (Value operand : operands.drop_front())
    result = Op::create(b, loc, result, operand);
  return result;
}

template <typename Op> static Value merge(LayerContext &layer) {
  return broadcastInputs(layer, /*keepBatch=*/true, fold<Op>);
}

static Value importAverage(LayerContext &layer) {
  return broadcastInputs(
      layer, /*keepBatch=*/true, [](OpBuilder &b, Location loc, ValueRange x) -> Value {
        Value sum = fold<arith::AddFOp>(b, loc, x);
        Value count = arith::ConstantOp::create(b, loc, b.getF32FloatAttr(x.size()));
        return arith::DivFOp::create(b, loc, sum, count);
      });
}

static Value importConcatenate(LayerContext &layer) {
  int64_t axis = layer.integer("axis", std::numeric_limits<int64_t>::min(), -1);
  if (!layer.ready())
    return {};
  std::optional<int64_t> dim = layer.dimension("axis", axis);
  if (!dim)
    return {};
  if (*dim == 0) {
    layer.unsupported("axis", "a dimension other than the batch");
    return {};
  }
  SmallVector<int64_t> output(layer.shape());
  for (size_t i = 1; i < layer.getInputs().size(); ++i) {
    ArrayRef<int64_t> shape = layer.shape(i);
    SmallVector<int64_t> expected(layer.shape());
    if (shape.size() == expected.size())
      expected[*dim] = shape[*dim];
    if (shape != ArrayRef<int64_t>(expected)) {
      layer.error() << "input " << i << " of shape " << shown(shape) << " differs from input 0 of "
                    << "shape " << shown(layer.shape()) << " in other dimensions than " << *dim;
      return {};
    }
    output[*dim] += shape[*dim];
  }
  if (!layer.fits(output))
    return {};
  if (layer.getInputs().size() == 1)
    return layer.input();
  return tensor::ConcatOp::create(layer.builder, layer.loc, layer.type(output), *dim,
                                  layer.getInputs());
}

ArrayRef<LayerClass> sepconv::keras::mergingLayers() {
  static constexpr size_t any = std::numeric_limits<size_t>::max();
  static const LayerClass table[] = {
      {"Add", merge<arith::AddFOp>, {}, 2, any},
      {"Subtract", merge<arith::SubFOp>, {}, 2, 2},
      {"Multiply", merge<arith::MulFOp>, {}, 2, any},
      {"Average", importAverage, {}, 2, any},
      {"Maximum", merge<arith::MaximumFOp>, {}, 2, any},
      {"Minimum", merge<arith::MinimumFOp>, {}, 2, any},
      {"Concatenate", importConcatenate, {"axis"}, 1, any},
  };
  return table;
}
