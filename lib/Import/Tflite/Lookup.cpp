//===- Lookup.cpp - elements at places, and places of elements -------------------===//

#include "../Operations/Lookup.h"
#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"
#include "../Operations/Ordering.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "Operators.h"

#include "sepconv/IR/Window.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// False after reporting an input of floats.
static bool areIntegers(OperatorContext &op, size_t index, StringRef name) {
  if (isa<IntegerType>(ops::elementOf(op.input(index))))
    return true;
  op.error(name) << "expected integers, found " << ops::elementOf(op.input(index));
  return false;
}

/// The parts of input 0 along a dimension; the result has the dimensions of the places where the
/// input has that one. Few known places are slices.
static Results importGather(OperatorContext &op) {
  const auto &options = op.options<schema::GatherOptions>();
  auto dim = op.dimension(op.input(), "axis", options.axis());
  if (!dim || !areIntegers(op, 1, "indices"))
    return Value();
  if (options.batch_dims() != 0) {
    op.error("batch_dims") << "expected 0, found " << options.batch_dims();
    return Value();
  }
  constexpr size_t maxSlices = 64; // each is an operation of the program
  auto places = ops::constantIntegers(op.input(1));
  int64_t size = op.shape()[*dim];
  if (places && llvm::any_of(*places, [&](int64_t place) { return place < 0 || place >= size; })) {
    op.error("indices") << "expected places from 0 to " << size - 1 << ", found " << shown(*places);
    return Value();
  }
  if (!places || places->empty() || places->size() > maxSlices)
    return ops::take(op, op.input(), op.input(1), *dim);
  SmallVector<Value> parts;
  for (int64_t place : *places)
    parts.push_back(ops::slice(op, op.input(), *dim, place, 1));
  SmallVector<int64_t> shape(op.shape().take_front(*dim));
  llvm::append_range(shape, op.shape(1));
  llvm::append_range(shape, op.shape().drop_front(*dim + 1));
  return ops::reshape(op, ops::concatenate(op, parts, *dim), shape);
}

static Results importGatherNd(OperatorContext &op) {
  return areIntegers(op, 1, "indices") ? ops::takeParts(op, op.input(), op.input(1), 0) : Value();
}

static Results importEmbeddingLookup(OperatorContext &op) {
  return areIntegers(op, 0, "ids") ? ops::take(op, op.input(1), op.input(0), 0) : Value();
}

template <bool isMax> static Results importExtremum(OperatorContext &op) {
  auto axis = op.integer(1, "dimension");
  auto dim = axis ? op.dimension(op.input(), "dimension", *axis) : std::nullopt;
  Type index = elementType(op.builder, op.outputType());
  if (!dim || !isa_and_nonnull<IntegerType>(index)) {
    if (dim)
      op.error("output_type") << "expected INT32 or INT64";
    return Value();
  }
  return ops::extremumIndex(op, op.input(), *dim, /*keepDims=*/false, isMax, /*isLast=*/false,
                            index);
}

static Results importOneHot(OperatorContext &op) {
  auto depth = op.integer(1, "depth");
  if (!depth || !areIntegers(op, 0, "indices"))
    return Value();
  int64_t axis = op.options<schema::OneHotOptions>().axis(), rank = ops::rankOf(op.input());
  int64_t dim = axis < 0 ? axis + rank + 1 : axis;
  if (dim < 0 || dim > rank || *depth < 1 || *depth > kMaxSize) {
    op.error("depth") << "expected a size and a dimension of a result of rank " << rank + 1
                      << ", found " << *depth << " and " << axis;
    return Value();
  }
  Value hot = ops::oneHot(op, op.input(), dim, *depth, op.builder.getI1Type());
  return hot ? ops::select(op, hot, op.input(2), op.input(3)) : Value();
}

/// The greatest elements of the last dimension, and where they are.
static Results importTopK(OperatorContext &op) {
  auto count = op.integer(1, "k");
  auto dim = count ? op.dimension(op.input(), "axis", -1) : std::nullopt;
  if (!dim)
    return Value();
  if (*count < 1 || *count > op.shape()[*dim]) {
    op.error("k") << "expected an integer from 1 to " << op.shape()[*dim] << ", found " << *count;
    return Value();
  }
  Value places = ops::sortedPlaces(op, op.input(), *dim, *count, /*isDescending=*/true);
  return ArrayRef<Value>{ops::takeAlong(op, op.input(), places, *dim), places};
}

/// Parts of a tensor of zeros; those at one place are added.
static Results importScatterNd(OperatorContext &op) {
  auto shape = op.integers(2, "shape");
  if (!shape || !areIntegers(op, 0, "indices") || !op.fits(*shape))
    return Value();
  Value zeros = op.splat(*shape, ops::elementOf(op.input(1)), 0);
  return ops::scatterParts(op, zeros, op.input(0), op.input(1), ops::Scatter::Add);
}

static Results importReverseSequence(OperatorContext &op) {
  const auto &options = op.options<schema::ReverseSequenceOptions>();
  auto time = op.dimension(op.input(), "seq_dim", options.seq_dim());
  auto batch = op.dimension(op.input(), "batch_dim", options.batch_dim());
  if (!time || !batch || !areIntegers(op, 1, "seq_lengths"))
    return Value();
  return ops::reverseSequences(op, op.input(), op.input(1), *time, *batch);
}

ArrayRef<OperatorKind> tflite::lookupOperators() {
  using O = BuiltinOperator;
  using P = BuiltinOptions;
  static const OperatorKind table[] = {
      {O::ARG_MAX, 1, 3, importExtremum<true>, 2, 2, P::ArgMaxOptions},
      {O::ARG_MIN, 1, 3, importExtremum<false>, 2, 2, P::ArgMinOptions},
      {O::EMBEDDING_LOOKUP, 1, 3, importEmbeddingLookup, 2, 2},
      {O::GATHER, 1, 7, importGather, 2, 2, P::GatherOptions},
      {O::GATHER_ND, 1, 5, importGatherNd, 2, 2},
      {O::ONE_HOT, 1, 1, importOneHot, 4, 4, P::OneHotOptions},
      {O::REVERSE_SEQUENCE, 1, 1, importReverseSequence, 2, 2, P::ReverseSequenceOptions},
      {O::SCATTER_ND, 1, 1, importScatterNd, 3, 3},
      {O::TOPK_V2, 1, 3, importTopK, 2, 2},
  };
  return table;
}
