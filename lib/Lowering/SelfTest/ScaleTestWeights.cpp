//===- ScaleTestWeights.cpp - how large a self-test makes weights -----------------===//

#include "sepconv/Passes.h"
#include "sepconv/Product/SelfTest.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <cmath>

namespace mlir::sepconv {
#define GEN_PASS_DEF_SCALETESTWEIGHTS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// The elements of a weight that one element of a result is made of: a filter's last dimension, or
/// a depthwise one's last two, are the result's channels.
static int64_t termsOf(Value weight) {
  auto type = cast<RankedTensorType>(weight.getType());
  int64_t channels = type.getShape().back();
  for (Value value = weight; !value.use_empty();) {
    Operation *user = *value.user_begin();
    auto result = user->getNumResults() ? dyn_cast<RankedTensorType>(user->getResult(0).getType())
                                        : RankedTensorType();
    if (!result || !result.getRank())
      break;
    value = user->getResult(0);
    if (result.getShape() == type.getShape())
      continue; // a cast
    if (!result.isDynamicDim(result.getRank() - 1))
      channels = result.getShape().back();
    break;
  }
  return std::max<int64_t>(type.getNumElements() / std::max<int64_t>(channels, 1), 1);
}

namespace {
struct ScaleTestWeights : sepconv::impl::ScaleTestWeightsBase<ScaleTestWeights> {
  void runOnOperation() override {
    for (func::FuncOp function : getOperation().getOps<func::FuncOp>())
      for (BlockArgument argument : function.getArguments()) {
        unsigned index = argument.getArgNumber();
        auto type = dyn_cast<RankedTensorType>(argument.getType());
        if (!type || type.getRank() < 2 || !type.hasStaticShape() ||
            !function.getArgAttr(index, "sepconv.weight"))
          continue;
        // A sum of so many products with numbers of a variance of 1, half of which a ReLU sets to
        // 0, keeps that variance (He et al., "Delving Deep into Rectifiers", 2015).
        double scale = std::sqrt(6.0 / termsOf(argument));
        function.setArgAttr(index, kTestScale, Builder(&getContext()).getF64FloatAttr(scale));
      }
  }
};
} // namespace
