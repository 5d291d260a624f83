//===- Updates.cpp - operators that write elements at places ---------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Lookup.h"
#include "../Operations/Ordering.h"
#include "../Operations/Shaping.h"
#include "Operators.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// Numbers at places of a tensor that is filled with another one.
static Results importSparseToDense(OperatorContext &op) {
  auto shape = op.integers(1, "output_shape");
  if (!shape || !op.fits(*shape))
    return Value();
  int64_t rank = shape->size(), rows = op.shape().empty() ? 1 : op.shape().front();
  int64_t depth = op.shape().size() == 2 ? op.shape()[1] : 1;
  if (op.shape().size() > 2 || depth != rank || ops::rankOf(op.input(3)) != 0) {
    op.error() << "expected places in shape " << shown(*shape) << " and one number elsewhere, "
               << "found shapes " << shown(op.shape()) << " and " << shown(op.shape(3));
    return Value();
  }
  return ops::scatterParts(op, ops::broadcastTo(op, op.input(3), *shape),
                           ops::reshape(op, op.input(), {rows, depth}),
                           ops::broadcastTo(op, op.input(2), rows), ops::Scatter::Replace);
}

/// A part of a tensor is another one; where it would reach over an end it is moved inside.
static Results importUpdateSlice(OperatorContext &op) {
  int64_t rank = op.shape().size();
  if (op.shape(2) != ArrayRef<int64_t>(rank) || op.shape(1).size() != op.shape().size()) {
    op.error("start_indices") << "expected a place in shape " << shown(op.shape())
                              << " for an update of this rank, found shapes " << shown(op.shape(2))
                              << " and " << shown(op.shape(1));
    return Value();
  }
  SmallVector<Value> starts;
  for (int64_t dim = 0; dim < rank; ++dim) {
    Value start =
        ops::reshape(op, ops::slice(op, op.input(2), 0, dim, 1), SmallVector<int64_t>(rank, 1));
    int64_t most = std::max<int64_t>(op.shape()[dim] - op.shape(1)[dim], 0);
    starts.push_back(ops::clip(op, start, 0, most));
  }
  return ops::update(op, op.input(), op.input(1), starts);
}

/// The sums of the rows with each number, or what else joins them; the numbers of SEGMENT_SUM say
/// how many there are.
template <ops::Scatter kind> static Results importSegments(OperatorContext &op) {
  std::optional<int64_t> count;
  if (op.code.builtin == BuiltinOperator::SEGMENT_SUM) {
    auto numbers = op.integers(1, "segment_ids");
    if (numbers && !numbers->empty())
      count = *llvm::max_element(*numbers) + 1;
  } else {
    count = op.integer(2, "num_segments");
  }
  if (!count || !op.fits(*count))
    return Value();
  Type element = ops::elementOf(op.input());
  double most = isa<FloatType>(element) ? std::numeric_limits<float>::max()
                                        : std::numeric_limits<int32_t>::max();
  double empty = kind == ops::Scatter::Max   ? -most
                 : kind == ops::Scatter::Min ? most
                                             : kind == ops::Scatter::Multiply;
  return ops::joinSegments(op, op.input(), op.input(1), *count, kind, empty);
}

/// Vectors as diagonals, of zeros or of matrices that are there.
static Value setDiagonal(OperatorContext &op, Value matrix, Value diagonal) {
  int64_t rank = ops::rankOf(diagonal), columns = ops::shapeOf(matrix)[rank];
  SmallVector<int64_t> none(rank, 0), more(rank, 0);
  more.back() = columns - ops::shapeOf(diagonal).back();
  Value rows = ops::expandDims(op, ops::pad(op, diagonal, none, more), rank - 1);
  Value isDiagonal = ops::eye(op, ops::shapeOf(matrix)[rank - 1], columns, 0);
  return ops::select(op, isDiagonal, rows, matrix);
}

static Results importDiagonal(OperatorContext &op) {
  SmallVector<int64_t> shape(op.shape());
  if (shape.empty() || !op.fits({shape.back(), shape.back()}))
    return Value();
  shape.push_back(shape.back());
  return op.fits(shape)
             ? setDiagonal(op, op.splat(shape, ops::elementOf(op.input()), 0), op.input())
             : Value();
}

static Results importSetDiagonal(OperatorContext &op) {
  SmallVector<int64_t> shape(op.shape());
  if (shape.size() >= 2) {
    int64_t size = std::min(shape.back(), shape[shape.size() - 2]);
    shape.pop_back();
    shape.back() = size;
    if (op.shape(1) == ArrayRef(shape))
      return setDiagonal(op, op.input(), op.input(1));
  }
  op.error("diagonal") << "expected that of matrices of shape " << shown(op.shape())
                       << ", found shape " << shown(op.shape(1));
  return Value();
}

/// How many boundaries are not above each number.
static Results importBuckets(OperatorContext &op) {
  ArrayRef<float> bounds = numbers(op.options<schema::BucketizeOptions>().boundaries());
  if (bounds.empty() || !llvm::is_sorted(bounds)) {
    op.error("boundaries") << "expected numbers in order, found " << bounds.size();
    return Value();
  }
  return ops::searchSorted(op, op.constant(bounds.size(), bounds), op.input(), true);
}

ArrayRef<OperatorKind> tflite::updateOperators() {
  using O = BuiltinOperator;
  using S = ops::Scatter;
  static const OperatorKind table[] = {
      {O::BUCKETIZE, 1, 1, importBuckets, 1, 1, BuiltinOptions::BucketizeOptions},
      {O::DYNAMIC_UPDATE_SLICE, 1, 4, importUpdateSlice, 3, 3},
      {O::MATRIX_DIAG, 1, 1, importDiagonal, 1, 1},
      {O::MATRIX_SET_DIAG, 1, 1, importSetDiagonal, 2, 2},
      {O::SEGMENT_SUM, 1, 1, importSegments<S::Add>, 2, 2},
      {O::SPARSE_TO_DENSE, 1, 3, importSparseToDense, 4, 4},
      {O::UNSORTED_SEGMENT_MAX, 1, 1, importSegments<S::Max>, 3, 3},
      {O::UNSORTED_SEGMENT_MIN, 1, 1, importSegments<S::Min>, 3, 3},
      {O::UNSORTED_SEGMENT_PROD, 1, 1, importSegments<S::Multiply>, 3, 3},
      {O::UNSORTED_SEGMENT_SUM, 1, 1, importSegments<S::Add>, 3, 3},
  };
  return table;
}
