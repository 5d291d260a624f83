//===- Recurrent.h - the cells of recurrent layers --------------------------------===//
#pragma once

#include "../Operations/Recurrent.h"
#include "Windows.h"

namespace mlir::sepconv::keras {

/// What a recurrent layer does at each step: the arguments of the layer itself, or of a cell in it.
class RecurrentCell {
public:
  /// `config` has the arguments, `place` is where the variables are below the layer's.
  RecurrentCell(LayerContext &outer, StringRef className, const llvm::json::Object &config,
                const Twine &place);

  /// The classes of cells, and the layers that are one.
  static bool isCell(StringRef className);
  static bool isLayer(StringRef className);

  /// Over the whole sequence; `first` is the index of its first variable where all those of a layer
  /// are in one list. Nulls after reporting.
  ops::RecurrentResult run(Value sequence, int64_t first, bool isReverse, ArrayRef<Value> states);
  size_t states() const { return kind == ops::Recurrence::Lstm ? 2 : 1; }
  int64_t variables() const { return 2 + useBias; }
  bool isWrong() const { return layer.isWrong(); }
  /// The spatial dimensions of what it reads.
  size_t images() const { return rank; }

private:
  ops::Recurrence::Function functionOf(const Activation &activation);
  void setMatrices(ops::Recurrence &recurrence, int64_t features);
  void setConvolutions(ops::Recurrence &recurrence, ArrayRef<int64_t> step);
  bool checkStates(Value sequence, ArrayRef<Value> states);

  Layer part;
  LayerContext layer;
  ops::Recurrence::Kind kind;
  size_t rank = 0;
  int64_t units;
  bool useBias, resetsProduct = true;
  ops::Window window;
  Activation fresh, gate;
  VariableArguments kernel, recurrent, bias;
};

} // namespace mlir::sepconv::keras
