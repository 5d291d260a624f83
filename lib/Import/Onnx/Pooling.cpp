//===- Pooling.cpp - pools ---------------------------------------------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Quantization.h"
#include "Windows.h"

#include "sepconv/IR/Window.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

static bool isImage(NodeContext &node) {
  if (node.rank() >= 3)
    return true;
  node.error() << "expected an input of rank 3 or more, found shape " << shown(node.shape());
  return false;
}

/// The window of a pool, with the attribute ceil_mode.
static std::optional<ops::Window> readPool(NodeContext &node) {
  auto size = node.integers("kernel_shape");
  if (!isImage(node))
    return std::nullopt;
  if (!size || int64_t(size->size()) != node.rank() - 2 ||
      llvm::any_of(*size, [](int64_t n) { return n < 1 || n > 1 << 24; })) {
    node.unsupported("kernel_shape", Twine(node.rank() - 2) + " sizes");
    return std::nullopt;
  }
  ops::Window window = readWindow(node, *size);
  window.roundsUp = node.integer("ceil_mode", 0);
  return node.failed() ? std::nullopt : std::optional(window);
}

static Results importAveragePool(NodeContext &node) {
  auto window = readPool(node);
  bool counts = node.integer("count_include_pad", 0);
  if (!window || node.failed())
    return {};
  if (Value mean = importIntegerPool(node, *window))
    return mean;
  return ops::averagePool(node, *window, node.input(), counts);
}

static Results importMaxPool(NodeContext &node) {
  auto window = readPool(node);
  bool columnsFirst = node.integer("storage_order", 0);
  if (!window || node.failed())
    return {};
  // Only bytes that were moved here have no sign in their own width.
  bool isUnsigned =
      ops::elementOf(node.input()).isInteger(unsignedBits(node.dataType(node.input())));
  Value greatest = ops::maxPool(node, *window, node.input(), isUnsigned);
  if (!node.wants(1))
    return greatest;
  Value indices = ops::maxPoolIndices(node, *window, node.input(), columnsFirst);
  if (indices)
    node.setDataType(indices, Int64);
  return ArrayRef<Value>{greatest, indices};
}

/// What MaxPool with these attributes took apart, in the corner of what may be larger.
static Results importMaxUnpool(NodeContext &node) {
  auto window = readPool(node);
  auto output = node.constants(2, "output_shape");
  if (!window || node.failed())
    return {};
  Value result = ops::maxUnpool(node, *window, node.input(), node.input(1));
  if (!result || !output)
    return result;
  SmallVector<int64_t> low(node.rank(), 0), high;
  for (auto [size, wanted] : llvm::zip(ops::shapeOf(result), *output))
    high.push_back(wanted - size);
  if (output->size() == low.size() && llvm::all_of(high, [](int64_t n) { return n >= 0; }))
    return ops::pad(node, result, low, high);
  node.error("output_shape") << "expected at least " << shown(ops::shapeOf(result)) << ", found "
                             << shown(*output);
  return {};
}

static Results importLpPool(NodeContext &node) {
  auto window = readPool(node);
  double order = node.version < 2 ? node.number("p", 2) : node.integer("p", 2);
  if (!window || node.failed())
    return {};
  return ops::normPool(node, *window, node.input(), order);
}

/// Over all spatial dimensions, which keep the size 1.
static Import global(ops::Reduction kind) {
  return [kind](NodeContext &node) -> Results {
    if (!isImage(node))
      return {};
    SmallVector<int64_t> dims = llvm::to_vector(llvm::seq<int64_t>(2, node.rank()));
    if (kind == ops::Reduction::Mean)
      if (Value mean = importIntegerMean(node, dims))
        return mean;
    return ops::reduce(node, node.input(), dims, /*keepDims=*/true, kind);
  };
}

static Results importGlobalLpPool(NodeContext &node) {
  double order = node.version < 2 ? node.number("p", 2) : node.integer("p", 2);
  if (node.failed() || !isImage(node))
    return {};
  SmallVector<int64_t> dims = llvm::to_vector(llvm::seq<int64_t>(2, node.rank()));
  return ops::norm(node, node.input(), dims, order);
}

/// Sizes that are inputs, and are known when the model is compiled.
static Results importCol2Im(NodeContext &node) {
  auto sizes = node.constants(1, "image_shape"), block = node.constants(2, "block_shape");
  if (!sizes || !block)
    return {};
  auto isSize = [](int64_t size) { return size >= 1 && size <= kMaxSize; };
  if (sizes->size() != block->size() || sizes->empty() || sizes->size() > 3 ||
      !llvm::all_of(*sizes, isSize) || !llvm::all_of(*block, isSize)) {
    node.error("block_shape") << "expected sizes of a window over 1 to 3 dimensions, found "
                              << shown(*block) << " for an image of " << shown(*sizes);
    return {};
  }
  ops::Window window = readWindow(node, *block);
  return node.failed() ? Value() : ops::addPatches(node, window, node.input(), *sizes);
}

ArrayRef<Operator> sepconv::onnx::poolingOperators() {
  static const Operator table[] = {
      {"AveragePool",
       1,
       newest,
       importAveragePool,
       {"auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads",
        "strides"}},
      {"Col2Im", 18, newest, importCol2Im, {"dilations", "pads", "strides"}, 3, 3},
      {"GlobalAveragePool", 1, newest, global(ops::Reduction::Mean), {}},
      {"GlobalLpPool", 1, newest, importGlobalLpPool, {"p"}},
      {"GlobalMaxPool", 1, newest, global(ops::Reduction::Max), {}},
      {"LpPool",
       1,
       newest,
       importLpPool,
       {"auto_pad", "ceil_mode", "dilations", "kernel_shape", "p", "pads", "strides"}},
      {"MaxPool",
       1,
       newest,
       importMaxPool,
       {"auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"}},
      {"MaxUnpool", 9, newest, importMaxUnpool, {"kernel_shape", "pads", "strides"}, 2, 3},
  };
  return table;
}
