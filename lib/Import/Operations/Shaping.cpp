//===- Shaping.cpp - operations that change shapes and order ---------------------===//

#include "Shaping.h"
#include "../Problems.h"
#include "MoveConstants.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

//===----------------------------------------------------------------------===//
// Reshaping
//===----------------------------------------------------------------------===//

Value ops::reshape(TensorBuilder &b, Value value, ArrayRef<int64_t> shape) {
  if (!value)
    return {};
  RankedTensorType from = typeOf(value), to = from.clone(shape);
  if (from == to)
    return value;
  if (!from.hasStaticShape() || !to.hasStaticShape()) {
    b.error() << "expected known sizes, found an input of shape " << shown(from.getShape());
    return {};
  }
  if (DenseElementsAttr elements; matchPattern(value, m_Constant(&elements)))
    return arith::ConstantOp::create(b.builder, b.loc, elements.reshape(to));
  auto groups = getReassociationIndicesForReshape(from, to);
  if (groups && from.getRank() > to.getRank())
    return tensor::CollapseShapeOp::create(b.builder, b.loc, to, value, *groups);
  if (groups && from.getRank() < to.getRank())
    return tensor::ExpandShapeOp::create(b.builder, b.loc, to, value, *groups);
  auto allDims = [](RankedTensorType type) {
    if (type.getRank() == 0)
      return SmallVector<ReassociationIndices>();
    return SmallVector<ReassociationIndices>{
        llvm::to_vector<2>(llvm::seq<int64_t>(0, type.getRank()))};
  };
  RankedTensorType flat = from.clone({from.getNumElements()});
  if (from.getRank() == 0)
    value = tensor::ExpandShapeOp::create(b.builder, b.loc, flat, value, allDims(from));
  else if (from.getRank() != 1)
    value = tensor::CollapseShapeOp::create(b.builder, b.loc, flat, value, allDims(from));
  if (to.getRank() == 1)
    return value;
  if (to.getRank() == 0)
    return tensor::CollapseShapeOp::create(b.builder, b.loc, to, value, allDims(to));
  return tensor::ExpandShapeOp::create(b.builder, b.loc, to, value, allDims(to));
}

std::optional<SmallVector<int64_t>> ops::resolveShape(ArrayRef<int64_t> from,
                                                      ArrayRef<int64_t> target) {
  int64_t elements = ShapedType::getNumElements(from), known = 1;
  SmallVector<int64_t> result(target);
  int64_t *unknown = nullptr;
  for (int64_t &size : result) {
    if (size > 0 && known <= elements / size)
      known *= size;
    else if (size == -1 && !unknown)
      unknown = &size;
    else
      return std::nullopt;
  }
  if (unknown)
    *unknown = elements / known;
  if (unknown ? elements % known != 0 || known > elements : known != elements)
    return std::nullopt;
  return result;
}

Value ops::expandDims(TensorBuilder &b, Value value, ArrayRef<int64_t> dims) {
  if (!value)
    return {};
  SmallVector<int64_t> shape(shapeOf(value));
  for (int64_t dim : dims)
    shape.insert(shape.begin() + dim, 1);
  return reshape(b, value, shape);
}

Value ops::squeeze(TensorBuilder &b, Value value, ArrayRef<int64_t> dims) {
  if (!value)
    return {};
  SmallVector<int64_t> shape;
  for (auto [dim, size] : llvm::enumerate(shapeOf(value)))
    if (!llvm::is_contained(dims, int64_t(dim)))
      shape.push_back(size);
  return reshape(b, value, shape);
}

Value ops::transpose(TensorBuilder &b, Value value, ArrayRef<int64_t> permutation) {
  if (!value)
    return {};
  SmallVector<int64_t> shape = applyPermutation(shapeOf(value), permutation);
  auto source = [&](ArrayRef<int64_t> at, MutableArrayRef<int64_t> from) {
    for (auto [to, dim] : llvm::zip_equal(at, permutation))
      from[dim] = to;
    return true;
  };
  if (Value moved = moveConstant(b, value, shape, source))
    return moved;
  Value empty = tensor::EmptyOp::create(b.builder, b.loc, shape, elementOf(value));
  return linalg::TransposeOp::create(b.builder, b.loc, value, empty, permutation)->getResult(0);
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

static Value inNhwc(TensorBuilder &b, Value value, DataFormat format,
                    llvm::function_ref<Value(Value)> body) {
  if (format == DataFormat::NHWC)
    return body(value);
  Value result = body(transpose(b, value, {0, 2, 3, 1}));
  return transpose(b, result, {0, 3, 1, 2});
}

static Value toSpace(TensorBuilder &b, Value value, int64_t block, DataFormat format,
                     bool channelsFirst) {
  int64_t channels = shapeOf(value)[format == DataFormat::NHWC ? 3 : 1];
  if (channels % (block * block)) {
    b.error() << "expected channels that are a multiple of " << block * block
              << ", found an input of shape " << shown(shapeOf(value));
    return {};
  }
  return inNhwc(b, value, format, [&](Value image) {
    SmallVector<int64_t> s(shapeOf(image));
    int64_t rest = s[3] / block / block;
    SmallVector<int64_t> parts{s[0], s[1], s[2], block, block, rest}, order{0, 1, 3, 2, 4, 5};
    if (channelsFirst) {
      parts = {s[0], s[1], s[2], rest, block, block};
      order = {0, 1, 4, 2, 5, 3};
    }
    return reshape(b, transpose(b, reshape(b, image, parts), order),
                   {s[0], s[1] * block, s[2] * block, rest});
  });
}

Value ops::depthToSpace(TensorBuilder &b, Value value, int64_t block, DataFormat format) {
  return toSpace(b, value, block, format, /*channelsFirst=*/false);
}

Value ops::pixelShuffle(TensorBuilder &b, Value value, int64_t block, DataFormat format) {
  return toSpace(b, value, block, format, /*channelsFirst=*/true);
}

Value ops::spaceToDepth(TensorBuilder &b, Value value, int64_t block, DataFormat format) {
  int64_t height = format == DataFormat::NHWC ? 1 : 2;
  if (shapeOf(value)[height] % block || shapeOf(value)[height + 1] % block) {
    b.error() << "expected a height and a width that are multiples of " << block
              << ", found an input of shape " << shown(shapeOf(value));
    return {};
  }
  return inNhwc(b, value, format, [&](Value image) {
    SmallVector<int64_t> s(shapeOf(image));
    Value blocks = reshape(b, image, {s[0], s[1] / block, block, s[2] / block, block, s[3]});
    return reshape(b, transpose(b, blocks, {0, 1, 3, 2, 4, 5}),
                   {s[0], s[1] / block, s[2] / block, s[3] * block * block});
  });
}
