//===- Reductions.cpp - operators that make one number of many -------------------===//

#include "../Operations/Reductions.h"
#include "../Operations/Normalization.h"
#include "../Operations/Ordering.h"
#include "../Operations/Shaping.h"
#include "Operators.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

template <ops::Reduction kind> static Results importReduction(OperatorContext &op) {
  auto dims = op.axes(1);
  if (kind == ops::Reduction::Mean && !op.isFloat())
    return Value();
  bool keepDims = op.options<schema::ReducerOptions>().keep_dims();
  return dims ? ops::reduce(op, op.input(), *dims, keepDims, kind) : Value();
}

/// Each vector of channels by its norm, which is at least 1e-6
/// (tensorflow/lite/kernels/internal/optimized/optimized_ops.h).
static Results importL2Normalization(OperatorContext &op) {
  auto dim = op.dimension(op.input(), "axis", -1);
  return dim && op.isFloat() ? ops::unitNorm(op, op.input(), *dim, 2, 1e-6) : Value();
}

/// Over 2 * radius + 1 channels.
static Results importLocalResponse(OperatorContext &op) {
  const auto &options = op.options<schema::LocalResponseNormalizationOptions>();
  if (!op.hasFloats(0, {-1, -1, -1, -1}))
    return Value();
  int64_t size = 2 * int64_t(options.radius()) + 1;
  if (size < 1 || size > 1 << 16) {
    op.error("radius") << "expected an integer from 0 to 32767, found " << options.radius();
    return Value();
  }
  return ops::localResponseNorm(op, op.input(), 3, size, double(options.alpha()) * size,
                                options.beta(), options.bias());
}

static Results importCumulativeSum(OperatorContext &op) {
  const auto &options = op.options<schema::CumsumOptions>();
  auto axis = op.integer(1, "axis");
  auto dim = axis ? op.dimension(op.input(), "axis", *axis) : std::nullopt;
  if (!dim)
    return Value();
  return ops::cumulative(op, op.input(), *dim, /*isProduct=*/false, options.exclusive(),
                         options.reverse());
}

static Results importBatchMatMul(OperatorContext &op) {
  const auto &options = op.options<schema::BatchMatMulOptions>();
  if (!op.isFloat(0) || !op.isFloat(1))
    return Value();
  auto adjoint = [&](size_t index, bool isTransposed) -> Value {
    int64_t rank = ops::rankOf(op.input(index));
    if (!isTransposed || rank < 2)
      return op.input(index);
    auto permutation = llvm::to_vector(llvm::seq<int64_t>(0, rank));
    std::swap(permutation[rank - 1], permutation[rank - 2]);
    return ops::transpose(op, op.input(index), permutation);
  };
  return ops::matmul(op, adjoint(0, options.adj_x()), adjoint(1, options.adj_y()));
}

ArrayRef<OperatorKind> tflite::reductionOperators() {
  using O = BuiltinOperator;
  using P = BuiltinOptions;
  using R = ops::Reduction;
  static const OperatorKind table[] = {
      {O::BATCH_MATMUL, 1, 4, importBatchMatMul, 2, 2, P::BatchMatMulOptions},
      {O::CUMSUM, 1, 1, importCumulativeSum, 2, 2, P::CumsumOptions},
      {O::L2_NORMALIZATION, 1, 2, importL2Normalization, 1, 1},
      {O::LOCAL_RESPONSE_NORMALIZATION, 1, 1, importLocalResponse, 1, 1,
       P::LocalResponseNormalizationOptions},
      {O::MEAN, 1, 3, importReduction<R::Mean>, 2, 2, P::ReducerOptions},
      {O::REDUCE_ALL, 1, 1, importReduction<R::All>, 2, 2, P::ReducerOptions},
      {O::REDUCE_ANY, 1, 1, importReduction<R::Any>, 2, 2, P::ReducerOptions},
      {O::REDUCE_MAX, 1, 3, importReduction<R::Max>, 2, 2, P::ReducerOptions},
      {O::REDUCE_MIN, 1, 3, importReduction<R::Min>, 2, 2, P::ReducerOptions},
      {O::REDUCE_PROD, 1, 2, importReduction<R::Product>, 2, 2, P::ReducerOptions},
      {O::SUM, 1, 2, importReduction<R::Sum>, 2, 2, P::ReducerOptions},
  };
  return table;
}
