//===- Shaping.cpp - operators that change shapes --------------------------------===//

#include "../Operations/Shaping.h"
#include "../Operations/Blocks.h"
#include "../Operations/Resampling.h"
#include "Operators.h"

#include "sepconv/IR/Window.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// The shape is an input or, in old files, an option.
static Results importReshape(OperatorContext &op) {
  std::optional<SmallVector<int64_t>> target;
  if (op.input(1))
    target = op.integers(1, "shape");
  else
    target.emplace(numbers(op.options<schema::ReshapeOptions>().new_shape()));
  auto shape = target ? ops::resolveShape(op.shape(), *target) : std::nullopt;
  if (target && !shape)
    op.error("shape") << "expected a shape for the elements of " << shown(op.shape()) << ", found "
                      << shown(*target);
  bool keeps = shape && !shape->empty() && shape->front() == 1;
  return shape && op.keepsBatch(keeps) ? ops::reshape(op, op.input(), *shape) : Value();
}

/// All dimensions of size 1 without a list.
static Results importSqueeze(OperatorContext &op) {
  SmallVector<int64_t> dims;
  for (int64_t axis : numbers(op.options<schema::SqueezeOptions>().squeeze_dims())) {
    std::optional<int64_t> dim = op.dimension(op.input(), "squeeze_dims", axis);
    if (!dim)
      return Value();
    if (op.shape()[*dim] != 1) {
      op.error("squeeze_dims") << "expected dimensions of size 1 of shape " << shown(op.shape())
                               << ", found " << axis;
      return Value();
    }
    dims.push_back(*dim);
  }
  if (dims.empty())
    for (auto [dim, size] : llvm::enumerate(op.shape()))
      if (size == 1 && (dim != 0 || !op.isBatchDynamic()))
        dims.push_back(dim);
  return ops::squeeze(op, op.input(), dims);
}

static Results importExpandDims(OperatorContext &op) {
  auto axis = op.integer(1, "axis");
  int64_t rank = ops::rankOf(op.input());
  if (!axis)
    return Value();
  int64_t dim = *axis < 0 ? *axis + rank + 1 : *axis;
  if (dim < 0 || dim > rank) {
    op.error("axis") << "expected a place among the dimensions of shape " << shown(op.shape())
                     << ", found " << *axis;
    return Value();
  }
  return op.keepsBatch(dim != 0) ? ops::expandDims(op, op.input(), dim) : Value();
}

static Results importTranspose(OperatorContext &op) {
  auto permutation = op.integers(1, "perm");
  if (!permutation)
    return Value();
  SmallVector<int64_t> sorted(*permutation);
  for (int64_t &dim : *permutation)
    dim += dim < 0 ? ops::rankOf(op.input()) : 0;
  sorted = *permutation;
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, ops::rankOf(op.input())))) {
    op.error("perm") << "expected the dimensions of shape " << shown(op.shape())
                     << " in some order, found " << shown(*permutation);
    return Value();
  }
  bool keeps = permutation->empty() || permutation->front() == 0;
  return op.keepsBatch(keeps) ? ops::transpose(op, op.input(), *permutation) : Value();
}

/// A dimension in front of that of the axis, of all inputs.
static Results importPack(OperatorContext &op) {
  int64_t axis = op.options<schema::PackOptions>().axis(), rank = ops::rankOf(op.input());
  int64_t dim = axis < 0 ? axis + rank + 1 : axis;
  if (dim < 0 || dim > rank) {
    op.error("axis") << "expected a place among the dimensions of shape " << shown(op.shape())
                     << ", found " << axis;
    return Value();
  }
  SmallVector<Value> parts;
  for (Value input : op.getInputs())
    parts.push_back(ops::expandDims(op, input, dim));
  return op.keepsBatch(dim != 0) ? ops::concatenate(op, parts, dim) : Value();
}

static Results importUnpack(OperatorContext &op) {
  auto dim = op.dimension(op.input(), "axis", op.options<schema::UnpackOptions>().axis());
  if (!dim)
    return Value();
  if (size_t(op.shape()[*dim]) != op.outputCount()) {
    op.error("axis") << "expected " << op.shape()[*dim] << " outputs for shape "
                     << shown(op.shape()) << ", found " << op.outputCount();
    return Value();
  }
  SmallVector<int64_t> ones(op.shape()[*dim], 1);
  SmallVector<Value> pieces = ops::split(op, op.input(), *dim, ones);
  for (Value &piece : pieces)
    piece = ops::squeeze(op, piece, *dim);
  return ArrayRef(pieces);
}

static Value integers(OperatorContext &op, ArrayRef<int64_t> shape, ArrayRef<int64_t> values) {
  Type element = elementType(op.builder, op.outputType());
  if (!element || !isa<IntegerType>(element))
    element = op.builder.getI32Type();
  auto attributes = llvm::map_to_vector(
      values, [&](int64_t value) -> Attribute { return IntegerAttr::get(element, value); });
  return arith::ConstantOp::create(
      op.builder, op.loc,
      DenseElementsAttr::get(RankedTensorType::get(shape, element), attributes));
}

static Results importShape(OperatorContext &op) {
  return integers(op, ops::rankOf(op.input()), op.shape());
}

/// What is sparse was spread when it was read.
static Results importDensify(OperatorContext &op) { return op.input(); }

static Results importRank(OperatorContext &op) { return integers(op, {}, ops::rankOf(op.input())); }

static Results importBroadcastTo(OperatorContext &op) {
  auto shape = op.integers(1, "shape");
  return shape ? ops::broadcastTo(op, op.input(), *shape) : Value();
}

/// The shape that tensors of two shapes broadcast to.
static Results importBroadcastShapes(OperatorContext &op) {
  auto left = op.integers(0, "shape0"), right = op.integers(1, "shape1");
  if (!left || !right)
    return Value();
  size_t rank = std::max(left->size(), right->size());
  for (auto *shape : {&*left, &*right})
    shape->insert(shape->begin(), rank - shape->size(), 1);
  SmallVector<int64_t> both;
  for (auto [x, y] : llvm::zip_equal(*left, *right)) {
    if (x != y && x != 1 && y != 1) {
      op.error() << "expected shapes that broadcast, found " << shown(*left) << " and "
                 << shown(*right);
      return Value();
    }
    both.push_back(x == 1 ? y : x);
  }
  return integers(op, int64_t(rank), both);
}

static Results importTile(OperatorContext &op) {
  auto counts = op.integers(1, "multiples");
  if (!counts)
    return Value();
  if (int64_t(counts->size()) != ops::rankOf(op.input()) ||
      llvm::any_of(*counts, [](int64_t count) { return count < 1 || count > kMaxSize; })) {
    op.error("multiples") << "expected a positive integer for each dimension of shape "
                          << shown(op.shape()) << ", found " << shown(*counts);
    return Value();
  }
  bool keeps = counts->empty() || counts->front() == 1;
  return op.keepsBatch(keeps) ? ops::tile(op, op.input(), *counts) : Value();
}

template <typename Options, Value (*build)(ops::TensorBuilder &, Value, int64_t, DataFormat)>
static Results importBlocks(OperatorContext &op) {
  int64_t block = op.options<Options>().block_size();
  if (!op.hasRank(4) || !op.isPositive("block_size", block))
    return Value();
  return build(op, op.input(), block, DataFormat::NHWC);
}

/// The block's sizes and what is padded or cropped, two numbers for each of them, are inputs.
template <Value (*build)(ops::TensorBuilder &, Value, ArrayRef<int64_t>, ArrayRef<int64_t>,
                         ArrayRef<int64_t>)>
static Results importBatches(OperatorContext &op) {
  auto block = op.integers(1, "block_shape"), margins = op.integers(2, "paddings");
  if (!block || !margins || !op.keepsBatch(false))
    return Value();
  SmallVector<int64_t> low, high;
  for (auto [i, margin] : llvm::enumerate(*margins))
    (i % 2 ? high : low).push_back(margin);
  auto isOutside = [](int64_t least) {
    return [=](int64_t size) { return size < least || size > kMaxSize; };
  };
  if (block->empty() || int64_t(block->size()) >= ops::rankOf(op.input()) ||
      margins->size() != 2 * block->size() || llvm::any_of(*block, isOutside(1)) ||
      llvm::any_of(*margins, isOutside(0)) ||
      llvm::any_of(*block, [](int64_t size) { return size > 1 << 16; })) {
    op.error("block_shape") << "expected a positive size and two paddings for each of the spatial "
                               "dimensions of shape "
                            << shown(op.shape()) << ", found " << shown(*block) << " and "
                            << shown(*margins);
    return Value();
  }
  return build(op, op.input(), *block, low, high);
}

/// Height and width. TFLite looks for the nearest pixel below (i + 0.5) * input / output, below
/// i * input / output, or next to i * (input - 1) / (output - 1).
template <typename Options, ops::Sampling::Mode mode>
static Results importResize(OperatorContext &op) {
  const auto &options = op.options<Options>();
  auto sizes = op.integers(1, "size");
  if (!sizes || !op.hasRank(4) || !op.isFloat())
    return Value();
  if (sizes->size() != 2 || sizes->front() < 1 || sizes->back() < 1) {
    op.error("size") << "expected a height and a width, found " << shown(*sizes);
    return Value();
  }
  ops::Sampling sampling;
  sampling.mode = mode;
  sampling.place = options.align_corners()         ? ops::Sampling::AlignCorners
                   : !options.half_pixel_centers() ? ops::Sampling::Asymmetric
                   : mode == ops::Sampling::Linear ? ops::Sampling::HalfPixel
                                                   : ops::Sampling::HalfPixelWithoutShift;
  sampling.rounding = options.align_corners() ? ops::Sampling::HalfUp : ops::Sampling::Down;
  SmallVector<ops::SampledDimension> dims;
  for (auto [i, size] : llvm::enumerate(*sizes))
    dims.push_back({int64_t(i) + 1, size, double(size) / op.shape()[i + 1]});
  return ops::resample(op, op.input(), dims, sampling);
}

ArrayRef<OperatorKind> tflite::shapingOperators() {
  using O = BuiltinOperator;
  using P = BuiltinOptions;
  using Sampling = ops::Sampling;
  static constexpr size_t any = std::numeric_limits<size_t>::max();
  static const OperatorKind table[] = {
      {O::BATCH_TO_SPACE_ND, 1, 4, importBatches<ops::batchToSpace>, 3, 3},
      {O::BROADCAST_ARGS, 1, 1, importBroadcastShapes, 2, 2},
      {O::BROADCAST_TO, 1, 3, importBroadcastTo, 2, 2},
      {O::DENSIFY, 1, 1, importDensify, 1, 1},
      {O::DEPTH_TO_SPACE, 1, 2, importBlocks<schema::DepthToSpaceOptions, ops::depthToSpace>, 1, 1,
       P::DepthToSpaceOptions},
      {O::EXPAND_DIMS, 1, 1, importExpandDims, 2, 2},
      {O::PACK, 1, 4, importPack, 1, any, P::PackOptions},
      {O::RANK, 1, 1, importRank, 1, 1},
      {O::RESHAPE, 1, 1, importReshape, 1, 2, P::ReshapeOptions},
      {O::RESIZE_BILINEAR, 1, 4, importResize<schema::ResizeBilinearOptions, Sampling::Linear>, 2,
       2, P::ResizeBilinearOptions},
      {O::RESIZE_NEAREST_NEIGHBOR, 1, 4,
       importResize<schema::ResizeNearestNeighborOptions, Sampling::Nearest>, 2, 2,
       P::ResizeNearestNeighborOptions},
      {O::SHAPE, 1, 1, importShape, 1, 1, P::ShapeOptions},
      {O::SPACE_TO_BATCH_ND, 1, 4, importBatches<ops::spaceToBatch>, 3, 3},
      {O::SPACE_TO_DEPTH, 1, 2, importBlocks<schema::SpaceToDepthOptions, ops::spaceToDepth>, 1, 1,
       P::SpaceToDepthOptions},
      {O::SQUEEZE, 1, 2, importSqueeze, 1, 1, P::SqueezeOptions},
      {O::TILE, 1, 3, importTile, 2, 2},
      {O::TRANSPOSE, 1, 6, importTranspose, 2, 2},
      {O::UNPACK, 1, 4, importUnpack, 1, 1, P::UnpackOptions},
  };
  return table;
}
