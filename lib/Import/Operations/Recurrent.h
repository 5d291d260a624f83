//===- Recurrent.h - layers that read a sequence step by step --------------------===//
#pragma once

#include "TensorBuilder.h"

#include <functional>

namespace mlir::sepconv::ops {

/// What a recurrent layer computes at each step, of what stands there and of its state. The columns
/// of the matrices and the elements of the biases are those of the gates, side by side: of an LSTM
/// the input, forget, new and output gate, of a GRU the update, reset and new one.
struct Recurrence {
  using Function = std::function<Value(TensorBuilder &, Value)>;

  enum Kind { Simple, Gru, Lstm } kind = Simple;
  static int64_t gatesOf(Kind kind) { return kind == Lstm ? 4 : kind == Gru ? 3 : 1; }
  /// [features, gates * units] and [units, gates * units]; biases of one vector, or null. That of
  /// the state is part of what the reset gate multiplies.
  Value input, recurrent, inputBias, recurrentBias;
  /// Of the gates, of the new numbers, and of the cell where it becomes the output.
  Function gate, fresh, output;
  /// Of a convolutional LSTM, in place of the matrices: the convolutions of an input and of the
  /// state, with the gates side by side along dimension `gateDim`.
  Function convolveInput, convolveState;
  int64_t gateDim = 1;
  /// Whether the reset gate multiplies the product with the state, and not the state.
  bool resetsProduct = true;
  /// Of an LSTM: what the input, forget and output gates read of the cell; null if they do not.
  Value peepholes[3];
  /// The magnitude that cells are clipped to; 0 if they are not.
  double cellClip = 0;
};

struct RecurrentResult {
  /// [batch, steps, units] or of images, each step at its place in the sequence.
  Value sequence;
  /// After the last step; the cell of an LSTM only.
  Value hidden, cell;
};

/// The steps one after the other, from the end if it is `isReverse`. `sequence` is [batch, steps,
/// features], or of images that are convolved; null states are zeros. Nulls after reporting.
RecurrentResult recurrent(TensorBuilder &b, const Recurrence &recurrence, Value sequence,
                          Value hidden, Value cell, bool isReverse);

} // namespace mlir::sepconv::ops
