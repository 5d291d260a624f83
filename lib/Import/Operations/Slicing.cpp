//===- Slicing.cpp - slices, paddings and concatenations -------------------------===//

#include "../Problems.h"
#include "Elementwise.h"
#include "MoveConstants.h"
#include "Shaping.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

static Value itself(OpBuilder &, Location, ValueRange x) { return x[0]; }

/// Element i of the result is the one of the value that `source` maps it to.
static Value gather(TensorBuilder &b, Value value, ArrayRef<int64_t> shape,
                    ArrayRef<AffineExpr> source) {
  AffineMap map = AffineMap::get(shape.size(), 0, source, b.builder.getContext());
  return elementwise(b, shape, value, map, itself);
}

static SmallVector<AffineExpr> dimensionExprs(TensorBuilder &b, int64_t rank) {
  return llvm::map_to_vector(llvm::seq<int64_t>(0, rank),
                             [&](int64_t dim) { return b.builder.getAffineDimExpr(dim); });
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

Value ops::slice(TensorBuilder &b, Value value, ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes,
                 ArrayRef<int64_t> steps) {
  if (!value)
    return {};
  if (sizes == shapeOf(value) && llvm::all_of(steps, [](int64_t step) { return step == 1; }))
    return value;
  bool isEmpty = llvm::is_contained(sizes, 0) && matchPattern(value, m_Constant());
  if (isEmpty)
    return arith::ConstantOp::create(
        b.builder, b.loc,
        DenseElementsAttr::get(typeOf(value).clone(sizes), ArrayRef<Attribute>()));
  if (!b.fits(sizes))
    return {};
  auto source = [&](ArrayRef<int64_t> at, MutableArrayRef<int64_t> from) {
    for (size_t dim = 0; dim < at.size(); ++dim)
      from[dim] = offsets[dim] + at[dim] * steps[dim];
    return true;
  };
  if (Value moved = moveConstant(b, value, sizes, source))
    return moved;
  // First what has no steps between; of the rest each element is looked up.
  SmallVector<int64_t> first(shapeOf(value)), begin(first.size(), 0), ones(first.size(), 1);
  SmallVector<AffineExpr> exprs = dimensionExprs(b, sizes.size());
  for (size_t dim = 0; dim < first.size(); ++dim)
    if (steps[dim] == 1) {
      first[dim] = sizes[dim];
      begin[dim] = offsets[dim];
    } else {
      exprs[dim] = exprs[dim] * steps[dim] + offsets[dim];
    }
  if (ArrayRef(first) != shapeOf(value)) {
    MLIRContext *context = b.builder.getContext();
    value = tensor::ExtractSliceOp::create(
        b.builder, b.loc, typeOf(value).clone(first), value, getAsIndexOpFoldResult(context, begin),
        getAsIndexOpFoldResult(context, first), getAsIndexOpFoldResult(context, ones));
  }
  return steps == ArrayRef(ones) ? value : gather(b, value, sizes, exprs);
}

Value ops::slice(TensorBuilder &b, Value value, int64_t dim, int64_t offset, int64_t size) {
  if (!value)
    return {};
  SmallVector<int64_t> offsets(rankOf(value), 0), sizes(shapeOf(value)), steps(rankOf(value), 1);
  offsets[dim] = offset;
  sizes[dim] = size;
  return slice(b, value, offsets, sizes, steps);
}

Value ops::reverse(TensorBuilder &b, Value value, ArrayRef<int64_t> dims) {
  if (!value)
    return {};
  SmallVector<int64_t> offsets(rankOf(value), 0), steps(rankOf(value), 1);
  for (int64_t dim : dims) {
    offsets[dim] = shapeOf(value)[dim] - 1;
    steps[dim] = -1;
  }
  return slice(b, value, offsets, llvm::to_vector(shapeOf(value)), steps);
}

SmallVector<Value> ops::split(TensorBuilder &b, Value value, int64_t dim, ArrayRef<int64_t> sizes) {
  // Each is an operation of the program.
  constexpr size_t maxPieces = 4096;
  if (sizes.size() > maxPieces) {
    b.error() << "expected at most " << maxPieces << " pieces, found " << sizes.size();
    return {Value()};
  }
  SmallVector<Value> pieces;
  int64_t offset = 0;
  for (int64_t size : sizes) {
    pieces.push_back(slice(b, value, dim, offset, size));
    offset += size;
  }
  return pieces;
}

//===----------------------------------------------------------------------===//
// Concatenations
//===----------------------------------------------------------------------===//

Value ops::concatenate(TensorBuilder &b, ArrayRef<Value> values, int64_t dim) {
  if (llvm::is_contained(values, Value()))
    return {};
  ArrayRef<int64_t> first = shapeOf(values.front());
  SmallVector<int64_t> output(first);
  for (auto [i, value] : llvm::enumerate(values.drop_front())) {
    ArrayRef<int64_t> shape = shapeOf(value);
    SmallVector<int64_t> expected(first);
    if (shape.size() == expected.size())
      expected[dim] = shape[dim];
    bool isSame = shape == ArrayRef<int64_t>(expected);
    for (int64_t d = 0, e = shape.size(); isSame && d < e; ++d)
      isSame = d == dim || b.isSameSize(values.front(), d, value, d);
    if (!isSame) {
      b.error() << "input " << i + 1 << " of shape " << shown(shape) << " differs from input 0 of "
                << "shape " << shown(first) << " in other dimensions than " << dim;
      return {};
    }
    output[dim] += shape[dim];
  }
  if (!b.fits(output))
    return {};
  if (values.size() == 1)
    return values.front();
  return tensor::ConcatOp::create(b.builder, b.loc, typeOf(values.front()).clone(output), dim,
                                  values);
}

Value ops::repeat(TensorBuilder &b, Value value, int64_t dim, int64_t count) {
  SmallVector<int64_t> shape(shapeOf(value));
  if (!ShapedType::isDynamic(shape[dim]))
    shape[dim] *= count;
  if (count == 1 || !b.fits(shape))
    return count == 1 ? value : Value();
  SmallVector<AffineExpr> source = dimensionExprs(b, shape.size());
  source[dim] = source[dim].floorDiv(count);
  return gather(b, value, shape, source);
}

Value ops::tile(TensorBuilder &b, Value value, ArrayRef<int64_t> counts) {
  for (auto [dim, count] : llvm::enumerate(counts))
    if (value && count != 1) {
      // A dimension in front that stands for all copies, broadcast.
      SmallVector<int64_t> shape(shapeOf(value)), copies(shape);
      shape[dim] *= count;
      copies.insert(copies.begin() + dim, count);
      if (!b.fits(shape))
        return {};
      value = reshape(b, broadcastTo(b, expandDims(b, value, dim), copies), shape);
    }
  return value;
}

Value ops::roll(TensorBuilder &b, Value value, int64_t dim, int64_t shift) {
  int64_t size = shapeOf(value)[dim], first = (shift % size + size) % size;
  if (first == 0)
    return value;
  return concatenate(
      b, {slice(b, value, dim, size - first, first), slice(b, value, dim, 0, size - first)}, dim);
}

Value ops::broadcastTo(TensorBuilder &b, Value value, ArrayRef<int64_t> shape) {
  ArrayRef<int64_t> from = shapeOf(value);
  size_t added = shape.size() - from.size();
  SmallVector<AffineExpr> source;
  for (size_t dim = 0; dim < from.size() && from.size() <= shape.size(); ++dim) {
    int64_t to = shape[dim + added];
    if (from[dim] != to && from[dim] != 1)
      break;
    source.push_back(from[dim] == to ? b.builder.getAffineDimExpr(dim + added)
                                     : b.builder.getAffineConstantExpr(0));
  }
  if (source.size() != from.size()) {
    b.error() << "an input of shape " << shown(from) << " does not broadcast to " << shown(shape);
    return {};
  }
  if (from == shape)
    return value;
  return b.fits(shape) ? gather(b, value, shape, source) : Value();
}

//===----------------------------------------------------------------------===//
// Paddings
//===----------------------------------------------------------------------===//

static Value padConstant(TensorBuilder &b, Value value, ArrayRef<int64_t> low,
                         ArrayRef<int64_t> high, ArrayRef<int64_t> output, double padding) {
  auto source = [&](ArrayRef<int64_t> at, MutableArrayRef<int64_t> from) {
    for (size_t dim = 0; dim < at.size(); ++dim) {
      from[dim] = at[dim] - low[dim];
      if (from[dim] < 0 || from[dim] >= shapeOf(value)[dim])
        return false;
    }
    return true;
  };
  if (Value moved = padding == 0 ? moveConstant(b, value, output, source) : Value())
    return moved;
  Value outside = number(b.builder, b.loc, elementOf(value), padding);
  MLIRContext *context = b.builder.getContext();
  return tensor::PadOp::create(b.builder, b.loc, typeOf(value).clone(output), value,
                               getAsIndexOpFoldResult(context, low),
                               getAsIndexOpFoldResult(context, high), outside);
}

/// `count` elements that continue dimension `dim` in front of it or behind it.
static Value border(TensorBuilder &b, Value value, int64_t dim, int64_t count, bool before,
                    PadMode mode) {
  int64_t size = shapeOf(value)[dim];
  if (mode == PadMode::Edge)
    return repeat(b, slice(b, value, dim, before ? 0 : size - 1, 1), dim, count);
  int64_t margin = mode == PadMode::Reflect;
  bool fromBeginning = before != (mode == PadMode::Wrap);
  Value piece = slice(b, value, dim, fromBeginning ? margin : size - margin - count, count);
  return mode == PadMode::Wrap ? piece : reverse(b, piece, dim);
}

Value ops::pad(TensorBuilder &b, Value value, ArrayRef<int64_t> low, ArrayRef<int64_t> high,
               PadMode mode, double number) {
  SmallVector<int64_t> output(shapeOf(value));
  for (auto [dim, size] : llvm::enumerate(output)) {
    int64_t most = mode == PadMode::Constant || mode == PadMode::Edge ? int64_t(1) << 31
                   : mode == PadMode::Reflect                         ? size - 1
                                                                      : size;
    if (low[dim] > most || high[dim] > most) {
      b.error() << "expected a padding of at most " << most << " in dimension " << dim
                << " of the input of shape " << shown(shapeOf(value)) << ", found " << low[dim]
                << " and " << high[dim];
      return {};
    }
    if (!ShapedType::isDynamic(size))
      size += low[dim] + high[dim];
  }
  if (!b.fits(output))
    return {};
  if (mode == PadMode::Constant)
    return padConstant(b, value, low, high, output, number);
  for (int64_t dim = 0; dim < int64_t(output.size()); ++dim) {
    SmallVector<Value, 3> parts{value};
    if (low[dim])
      parts.insert(parts.begin(), border(b, value, dim, low[dim], true, mode));
    if (high[dim])
      parts.push_back(border(b, value, dim, high[dim], false, mode));
    value = concatenate(b, parts, dim);
  }
  return value;
}
