//===- ActivationFunctions.cpp - activation functions by their names -------------===//

#include "ActivationFunctions.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// A function of keras.activations that takes no arguments.
struct Function {
  StringRef name;
  ActivationKind kind;
  double alpha = 0, maxValue = std::numeric_limits<double>::infinity();
};

} // namespace

static constexpr Function functions[] = {
    {"linear", ActivationKind::Linear},      {"relu", ActivationKind::Relu},
    {"relu6", ActivationKind::Relu, 0, 6},   {"leaky_relu", ActivationKind::Relu, 0.2},
    {"elu", ActivationKind::Elu, 1},         {"celu", ActivationKind::Elu, 1},
    {"selu", ActivationKind::Selu},          {"sigmoid", ActivationKind::Sigmoid},
    {"tanh", ActivationKind::Tanh},          {"silu", ActivationKind::Silu},
    {"swish", ActivationKind::Silu},         {"hard_sigmoid", ActivationKind::HardSigmoid},
    {"hard_silu", ActivationKind::HardSilu}, {"hard_swish", ActivationKind::HardSilu},
    {"gelu", ActivationKind::Gelu},          {"softplus", ActivationKind::Softplus},
    {"softsign", ActivationKind::Softsign},  {"exponential", ActivationKind::Exponential},
    {"mish", ActivationKind::Mish},          {"log_sigmoid", ActivationKind::LogSigmoid},
};

ActivationAttr sepconv::activationNamed(MLIRContext *context, StringRef name) {
  const Function *function = llvm::find_if(functions, [&](auto &f) { return f.name == name; });
  if (function == std::end(functions))
    return {};
  return ActivationAttr::get(context, function->kind, function->alpha, function->maxValue);
}

std::string sepconv::activationNames() {
  SmallVector<StringRef> names{"softmax"};
  for (const Function &function : functions)
    names.push_back(function.name);
  llvm::sort(names);
  return llvm::join(names, ", ");
}

Value sepconv::buildSoftmax(OpBuilder &builder, Location loc, Value value, int64_t axis) {
  auto type = cast<RankedTensorType>(value.getType());
  Value empty = tensor::EmptyOp::create(builder, loc, tensor::getMixedSizes(builder, loc, value),
                                        type.getElementType());
  axis += axis < 0 ? type.getRank() : 0;
  return linalg::SoftmaxOp::create(builder, loc, type, value, empty, axis)->getResult(0);
}
