//===- Convolution.cpp - convolutions and products of matrices -------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Quantization.h"
#include "Windows.h"

#include "sepconv/IR/Window.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

/// Products of these and of sizes stay far from overflow.
static constexpr int64_t maxNumber = 1 << 24;

/// A list with a number for each spatial dimension.
static SmallVector<int64_t, 2> spatial(NodeContext &node, StringRef name, size_t count,
                                       int64_t least) {
  SmallVector<int64_t> list = node.integers(name).value_or(SmallVector<int64_t>(count, 1));
  if (list.size() != count ||
      llvm::any_of(list, [&](int64_t n) { return n < least || n > maxNumber; })) {
    node.error(name) << "expected " << count << " integers from " << least << " to " << maxNumber
                     << ", found " << shown(list);
    list.assign(count, 1);
  }
  return SmallVector<int64_t, 2>(list.begin(), list.end());
}

ops::Window sepconv::onnx::readWindow(NodeContext &node, ArrayRef<int64_t> size) {
  size_t count = size.size();
  ops::Window window;
  window.format = DataFormat::NCHW;
  window.size.assign(size.begin(), size.end());
  window.strides = spatial(node, "strides", count, 1);
  window.dilations = spatial(node, "dilations", count, 1);
  StringRef automatic = node.choice("auto_pad", {"NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"});
  if (automatic != "NOTSET") {
    window.padding = automatic == "VALID"        ? ops::Window::Valid
                     : automatic == "SAME_UPPER" ? ops::Window::Same
                                                 : ops::Window::SameLower;
    return window;
  }
  SmallVector<int64_t> pads = node.integers("pads").value_or(SmallVector<int64_t>(2 * count, 0));
  if (pads.size() != 2 * count ||
      llvm::any_of(pads, [](int64_t pad) { return pad < 0 || pad > maxNumber; })) {
    node.error("pads") << "expected " << 2 * count << " integers from 0 to " << maxNumber
                       << ", found " << shown(pads);
    pads.assign(2 * count, 0);
  }
  window.padding = ops::Window::Explicit;
  for (size_t i = 0; i < count; ++i)
    window.margins.push_back({pads[i], pads[count + i]});
  return window;
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

Value sepconv::onnx::channelsLast(NodeContext &node, Value filter, bool swap) {
  SmallVector<int64_t> permutation;
  for (int64_t dim = 2; dim < ops::rankOf(filter); ++dim)
    permutation.push_back(dim);
  permutation.append({swap ? 1 : 0, swap ? 0 : 1});
  return ops::transpose(node, filter, permutation);
}

/// Filter c * multiplier + m is the one m of channel c.
Value sepconv::onnx::depthwiseFilter(NodeContext &node, Value filter, int64_t channels) {
  SmallVector<int64_t> shape(ops::shapeOf(filter));
  shape[1] = shape[0] / channels;
  shape[0] = channels;
  return channelsLast(node, ops::reshape(node, filter, shape), false);
}

std::optional<ops::Window> sepconv::onnx::readConvolution(NodeContext &node) {
  ArrayRef<int64_t> filter = node.shape(1);
  if (filter.size() < 3 || filter.size() != node.shape().size()) {
    node.error() << "expected an input and a filter of the same rank of 3 or more, found shapes "
                 << shown(node.shape()) << " and " << shown(filter);
    return std::nullopt;
  }
  auto size = node.integers("kernel_shape");
  if (size && ArrayRef<int64_t>(*size) != filter.drop_front(2))
    node.error("kernel_shape") << "expected that of the filter of shape " << shown(filter)
                               << ", found " << shown(*size);
  ops::Window window = readWindow(node, filter.drop_front(2));
  return node.failed() ? std::nullopt : std::optional(window);
}

/// False after reporting.
static bool checkBias(NodeContext &node, int64_t filters) {
  Value bias = node.input(2);
  if (!bias || ops::shapeOf(bias) == ArrayRef<int64_t>(filters))
    return true;
  node.error("B") << "expected shape " << shown(filters) << ", found " << shown(node.shape(2));
  return false;
}

bool sepconv::onnx::checkGroups(NodeContext &node, int64_t groups) {
  int64_t channels = node.shape()[1], ofGroup = node.shape(1)[1], filters = node.shape(1)[0];
  if (groups > 0 && filters % groups == 0 && channels == ofGroup * groups)
    return true;
  node.error("group") << "expected a divisor of " << channels << " channels and " << filters
                      << " filters of " << ofGroup << " channels, found " << groups;
  return false;
}

static Results importConv(NodeContext &node) {
  auto window = readConvolution(node);
  int64_t groups = node.integer("group", 1);
  if (!window)
    return {};
  int64_t filters = node.shape(1)[0], channels = node.shape()[1];
  if (!checkGroups(node, groups) || !checkBias(node, filters))
    return {};
  Value filter = node.input(1);
  if (window->size.size() > 2)
    return ops::convolutionOfAnyRank(node, *window, node.input(), channelsLast(node, filter, true),
                                     node.input(2), groups);
  auto placed = ops::place(node, node.shape(), *window, filters);
  if (!placed)
    return {};
  if (Value sums = importIntegerConv(node, *placed, groups))
    return sums;
  if (groups == 1 || groups != channels)
    return ops::convolution(node, *placed, node.input(), channelsLast(node, filter, true),
                            node.input(2), groups, {});
  return ops::depthwiseConvolution(node, *placed, node.input(),
                                   depthwiseFilter(node, filter, channels), node.input(2), {});
}

static Results importConvTranspose(NodeContext &node) {
  auto window = readConvolution(node);
  int64_t groups = node.integer("group", 1);
  if (!window)
    return {};
  size_t count = window->size.size();
  SmallVector<int64_t, 2> more(count, 0);
  if (node.has("output_padding"))
    more = spatial(node, "output_padding", count, 0);
  int64_t channels = node.shape()[1], ofGroup = node.shape(1)[1];
  if (node.failed() || node.shape(1)[0] != channels || groups < 1 || channels % groups) {
    node.error("group") << "expected a divisor of " << channels << " channels and a filter of as "
                        << "many, found " << groups << " and shape " << shown(node.shape(1));
    return {};
  }
  if (!checkBias(node, ofGroup * groups))
    return {};
  std::optional<SmallVector<int64_t>> output = node.integers("output_shape");
  if (output && (output->size() != count ||
                 llvm::any_of(*output, [](int64_t n) { return n < 1 || n > kMaxSize; })))
    node.unsupported("output_shape", Twine(count) + " sizes");
  if (node.failed())
    return {};
  if (output || window->padding == ops::Window::Same || window->padding == ops::Window::SameLower)
    ops::setTransposedOutput(*window, more, node.shape(), output);
  SmallVector<Value> parts;
  for (int64_t group = 0; group < groups; ++group) {
    int64_t size = channels / groups;
    Value input = ops::slice(node, node.input(), 1, group * size, size);
    Value filter = ops::slice(node, node.input(1), 0, group * size, size);
    Value bias = ops::slice(node, node.input(2), 0, group * ofGroup, ofGroup);
    parts.push_back(ops::transposedConvolution(node, *window, ArrayRef<int64_t>(more), input,
                                               channelsLast(node, filter, true), bias, {}));
  }
  return ops::concatenate(node, parts, 1);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static Results importGemm(NodeContext &node) {
  double alpha = node.number("alpha", 1), beta = node.number("beta", 1);
  bool transposeA = node.integer("transA", 0), transposeB = node.integer("transB", 0);
  if (node.rank(0) != 2 || node.rank(1) != 2) {
    node.error() << "expected matrices, found shapes " << shown(node.shape(0)) << " and "
                 << shown(node.shape(1));
    return {};
  }
  if (!transposeA && alpha == 1 && beta == 1)
    if (Value sums = importIntegerDense(node, transposeB))
      return sums;
  Value a = node.input(0), b = node.input(1), c = node.input(2);
  if (transposeA)
    a = ops::transpose(node, a, {1, 0});
  if (transposeB)
    b = ops::transpose(node, b, {1, 0});
  return ops::affine(node, a, b, c, alpha, beta);
}

static Results importMatMul(NodeContext &node) {
  if (Value sums = importIntegerDense(node, /*transposed=*/false))
    return sums;
  return ops::matmul(node, node.input(0), node.input(1));
}

/// Of one or two operands, whose letters are names of dimensions: "bqd,bkd->bqk".
static Results importEinsum(NodeContext &node) {
  std::string equation = node.text("equation", "").str();
  llvm::erase(equation, ' ');
  return ops::einsum(node, node.getInputs(), equation, "equation");
}

ArrayRef<Operator> sepconv::onnx::convolutionOperators() {
  static const Operator table[] = {
      {"Conv",
       1,
       newest,
       importConv,
       {"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"},
       2,
       3},
      {"ConvTranspose",
       1,
       newest,
       importConvTranspose,
       {"auto_pad", "dilations", "group", "kernel_shape", "output_padding", "output_shape", "pads",
        "strides"},
       2,
       3},
      {"Einsum", 12, newest, importEinsum, {"equation"}, 1, 2},
      {"Gemm", 1, newest, importGemm, {"alpha", "beta", "broadcast", "transA", "transB"}, 2, 3},
      {"MatMul", 1, newest, importMatMul, {}, 2, 2},
  };
  return table;
}
