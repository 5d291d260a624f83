//===- EquationOperations.cpp - keras.ops.linalg ----------------------------------===//

#include "../Operations/Elementwise.h"
#include "../Operations/Matrices.h"
#include "../Operations/Shaping.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

/// False after reporting where the batch, which is dynamic, would be rows.
static bool isReady(LayerContext &layer) {
  return layer.ready() && layer.keepsBatch(layer.shape().size() > 2);
}

template <Value (*function)(ops::TensorBuilder &, Value, bool)>
static Value importFactor(LayerContext &layer) {
  bool isUpper = layer.boolean("upper", false);
  return isReady(layer) ? function(layer, layer.input(), isUpper) : Value();
}

template <Value (*function)(ops::TensorBuilder &, Value)>
static Value importOf(LayerContext &layer) {
  return isReady(layer) ? function(layer, layer.input()) : Value();
}

/// The right side is one of matrices, or of vectors.
static Value importSolve(LayerContext &layer, bool isTriangular) {
  bool isLower = isTriangular && layer.boolean("lower", false);
  if (!isReady(layer))
    return {};
  Value right = layer.input(1);
  int64_t rank = layer.shape(0).size();
  bool isVector = int64_t(layer.shape(1).size()) == rank - 1;
  if (isVector)
    right = ops::expandDims(layer, right, rank - 1);
  Value result = isTriangular ? ops::solveTriangular(layer, layer.input(0), right, isLower)
                              : ops::solve(layer, layer.input(0), right);
  return result && isVector ? ops::squeeze(layer, result, rank - 1) : result;
}

static Results importSignAndLog(LayerContext &layer) {
  if (!isReady(layer))
    return Value();
  auto [sign, log] = ops::logDeterminant(layer, layer.input());
  return ArrayRef<Value>{sign, log};
}

static Value importLog(LayerContext &layer) {
  return isReady(layer) ? ops::logDeterminant(layer, layer.input()).second : Value();
}

ArrayRef<LayerClass> sepconv::keras::equationOperations() {
  static const LayerClass table[] = {
      {"Cholesky", importFactor<ops::cholesky>, {"upper"}},
      {"CholeskyInverse", importFactor<ops::choleskyInverse>, {"upper"}},
      {"Det", importOf<ops::determinant>, {}},
      {"Inv", importOf<ops::inverse>, {}},
      {"Logdet", importLog, {}},
      {"Slogdet", importSignAndLog, {}},
      {"Solve", [](LayerContext &layer) { return importSolve(layer, false); }, {}, 2, 2},
      {"SolveTriangular",
       [](LayerContext &layer) { return importSolve(layer, true); },
       {"lower"},
       2,
       2},
  };
  return table;
}
