//===- Activations.cpp - activation functions ------------------------------------===//

#include "../Operations/Activations.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "Operators.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

static Value ofKind(OperatorContext &op, ActivationKind kind, double alpha = 0,
                    double greatest = std::numeric_limits<double>::infinity()) {
  if (!op.isFloat())
    return {};
  return ops::activate(op, op.input(),
                       ActivationAttr::get(op.builder.getContext(), kind, alpha, greatest));
}

template <ActivationKind kind> static Results import(OperatorContext &op) {
  return ofKind(op, kind, kind == ActivationKind::Elu ? 1 : 0);
}

static Results importRelu6(OperatorContext &op) { return ofKind(op, ActivationKind::Relu, 0, 6); }

static Results importLeakyRelu(OperatorContext &op) {
  return ofKind(op, ActivationKind::Relu, op.options<schema::LeakyReluOptions>().alpha());
}

static Results importGelu(OperatorContext &op) {
  bool isApproximate = op.options<schema::GeluOptions>().approximate();
  return ofKind(op, isApproximate ? ActivationKind::GeluTanh : ActivationKind::Gelu);
}

template <int least> static Results importClip(OperatorContext &op) {
  return op.isFloat() ? ops::clip(op, op.input(), least, 1) : Value();
}

static Results importFakeQuantization(OperatorContext &op) {
  const auto &options = op.options<schema::FakeQuantOptions>();
  return op.isFloat() ? ops::fakeQuantize(op, op.input(), options.min(), options.max(),
                                          options.num_bits(), options.narrow_range())
                      : Value();
}

static Results importPrelu(OperatorContext &op) {
  return op.isFloat() && op.isFloat(1) ? ops::prelu(op, op.input(), op.input(1)) : Value();
}

static Results importSoftmax(OperatorContext &op) {
  float beta = op.options<schema::SoftmaxOptions>().beta();
  std::optional<int64_t> last = op.dimension(op.input(), "axis", -1);
  if (!last || !op.isFloat())
    return Value();
  Value scale = op.splat({}, ops::elementOf(op.input()), beta);
  Value scaled = beta == 1 ? op.input() : ops::apply(op, "multiply", {op.input(), scale});
  return ops::softmax(op, scaled, *last);
}

static Results importLogSoftmax(OperatorContext &op) {
  std::optional<int64_t> last = op.dimension(op.input(), "axis", -1);
  return last && op.isFloat() ? ops::logSoftmax(op, op.input(), *last) : Value();
}

ArrayRef<OperatorKind> tflite::activationOperators() {
  using O = BuiltinOperator;
  using K = ActivationKind;
  static const OperatorKind table[] = {
      {O::ELU, 1, 1, import<K::Elu>, 1, 1},
      {O::FAKE_QUANT, 1, 2, importFakeQuantization, 1, 1, BuiltinOptions::FakeQuantOptions},
      {O::GELU, 1, 2, importGelu, 1, 1, BuiltinOptions::GeluOptions},
      {O::HARD_SWISH, 1, 1, import<K::HardSilu>, 1, 1},
      {O::LEAKY_RELU, 1, 2, importLeakyRelu, 1, 1, BuiltinOptions::LeakyReluOptions},
      {O::LOGISTIC, 1, 3, import<K::Sigmoid>, 1, 1},
      {O::LOG_SOFTMAX, 1, 2, importLogSoftmax, 1, 1},
      {O::PRELU, 1, 1, importPrelu, 2, 2},
      {O::RELU, 1, 3, import<K::Relu>, 1, 1},
      {O::RELU6, 1, 3, importRelu6, 1, 1},
      {O::RELU_0_TO_1, 1, 1, importClip<0>, 1, 1},
      {O::RELU_N1_TO_1, 1, 1, importClip<-1>, 1, 1},
      {O::SOFTMAX, 1, 3, importSoftmax, 1, 1, BuiltinOptions::SoftmaxOptions},
      {O::TANH, 1, 3, import<K::Tanh>, 1, 1},
  };
  return table;
}
