//===- Slicing.cpp - slices, paddings and concatenations -------------------------===//

#include "../Operations/Shaping.h"
#include "Operators.h"

#include "sepconv/IR/Window.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// A size of -1 stands for the rest of the dimension.
static Results importSlice(OperatorContext &op) {
  auto begin = op.integers(1, "begin"), size = op.integers(2, "size");
  if (!begin || !size)
    return Value();
  ArrayRef<int64_t> shape = op.shape();
  bool fits = begin->size() == shape.size() && size->size() == shape.size();
  for (size_t dim = 0; fits && dim < shape.size(); ++dim) {
    int64_t &count = (*size)[dim], first = (*begin)[dim];
    fits = first >= 0 && first < shape[dim] && count >= -1 && count <= shape[dim] - first;
    count = count == -1 ? shape[dim] - first : count;
  }
  if (!fits) {
    op.error("size") << "expected a part of shape " << shown(shape) << ", found " << shown(*size)
                     << " at " << shown(*begin);
    return Value();
  }
  if (!op.keepsBatch(size->empty() || size->front() == shape.front()))
    return Value();
  return ops::slice(op, op.input(), *begin, *size, SmallVector<int64_t>(shape.size(), 1));
}

namespace {

/// What stands between the brackets of x[...], one of a sparse list by the bits of masks, as
/// tf.strided_slice documents them.
struct Key {
  ArrayRef<int64_t> begin, end, strides;
  const schema::StridedSliceOptions &options;

  bool has(int32_t mask, size_t i) const { return i < 32 && (uint32_t(mask) >> i) & 1; }
  bool isEllipsis(size_t i) const { return has(options.ellipsis_mask(), i); }
  bool isNew(size_t i) const { return !isEllipsis(i) && has(options.new_axis_mask(), i); }
  bool shrinks(size_t i) const { return has(options.shrink_axis_mask(), i); }
};

/// A slice of each dimension, and the shape that is made of it.
struct Slice {
  SmallVector<int64_t> offsets, sizes, steps, shape;
};

} // namespace

/// One dimension of `size` elements; false if the key is out of range.
static bool sliceDimension(const Key &key, size_t i, int64_t size, Slice &slice) {
  // What is further outside means the same, and does not overflow.
  auto near = [](int64_t place) { return std::clamp<int64_t>(place, -2 * kMaxSize, 2 * kMaxSize); };
  int64_t step = near(key.strides[i]), begin = near(key.begin[i]), end = near(key.end[i]);
  if (key.options.offset())
    end += begin;
  begin += begin < 0 ? size : 0;
  if (key.shrinks(i)) {
    slice.offsets.push_back(begin);
    slice.sizes.push_back(1);
    slice.steps.push_back(1);
    return begin >= 0 && begin < size;
  }
  if (step == 0)
    return false;
  end += end < 0 ? size : 0;
  // Backwards, the elements are size - 1 down to 0, and -1 is behind the last.
  int64_t least = step > 0 ? 0 : -1, greatest = step > 0 ? size : size - 1;
  begin = key.has(key.options.begin_mask(), i) ? (step > 0 ? least : greatest)
                                               : std::clamp(begin, least, greatest);
  end = key.has(key.options.end_mask(), i) ? (step > 0 ? greatest : least)
                                           : std::clamp(end, least, greatest);
  int64_t span = step > 0 ? end - begin : begin - end;
  int64_t count =
      span > 0 ? int64_t(llvm::divideCeil(uint64_t(span), uint64_t(std::abs(step)))) : 0;
  slice.offsets.push_back(begin);
  slice.sizes.push_back(count);
  slice.steps.push_back(step);
  slice.shape.push_back(count);
  return true;
}

static std::optional<Slice> resolve(const Key &key, ArrayRef<int64_t> shape) {
  Slice slice;
  size_t count = key.begin.size(), named = 0;
  for (size_t i = 0; i < count; ++i)
    named += !key.isNew(i) && !key.isEllipsis(i);
  if (named > shape.size() || count > 32)
    return std::nullopt;
  auto takeAll = [&](size_t dims) {
    for (size_t i = 0; i < dims; ++i) {
      int64_t size = shape[slice.offsets.size()];
      slice.offsets.push_back(0);
      slice.sizes.push_back(size);
      slice.steps.push_back(1);
      slice.shape.push_back(size);
    }
  };
  size_t rest = shape.size() - named;
  for (size_t i = 0; i < count; ++i) {
    if (key.isEllipsis(i))
      takeAll(std::exchange(rest, 0));
    else if (key.isNew(i))
      slice.shape.push_back(1);
    else if (!sliceDimension(key, i, shape[slice.offsets.size()], slice))
      return std::nullopt;
  }
  takeAll(rest);
  return slice;
}

static Results importStridedSlice(OperatorContext &op) {
  auto begin = op.integers(1, "begin"), end = op.integers(2, "end");
  auto strides = op.integers(3, "strides");
  if (!begin || !end || !strides)
    return Value();
  std::optional<Slice> slice;
  if (begin->size() == end->size() && begin->size() == strides->size())
    slice =
        resolve({*begin, *end, *strides, op.options<schema::StridedSliceOptions>()}, op.shape());
  if (!slice) {
    op.error("begin") << "expected a part of shape " << shown(op.shape()) << ", found from "
                      << shown(*begin) << " to " << shown(*end) << " by " << shown(*strides);
    return Value();
  }
  bool keeps = slice->sizes.empty() ||
               (slice->sizes.front() == op.shape().front() && !slice->shape.empty() &&
                slice->shape.front() == slice->sizes.front());
  if (!op.keepsBatch(keeps))
    return Value();
  Value part = ops::slice(op, op.input(), slice->offsets, slice->sizes, slice->steps);
  return ops::reshape(op, part, slice->shape);
}

/// Equal pieces; the axis is the first input.
static Results importSplit(OperatorContext &op) {
  auto axis = op.integer(0, "axis");
  auto dim = axis ? op.dimension(op.input(1), "axis", *axis) : std::nullopt;
  int64_t count = op.options<schema::SplitOptions>().num_splits();
  if (!dim || !op.isPositive("num_splits", count))
    return Value();
  if (op.shape(1)[*dim] % count || size_t(count) != op.outputCount()) {
    op.error("num_splits") << "expected a divisor of " << op.shape(1)[*dim]
                           << " and as many outputs, found " << count << " and " << op.outputCount()
                           << " outputs";
    return Value();
  }
  SmallVector<int64_t> sizes(count, op.shape(1)[*dim] / count);
  return ArrayRef<Value>(ops::split(op, op.input(1), *dim, sizes));
}

/// Pieces of given sizes, one of which may be -1.
static Results importSplitV(OperatorContext &op) {
  auto sizes = op.integers(1, "size_splits");
  auto axis = op.integer(2, "axis");
  auto dim = axis ? op.dimension(op.input(), "axis", *axis) : std::nullopt;
  if (!sizes || !dim)
    return Value();
  int64_t rest = op.shape()[*dim], unknown = 0;
  for (int64_t size : *sizes) {
    unknown += size == -1;
    rest -= std::clamp<int64_t>(size, 0, op.shape()[*dim] + 1);
  }
  for (int64_t &size : *sizes)
    size = size == -1 && unknown == 1 ? rest : size;
  if (rest < 0 || (rest > 0 && unknown != 1) ||
      llvm::any_of(*sizes, [](int64_t size) { return size < 1; })) {
    op.error("size_splits") << "expected sizes whose sum is " << op.shape()[*dim] << ", found "
                            << shown(*sizes);
    return Value();
  }
  return ArrayRef<Value>(ops::split(op, op.input(), *dim, *sizes));
}

static Results importConcatenation(OperatorContext &op) {
  const auto &options = op.options<schema::ConcatenationOptions>();
  auto dim = op.dimension(op.input(), "axis", options.axis());
  return dim ? op.activate(ops::concatenate(op, op.getInputs(), *dim),
                           options.fused_activation_function())
             : Value();
}

static Results pad(OperatorContext &op, ops::PadMode mode, double number) {
  auto paddings = op.integers(1, "paddings");
  size_t rank = op.shape().size();
  if (!paddings)
    return Value();
  if (paddings->size() != 2 * rank ||
      llvm::any_of(*paddings, [](int64_t size) { return size < 0 || size > kMaxSize; })) {
    op.error("paddings") << "expected two numbers of at least 0 for each dimension of shape "
                         << shown(op.shape()) << ", found " << shown(*paddings);
    return Value();
  }
  SmallVector<int64_t> low, high;
  for (size_t dim = 0; dim < rank; ++dim) {
    low.push_back((*paddings)[2 * dim]);
    high.push_back((*paddings)[2 * dim + 1]);
  }
  if (!op.keepsBatch(rank == 0 || low.front() + high.front() == 0))
    return Value();
  return ops::pad(op, op.input(), low, high, mode, number);
}

/// With what stands for 0.
static Results importPad(OperatorContext &op) {
  auto by = op.isQuantized() ? op.quantizedOutput() : ops::Quantization();
  if (!by)
    return Value();
  bool isUnsigned = by->isUnsigned; // the bits of an i8
  return pad(op, ops::PadMode::Constant, isUnsigned ? int8_t(by->zero()) : by->zero());
}

static Results importPadV2(OperatorContext &op) {
  auto number = op.number(2, "constant_values");
  return number ? pad(op, ops::PadMode::Constant, *number) : Value();
}

static Results importMirrorPad(OperatorContext &op) {
  bool reflects = op.options<schema::MirrorPadOptions>().mode() == schema::MirrorPadMode::REFLECT;
  return pad(op, reflects ? ops::PadMode::Reflect : ops::PadMode::Symmetric, 0);
}

static Results importReverse(OperatorContext &op) {
  auto dims = op.axes(1);
  return dims ? ops::reverse(op, op.input(), *dims) : Value();
}

ArrayRef<OperatorKind> tflite::slicingOperators() {
  using O = BuiltinOperator;
  using P = BuiltinOptions;
  static constexpr size_t any = std::numeric_limits<size_t>::max();
  static const OperatorKind table[] = {
      {O::CONCATENATION, 1, 4, importConcatenation, 1, any, P::ConcatenationOptions},
      {O::MIRROR_PAD, 1, 3, importMirrorPad, 2, 2, P::MirrorPadOptions},
      {O::PAD, 1, 4, importPad, 2, 2},
      {O::PADV2, 1, 4, importPadV2, 3, 3},
      {O::REVERSE_V2, 1, 3, importReverse, 2, 2},
      {O::SLICE, 1, 6, importSlice, 3, 3},
      {O::SPLIT, 1, 4, importSplit, 2, 2, P::SplitOptions},
      {O::SPLIT_V, 1, 2, importSplitV, 3, 3, P::SplitVOptions},
      {O::STRIDED_SLICE, 1, 8, importStridedSlice, 4, 4, P::StridedSliceOptions},
  };
  return table;
}
