//===- Shaping.cpp - operators that change shapes and order ----------------------===//

#include "../Operations/Shaping.h"
#include "../Operations/FoldConstants.h"
#include "Node.h"

#include "sepconv/IR/Window.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

/// 0 stands for the input's size of that dimension, unless `allowzero` is given.
static Results importReshape(NodeContext &node) {
  auto shape = node.list("shape", 1);
  bool keepsZeros = node.integer("allowzero", 0);
  if (!shape || node.failed())
    return {};
  for (auto [dim, size] : llvm::enumerate(*shape))
    if (size == 0 && !keepsZeros && int64_t(dim) < node.rank())
      size = node.shape()[dim];
  bool isSmall = llvm::all_of(*shape, [](int64_t size) { return size <= kMaxSize; });
  auto resolved = isSmall ? ops::resolveShape(node.shape(), *shape) : std::nullopt;
  if (resolved)
    return ops::reshape(node, node.input(), *resolved);
  node.error("shape") << "expected the shape of as many elements as " << shown(node.shape())
                      << " has, found " << shown(*shape);
  return {};
}

static Results importFlatten(NodeContext &node) {
  int64_t axis = node.integer("axis", 1), rank = node.rank();
  axis = axis < 0 ? axis + rank : axis;
  if (axis < 0 || axis > rank) {
    node.unsupported("axis", "an integer from " + Twine(-rank) + " to " + Twine(rank));
    return {};
  }
  int64_t rows = ShapedType::getNumElements(node.shape().take_front(axis));
  int64_t columns = ShapedType::getNumElements(node.shape().drop_front(axis));
  return ops::reshape(node, node.input(), {rows, columns});
}

static Results importSqueeze(NodeContext &node) {
  auto axes = node.list("axes", 1);
  if (node.failed())
    return {};
  SmallVector<int64_t> dims;
  for (auto [dim, size] : llvm::enumerate(node.shape()))
    if (!axes && size == 1)
      dims.push_back(dim);
  if (axes) {
    auto found = node.dimensions(node.input(), "axes", ArrayRef<int64_t>(*axes));
    if (!found)
      return {};
    dims = *found;
  }
  for (int64_t dim : dims)
    if (node.shape()[dim] != 1) {
      node.error("axes") << "expected dimensions of size 1, found " << dim << " of shape "
                         << shown(node.shape());
      return {};
    }
  return ops::squeeze(node, node.input(), dims);
}

static Results importUnsqueeze(NodeContext &node) {
  auto axes = node.list("axes", 1);
  if (!axes || node.failed())
    return {};
  int64_t rank = node.rank() + axes->size();
  if (rank > maxRank) {
    node.error("axes") << "expected at most " << maxRank << " dimensions, found " << rank;
    return {};
  }
  for (int64_t &axis : *axes)
    axis = axis < 0 ? axis + rank : axis;
  llvm::sort(*axes);
  for (auto [i, axis] : llvm::enumerate(*axes))
    if (axis < 0 || axis >= rank || (i && axis == (*axes)[i - 1])) {
      node.error("axes") << "expected different dimensions of a tensor of rank " << rank
                         << ", found " << shown(*axes);
      return {};
    }
  return ops::expandDims(node, node.input(), *axes);
}

static Results importTranspose(NodeContext &node) {
  int64_t rank = node.rank();
  SmallVector<int64_t> reversed = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)));
  SmallVector<int64_t> permutation = node.integers("perm").value_or(reversed);
  SmallVector<int64_t> sorted(permutation);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, rank))) {
    node.error("perm") << "expected each dimension of shape " << shown(node.shape())
                       << " once, found " << shown(permutation);
    return {};
  }
  return ops::transpose(node, node.input(), permutation);
}

static Results importConcat(NodeContext &node) {
  auto dim = node.axis("axis", node.version < 4 ? std::optional<int64_t>(1) : std::nullopt);
  if (!dim || node.failed())
    return {};
  SmallVector<Value> parts; // shapes and what they say can be without elements
  for (Value part : node.getInputs())
    if (!llvm::is_contained(ops::shapeOf(part), 0))
      parts.push_back(part);
  return parts.empty() ? node.input() : ops::concatenate(node, parts, *dim);
}

static Results importSplit(NodeContext &node) {
  auto dim = node.axis("axis", 0);
  auto sizes = node.list("split", 1);
  int64_t count = node.integer("num_outputs", node.outputCount());
  if (!dim || node.failed())
    return {};
  int64_t size = node.shape()[*dim];
  if (!sizes) {
    // The last one is smaller where they are not equal.
    int64_t each = count > 0 ? (size + count - 1) / count : 0;
    sizes.emplace();
    for (int64_t i = 0; i < count && count <= size; ++i)
      sizes->push_back(std::min(each, size - i * each));
  }
  int64_t sum = 0;
  bool areSizes = !sizes->empty() && llvm::all_of(*sizes, [&](int64_t n) {
    sum += std::clamp<int64_t>(n, 0, size + 1);
    return n > 0;
  });
  if (areSizes && sum == size)
    return ArrayRef<Value>(ops::split(node, node.input(), *dim, *sizes));
  node.error("split") << "expected sizes that add up to " << size << ", found " << shown(*sizes);
  return {};
}

/// Of each dimension: the bounds count from the end if they are negative, and are those of it.
static Results importSlice(NodeContext &node) {
  auto starts = node.list("starts", 1), ends = node.list("ends", 2);
  auto axes = node.list("axes", 3), steps = node.constants(4, "steps");
  if (!starts || !ends || node.failed())
    return {};
  size_t count = starts->size();
  if (ends->size() != count || (axes && axes->size() != count) ||
      (steps && steps->size() != count) || (!axes && count > size_t(node.rank()))) {
    node.error("starts") << "expected as many starts, ends, axes and steps, found " << count
                         << " starts and " << ends->size() << " ends";
    return {};
  }
  SmallVector<int64_t> offsets(node.rank(), 0), sizes(node.shape()), strides(node.rank(), 1);
  for (size_t i = 0; i < count; ++i) {
    auto dim = node.dimension(node.input(), "axes", axes ? (*axes)[i] : i);
    if (!dim)
      return {};
    int64_t step = steps ? (*steps)[i] : 1;
    if (step == 0) {
      node.error("steps") << "expected steps other than 0, found 0";
      return {};
    }
    std::tie(offsets[*dim], sizes[*dim], strides[*dim]) =
        ops::sliceBounds(node.shape()[*dim], (*starts)[i], (*ends)[i], step);
  }
  return ops::slice(node, node.input(), offsets, sizes, strides);
}

static Results importPad(NodeContext &node) {
  static constexpr ops::PadMode modes[] = {ops::PadMode::Constant, ops::PadMode::Reflect,
                                           ops::PadMode::Edge, ops::PadMode::Wrap};
  static const StringRef names[] = {"constant", "reflect", "edge", "wrap"};
  StringRef mode = node.choice("mode", names);
  auto pads = node.has("paddings") ? node.integers("paddings") : node.list("pads", 1);
  auto value = node.has("value") ? std::optional(SmallVector<double>{node.number("value")})
                                 : node.constantNumbers(2, "constant_value");
  auto axes = node.constants(3, "axes");
  if (!pads || node.failed())
    return {};
  SmallVector<int64_t> dims = llvm::to_vector(llvm::seq<int64_t>(0, node.rank()));
  if (axes)
    dims = *axes;
  if (pads->size() != 2 * dims.size() || (value && value->size() > 1)) {
    node.error("pads") << "expected " << 2 * dims.size() << " numbers, found " << pads->size();
    return {};
  }
  SmallVector<int64_t> low(node.rank(), 0), high(low);
  for (auto [i, axis] : llvm::enumerate(dims)) {
    auto dim = node.dimension(node.input(), "axes", axis);
    if (!dim && node.isBatchDynamic() && axis == 0 && (*pads)[i] == 0 &&
        (*pads)[i + dims.size()] == 0)
      continue;
    if (!dim)
      return {};
    low[*dim] = (*pads)[i];
    high[*dim] = (*pads)[i + dims.size()];
  }
  double number = value && !value->empty() ? value->front() : 0;
  return ops::padOrCrop(node, node.input(), low, high,
                        modes[llvm::find(names, mode) - std::begin(names)], number);
}

static Results importExpand(NodeContext &node) {
  auto shape = node.constants(1, "shape");
  return shape ? ops::broadcastBoth(node, node.input(), *shape) : Value();
}

static Results importTile(NodeContext &node) {
  auto counts = node.constants(1, "repeats");
  if (!counts)
    return {};
  if (int64_t(counts->size()) != node.rank() ||
      llvm::any_of(*counts, [](int64_t n) { return n < 1 || n > 1 << 30; })) {
    node.error("repeats") << "expected " << node.rank() << " positive numbers, found "
                          << shown(*counts);
    return {};
  }
  return ops::tile(node, node.input(), *counts);
}

ArrayRef<Operator> sepconv::onnx::shapingOperators() {
  static const Operator table[] = {
      {"Concat", 1, newest, importConcat, {"axis"}, 1, 1 << 16},
      {"Expand", 8, newest, importExpand, {}, 2, 2},
      {"Flatten", 1, newest, importFlatten, {"axis"}},
      {"Pad", 1, newest, importPad, {"mode", "paddings", "pads", "value"}, 1, 4},
      {"Reshape", 1, newest, importReshape, {"allowzero", "consumed_inputs", "shape"}, 1, 2},
      {"Slice", 1, newest, importSlice, {"axes", "ends", "starts"}, 1, 5},
      {"Split", 1, newest, importSplit, {"axis", "num_outputs", "split"}, 1, 2},
      {"Squeeze", 1, newest, importSqueeze, {"axes"}, 1, 2},
      {"Tile", 6, newest, importTile, {}, 2, 2},
      {"Transpose", 1, newest, importTranspose, {"perm"}},
      {"Unsqueeze", 1, newest, importUnsqueeze, {"axes"}, 1, 2},
  };
  return table;
}
