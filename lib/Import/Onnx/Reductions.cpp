//===- Reductions.cpp - one number of many ---------------------------------------===//

#include "../Operations/Reductions.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Matrices.h"
#include "../Operations/Ordering.h"
#include "Node.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;

/// The dimensions that are reduced: those of a list, without one all, or none.
static std::optional<SmallVector<int64_t>> axesOf(NodeContext &node) {
  std::optional<SmallVector<int64_t>> axes = node.list("axes", 1);
  bool isNone = node.integer("noop_with_empty_axes", 0);
  if (node.failed())
    return std::nullopt;
  if (!axes || axes->empty())
    return isNone ? SmallVector<int64_t>() : node.dimensions(node.input(), "axes", std::nullopt);
  return node.dimensions(node.input(), "axes", ArrayRef<int64_t>(*axes));
}

/// `before` is applied to the elements, `after` to the results.
static Import reduction(ops::Reduction kind, StringRef before = "", StringRef after = "") {
  return [kind, before, after](NodeContext &node) -> Results {
    auto dims = axesOf(node);
    bool keepDims = node.integer("keepdims", 1);
    if (!dims || node.failed())
      return {};
    bool isTruth = node.dataType(node.input()) == Bool;
    auto of = !isTruth                      ? kind
              : kind == ops::Reduction::Max ? ops::Reduction::Any
                                            : ops::Reduction::All;
    Value value = before.empty() ? node.input() : ops::apply(node, before, node.input());
    Value result = ops::reduce(node, value, *dims, keepDims, of);
    return after.empty() ? result : ops::apply(node, after, result);
  };
}

template <bool isProduct> static Results importCumulative(NodeContext &node) {
  auto axis = node.constants(1, "axis");
  bool isExclusive = node.integer("exclusive", 0), isReverse = node.integer("reverse", 0);
  if (!axis || axis->size() != 1 || node.failed())
    return {};
  auto dim = node.dimension(node.input(), "axis", axis->front());
  return dim ? ops::cumulative(node, node.input(), *dim, isProduct, isExclusive, isReverse)
             : Value();
}

static Results importDeterminant(NodeContext &node) { return ops::determinant(node, node.input()); }

ArrayRef<Operator> sepconv::onnx::reductionOperators() {
  using R = ops::Reduction;
  static const std::vector<StringRef> attributes{"axes", "keepdims", "noop_with_empty_axes"};
  static const Operator table[] = {
      {"CumProd", 26, newest, importCumulative<true>, {"exclusive", "reverse"}, 2, 2},
      {"CumSum", 11, newest, importCumulative<false>, {"exclusive", "reverse"}, 2, 2},
      {"Det", 11, newest, importDeterminant, {}},
      {"ReduceL1", 1, newest, reduction(R::L1), attributes, 1, 2},
      {"ReduceL2", 1, newest, reduction(R::L2), attributes, 1, 2},
      {"ReduceLogSum", 1, newest, reduction(R::Sum, "", "log"), attributes, 1, 2},
      {"ReduceLogSumExp", 1, newest, reduction(R::LogSumExp), attributes, 1, 2},
      {"ReduceMax", 1, newest, reduction(R::Max), attributes, 1, 2},
      {"ReduceMean", 1, newest, reduction(R::Mean), attributes, 1, 2},
      {"ReduceMin", 1, newest, reduction(R::Min), attributes, 1, 2},
      {"ReduceProd", 1, newest, reduction(R::Product), attributes, 1, 2},
      {"ReduceSum", 1, newest, reduction(R::Sum), attributes, 1, 2},
      {"ReduceSumSquare", 1, newest, reduction(R::Sum, "square"), attributes, 1, 2},
  };
  return table;
}
