//===- SplitConcatenations.cpp - many operands to a tree of a few each ------------===//

#include "sepconv/Passes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_SPLITCONCATENATIONS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;

namespace {

/// The operands with just as many of the first ones concatenated as leaves few enough, or the best
/// that can be done in one level.
SmallVector<Value> concatenateSome(tensor::ConcatOp op, ValueRange operands, size_t most) {
  OpBuilder builder(op);
  SmallVector<Value> fewer;
  size_t tooMany = operands.size() - most;
  while (!operands.empty()) {
    size_t taken = std::min({most, tooMany + 1, operands.size()});
    ValueRange some = operands.take_front(taken);
    fewer.push_back(taken == 1 ? some.front()
                               : tensor::ConcatOp::create(builder, op.getLoc(), op.getDim(), some));
    operands = operands.drop_front(taken);
    tooMany -= taken - 1;
  }
  return fewer;
}

struct SplitConcatenations : sepconv::impl::SplitConcatenationsBase<SplitConcatenations> {
  using SplitConcatenationsBase::SplitConcatenationsBase;

  void runOnOperation() override {
    getOperation().walk([&](tensor::ConcatOp op) {
      SmallVector<Value> operands(op.getInputs());
      while (operands.size() > std::max(most.getValue(), 2u))
        operands = concatenateSome(op, operands, std::max(most.getValue(), 2u));
      op.getInputsMutable().assign(operands);
    });
  }
};

} // namespace
