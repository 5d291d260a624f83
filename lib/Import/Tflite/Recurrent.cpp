//===- Recurrent.cpp - layers that read a sequence step by step ------------------===//

#include "../Operations/Recurrent.h"
#include "../Operations/Activations.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Operators.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// The inputs by their places: four weights or vectors in a row are those of the input, forget, new
/// and output gates.
enum LstmInput : size_t {
  OfInput = 1,
  OfState = 5,
  Peepholes = 9,
  Biases = 12,
  Projection = 16,
  State = 18,
  Cell = 19,
  Normalization = 20
};

/// Four inputs side by side.
static Value joined(OperatorContext &op, size_t first) {
  return ops::concatenate(op, op.getInputs().slice(first, 4), 0);
}

static bool checkLstm(OperatorContext &op, int64_t units, int64_t batch) {
  for (size_t i = 0; i < 4; ++i)
    if (!op.hasFloats(OfInput + i, {units, op.shape()[2]}) ||
        !op.hasFloats(OfState + i, {units, units}) || !op.hasFloats(Biases + i, {units}))
      return false;
  for (size_t i = 0; i < 3; ++i)
    if (op.input(Peepholes + i) && !op.hasFloats(Peepholes + i, {units}))
      return false;
  for (size_t i : {size_t(Projection), size_t(Projection) + 1, size_t(Normalization)})
    if (op.input(i)) {
      op.error() << "expected no projection and no normalization, found input " << i;
      return false;
    }
  return op.hasFloats(State, {batch, units}) && op.hasFloats(Cell, {batch, units});
}

static Results importSequenceLstm(OperatorContext &op) {
  const auto &options = op.options<schema::UnidirectionalSequenceLSTMOptions>();
  bool timeFirst = options.time_major();
  for (size_t i : {size_t(OfInput), size_t(OfState), size_t(Biases)})
    for (size_t gate = 0; gate < 4; ++gate)
      if (!op.input(i + gate)) {
        op.error() << "input " << i + gate
                   << " is left out; gates that are coupled are not supported";
        return Value();
      }
  if (!op.input(State) || !op.input(Cell)) {
    op.error() << "expected the states, inputs " << int(State) << " and " << int(Cell);
    return Value();
  }
  if (!op.hasFloats(0, {-1, -1, -1}) || op.shape(OfState).empty())
    return Value();
  int64_t units = op.shape(OfState).front();
  if (!checkLstm(op, units, op.shape()[timeFirst ? 1 : 0]))
    return Value();
  auto of = [&](ActivationKind kind) {
    auto function = ActivationAttr::get(op.builder.getContext(), kind);
    return [function](ops::TensorBuilder &b, Value value) {
      return value ? ops::activate(b, value, function) : value;
    };
  };
  ops::Recurrence recurrence;
  recurrence.kind = ops::Recurrence::Lstm;
  recurrence.input = ops::transpose(op, joined(op, OfInput), {1, 0});
  recurrence.recurrent = ops::transpose(op, joined(op, OfState), {1, 0});
  recurrence.inputBias = joined(op, Biases);
  recurrence.gate = of(ActivationKind::Sigmoid);
  auto function = options.fused_activation_function();
  recurrence.fresh = recurrence.output = [&](ops::TensorBuilder &, Value value) {
    return op.activate(value, function);
  };
  for (size_t i = 0; i < 3; ++i)
    recurrence.peepholes[i] = op.input(Peepholes + i);
  recurrence.cellClip = options.cell_clip();
  Value sequence = timeFirst ? ops::transpose(op, op.input(), {1, 0, 2}) : op.input();
  auto result = ops::recurrent(op, recurrence, sequence, op.input(State), op.input(Cell), false);
  return result.sequence && timeFirst ? ops::transpose(op, result.sequence, {1, 0, 2})
                                      : result.sequence;
}

/// One matrix for what comes in and one for the state; of a sequence or of one step.
template <typename Options> static Results importSimple(OperatorContext &op) {
  constexpr bool isSequence = std::is_same_v<Options, schema::SequenceRNNOptions>;
  const auto &options = op.options<Options>();
  bool timeFirst = false;
  if constexpr (isSequence)
    timeFirst = options.time_major();
  if (!op.hasFloats(0, SmallVector<int64_t>(isSequence ? 3 : 2, -1)) ||
      !op.hasFloats(1, {-1, op.shape().back()}))
    return Value();
  int64_t units = op.shape(1)[0], batch = op.shape()[timeFirst ? 1 : 0];
  if (!op.hasFloats(2, {units, units}) || !op.hasFloats(3, {units}) ||
      !op.hasFloats(4, {batch, units}))
    return Value();
  ops::Recurrence recurrence;
  recurrence.input = ops::transpose(op, op.input(1), {1, 0});
  recurrence.recurrent = ops::transpose(op, op.input(2), {1, 0});
  recurrence.inputBias = op.input(3);
  auto function = options.fused_activation_function();
  recurrence.fresh = [&](ops::TensorBuilder &, Value value) {
    return op.activate(value, function);
  };
  Value sequence = !isSequence ? ops::expandDims(op, op.input(), 1)
                   : timeFirst ? ops::transpose(op, op.input(), {1, 0, 2})
                               : op.input();
  auto result = ops::recurrent(op, recurrence, sequence, op.input(4), {}, false);
  if (!isSequence)
    return result.hidden;
  return result.sequence && timeFirst ? ops::transpose(op, result.sequence, {1, 0, 2})
                                      : result.sequence;
}

/// The product of a matrix of rank `rank` in two factors: of the features at a step, and of the
/// last steps, which are a state.
static Results importFactors(OperatorContext &op) {
  const auto &options = op.options<schema::SVDFOptions>();
  int64_t rank = options.rank();
  if (!op.input(4)) {
    op.error() << "expected the state, input 4";
    return Value();
  }
  if (!op.isPositive("rank", rank) || !op.hasFloats(0, {-1, -1}) ||
      !op.hasFloats(1, {-1, op.shape()[1]}) || !op.hasFloats(2, {op.shape(1)[0], -1}))
    return Value();
  int64_t batch = op.shape()[0], filters = op.shape(1)[0], steps = op.shape(2)[1];
  int64_t units = filters / rank;
  if (!op.hasFloats(4, {batch, filters * steps}))
    return Value();
  if (filters % rank || (op.input(3) && !op.hasFloats(3, {units}))) {
    op.error("rank") << "expected a divisor of " << filters << " filters, found " << rank;
    return Value();
  }
  Value now = ops::matmul(op, op.input(), ops::transpose(op, op.input(1), {1, 0}));
  Value state = ops::reshape(op, op.input(4), {batch, filters, steps});
  if (!now || !state)
    return Value();
  // The step that is the oldest one leaves the state.
  now = ops::expandDims(op, now, 2);
  Value memory =
      steps > 1 ? ops::concatenate(op, {ops::slice(op, state, 2, 1, steps - 1), now}, 2) : now;
  Value products = ops::apply(op, "multiply", {memory, op.input(2)});
  products = ops::reshape(op, products, {batch, units, rank * steps});
  Value sum = products ? ops::reduce(op, products, 2, false, ops::Reduction::Sum) : Value();
  if (op.input(3))
    sum = ops::apply(op, "add", {sum, op.input(3)});
  return op.activate(sum, options.fused_activation_function());
}

ArrayRef<OperatorKind> tflite::recurrentOperators() {
  using O = BuiltinOperator;
  using P = BuiltinOptions;
  static const OperatorKind table[] = {
      {O::RNN, 1, 3, importSimple<schema::RNNOptions>, 5, 5, P::RNNOptions},
      {O::SVDF, 1, 4, importFactors, 3, 5, P::SVDFOptions},
      {O::UNIDIRECTIONAL_SEQUENCE_LSTM, 1, 3, importSequenceLstm, 9, 24,
       P::UnidirectionalSequenceLSTMOptions},
      {O::UNIDIRECTIONAL_SEQUENCE_RNN, 1, 3, importSimple<schema::SequenceRNNOptions>, 5, 5,
       P::SequenceRNNOptions},
  };
  return table;
}
