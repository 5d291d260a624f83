//===- SelfTestBuilder.h - what fills the memory of a self-test, and checks it ----===//
#pragma once

#include "../Variables/LoopBuilder.h"
#include "sepconv/Product/SelfTest.h"

#include "mlir/IR/BuiltinOps.h"

namespace mlir::sepconv {

/// Builds the two functions of a self-test.
class SelfTestBuilder {
public:
  SelfTestBuilder(ModuleOp module, const ModelInterface &model)
      : module(module), b(module.getLoc(), OpBuilder::atBlockEnd(module.getBody())), loops(b),
        model(model), layout(SelfTestLayout::get(model)) {}

  /// The scales are those of weights, 0 for what is near 1.
  void createFill(ArrayRef<double> scales);
  void createCheck();

private:
  Value begin(StringRef name, TypeRange results);
  Value view(Value memory, const TensorInterface &tensor, const SelfTestLayout::Tensor &place);
  Value hash(Value index, int64_t stream);
  void fill(Value buffer, const TensorInterface &tensor, double scale, double offset);
  Value load(Value buffer, const TensorInterface &tensor, Value index);
  Value sum(Value buffer, const TensorInterface &tensor, Value number);
  Value largest(Value buffer, const TensorInterface &tensor);
  Value agrees(Value found, Value expected, Value allowed);

  ModuleOp module;
  ImplicitLocOpBuilder b;
  LoopBuilder loops;
  const ModelInterface &model;
  SelfTestLayout layout;
  int64_t streams = 0;
};
} // namespace mlir::sepconv
