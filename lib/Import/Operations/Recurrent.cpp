//===- Recurrent.cpp - layers that read a sequence step by step ------------------===//
//
// A sequence has a known number of steps, each of which becomes operations of its own: equal ones,
// so that all steps call the same kernels. What does not depend on the state is one product for the
// whole sequence.
//
//===----------------------------------------------------------------------===//

#include "Recurrent.h"
#include "../Problems.h"
#include "Elementwise.h"
#include "Shaping.h"
#include "Windows.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::ops;

/// Each is some ten operations of the program.
static constexpr int64_t maxSteps = 1 << 10;

namespace {

class Steps {
public:
  Steps(TensorBuilder &b, const Recurrence &r, Value hidden, Value cell)
      : b(b), r(r), hidden(hidden), cell(cell) {}

  /// Of what the input makes of all gates.
  void take(Value gates) {
    units = gates ? shapeOf(gates)[r.gateDim] / Recurrence::gatesOf(r.kind) : 0;
    if (!gates)
      hidden = {};
    else if (r.kind == Recurrence::Lstm)
      takeLstm(gates);
    else if (r.kind == Recurrence::Gru)
      takeGru(gates);
    else
      hidden = r.fresh(b, plus(gates, product(hidden, r.recurrent, r.recurrentBias)));
  }

  TensorBuilder &b;
  const Recurrence &r;
  Value hidden, cell;

private:
  void takeLstm(Value gates);
  void takeGru(Value gates);

  Value plus(Value x, Value y) { return y ? apply(b, "add", {x, y}) : x; }
  Value times(Value x, Value y) { return apply(b, "multiply", {x, y}); }
  /// Of a state that is not null, or what is left of it.
  Value product(Value state, Value matrix, Value bias) {
    return state ? dense(b, state, matrix, bias, {}) : bias;
  }
  /// Of one gate, or some side by side; also of the columns of a matrix or the elements of a bias.
  Value part(Value gates, int64_t first, int64_t count = 1) {
    if (!gates)
      return {};
    int64_t dim = std::min(r.gateDim, rankOf(gates) - 1);
    return slice(b, gates, dim, first * units, count * units);
  }
  Value peep(Value gate, size_t index, Value state) {
    return r.peepholes[index] && state ? plus(gate, times(r.peepholes[index], state)) : gate;
  }

  int64_t units = 0;
};

} // namespace

void Steps::takeLstm(Value gates) {
  gates = plus(gates, !r.convolveState ? product(hidden, r.recurrent, r.recurrentBias)
                      : hidden         ? r.convolveState(b, hidden)
                                       : Value());
  Value in = r.gate(b, peep(part(gates, 0), 0, cell));
  Value added = times(in, r.fresh(b, part(gates, 2)));
  if (cell)
    added = plus(times(r.gate(b, peep(part(gates, 1), 1, cell)), cell), added);
  cell = r.cellClip > 0 ? clip(b, added, -r.cellClip, r.cellClip) : added;
  Value out = r.gate(b, peep(part(gates, 3), 2, cell));
  hidden = times(out, r.output(b, cell));
}

void Steps::takeGru(Value gates) {
  // The gates' own products and that of the new numbers are one where nothing comes between them.
  Value whole, rest;
  if (r.resetsProduct) {
    whole = product(hidden, r.recurrent, r.recurrentBias);
    rest = part(whole, 2);
  } else {
    whole = product(hidden, part(r.recurrent, 0, 2), part(r.recurrentBias, 0, 2));
  }
  Value both = part(gates, 0, 2), own = part(whole, 0, 2);
  both = r.gate(b, plus(both, own));
  Value update = part(both, 0), reset = part(both, 1);
  if (!r.resetsProduct)
    rest = product(hidden ? times(reset, hidden) : Value(), part(r.recurrent, 2),
                   part(r.recurrentBias, 2));
  else if (rest)
    rest = times(reset, rest);
  Value fresh = r.fresh(b, plus(part(gates, 2), rest));
  // update * hidden + (1 - update) * fresh
  Value one = b.splat({}, elementOf(update), 1);
  Value added = times(apply(b, "subtract", {one, update}), fresh);
  hidden = hidden ? plus(times(update, hidden), added) : added;
}

RecurrentResult ops::recurrent(TensorBuilder &b, const Recurrence &recurrence, Value sequence,
                               Value hidden, Value cell, bool isReverse) {
  int64_t steps = shapeOf(sequence)[1];
  if (steps > maxSteps) {
    b.error() << "expected at most " << maxSteps << " steps, found an input of shape "
              << shown(shapeOf(sequence));
    return {};
  }
  Value gates = sequence;
  if (!recurrence.convolveInput) {
    SmallVector<int64_t> all(shapeOf(sequence));
    all.back() = shapeOf(recurrence.input).back();
    if (!b.fits(all))
      return {};
    gates = dense(b, sequence, recurrence.input, recurrence.inputBias, {});
  }
  Steps state(b, recurrence, hidden, cell);
  SmallVector<Value> outputs(steps);
  for (int64_t i = 0; i < steps; ++i) {
    int64_t step = isReverse ? steps - 1 - i : i;
    Value taken = squeeze(b, slice(b, gates, 1, step, 1), 1);
    state.take(recurrence.convolveInput ? recurrence.convolveInput(b, taken) : taken);
    if (!state.hidden)
      return {};
    outputs[step] = expandDims(b, state.hidden, 1);
  }
  return {concatenate(b, outputs, 1), state.hidden, state.cell};
}
