//===- Sparse.cpp - constants of which a file has some elements ------------------===//

#include "Constants.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

namespace {

/// One loop of those that go over a sparse tensor.
struct Level {
  /// The dimension of the tensor that it goes along, and what one of its steps is there.
  int64_t dim, step = 1;
  int64_t size = 0;
  bool isDense;
  /// Of rows: where each begins, and which elements it has.
  SmallVector<int64_t> segments, indices;
};

class Spreader {
public:
  Spreader(ArrayRef<int64_t> shape, ArrayRef<uint8_t> bytes, size_t size)
      : shape(shape), bytes(bytes), size(size),
        result(ShapedType::getNumElements(shape) * size, 0) {}

  bool read(const schema::SparsityParameters &sparsity);
  /// Goes over the elements of the `position`th row of a level and those behind it.
  bool spread(size_t level, int64_t position, MutableArrayRef<int64_t> at);

  ArrayRef<int64_t> shape;
  ArrayRef<uint8_t> bytes;
  size_t size;
  std::vector<uint8_t> result;
  SmallVector<Level> levels;
};

} // namespace

template <typename T> static SmallVector<int64_t> widened(const T *table) {
  auto values = numbers(table->values());
  return SmallVector<int64_t>(values.begin(), values.end());
}

static SmallVector<int64_t> indicesOf(schema::SparseIndexVector type, const void *table) {
  if (!table)
    return {};
  switch (type) {
  case schema::SparseIndexVector::Int32Vector:
    return widened(static_cast<const schema::Int32Vector *>(table));
  case schema::SparseIndexVector::Uint16Vector:
    return widened(static_cast<const schema::Uint16Vector *>(table));
  case schema::SparseIndexVector::Uint8Vector:
    return widened(static_cast<const schema::Uint8Vector *>(table));
  default:
    return {};
  }
}

bool Spreader::read(const schema::SparsityParameters &sparsity) {
  ArrayRef<int32_t> order = numbers(sparsity.traversal_order());
  ArrayRef<int32_t> blocks = numbers(sparsity.block_map());
  auto metadata = tables(sparsity.dim_metadata());
  size_t rank = shape.size();
  if (order.size() != rank + blocks.size() || metadata.size() != order.size())
    return false;
  SmallVector<int64_t> blockSize(rank, 1);
  SmallVector<bool> seen(order.size(), false);
  for (auto [dim, table] : llvm::zip_equal(order, metadata)) {
    if (dim < 0 || size_t(dim) >= order.size() || std::exchange(seen[dim], true))
      return false;
    Level level;
    bool isBlock = size_t(dim) >= rank;
    level.dim = isBlock ? blocks[dim - rank] : dim;
    level.isDense = table->format() == schema::DimensionType::DENSE;
    level.size = table->dense_size();
    level.segments = indicesOf(table->array_segments_type(), table->array_segments());
    level.indices = indicesOf(table->array_indices_type(), table->array_indices());
    // Rows that overlap would stand for more elements than the file has.
    if (level.dim < 0 || size_t(level.dim) >= rank || !llvm::is_sorted(level.segments))
      return false;
    if (isBlock) {
      if (!level.isDense || level.size <= 0 || level.size > shape[level.dim] ||
          blockSize[level.dim] != 1)
        return false;
      blockSize[level.dim] = level.size;
    }
    levels.push_back(std::move(level));
  }
  for (auto [dim, level] : llvm::zip_equal(order, levels))
    if (size_t(dim) < rank) {
      level.step = blockSize[dim];
      if (level.isDense && level.size != shape[dim] / level.step)
        return false;
    }
  return true;
}

bool Spreader::spread(size_t depth, int64_t position, MutableArrayRef<int64_t> at) {
  if (depth == levels.size()) {
    int64_t offset = 0;
    for (auto [index, extent] : llvm::zip_equal(at, shape)) {
      if (index >= extent)
        return false;
      offset = offset * extent + index;
    }
    if (size_t(position) >= bytes.size() / size)
      return false;
    std::copy_n(bytes.begin() + position * size, size, result.begin() + offset * size);
    return true;
  }
  const Level &level = levels[depth];
  int64_t begin = position * level.size, end = begin + level.size, base = at[level.dim];
  if (!level.isDense) {
    if (size_t(position) + 1 >= level.segments.size())
      return false;
    begin = level.segments[position];
    end = level.segments[position + 1];
    if (begin < 0 || begin > end || size_t(end) > level.indices.size())
      return false;
  }
  for (int64_t next = begin; next < end; ++next) {
    int64_t index = level.isDense ? next - begin : level.indices[next];
    if (index < 0)
      return false;
    at[level.dim] = base + index * level.step;
    if (at[level.dim] >= shape[level.dim] || !spread(depth + 1, next, at))
      return false;
  }
  at[level.dim] = base;
  return true;
}

std::optional<std::vector<uint8_t>> tflite::densify(const schema::SparsityParameters &sparsity,
                                                    ArrayRef<int64_t> shape,
                                                    ArrayRef<uint8_t> bytes, size_t size) {
  Spreader spreader(shape, bytes, size);
  SmallVector<int64_t> at(shape.size(), 0);
  if (!spreader.read(sparsity) || !spreader.spread(0, 0, at))
    return std::nullopt;
  return std::move(spreader.result);
}
