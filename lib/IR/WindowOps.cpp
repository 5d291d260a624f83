//===- WindowOps.cpp - verifiers of convolutions and pools -----------------------===//
//
// The rules C1, C2, ... are those of dialect/README.md.
//
//===----------------------------------------------------------------------===//

#include "WindowShape.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {

/// The output of a convolution; the first of its filters has the window.
template <typename OpOrAdaptor>
FailureOr<RankedTensorType> inferOutput(OpOrAdaptor &op, Report error, ValueRange filters,
                                        int64_t outputChannels) {
  RankedTensorType input = typeOf(op.getInput());
  FailureOr<Type> element =
      inferSumType(error, input.getElementType(), filters, op.getBias(), !!op.getActivationAttr(),
                   op.getUnsignedInput(), op.getPaddingValue());
  if (failed(element))
    return failure();
  ArrayRef<int64_t> shape = typeOf(filters.front()).getShape();
  return WindowShape{input,           {shape[0], shape[1]}, op.getStrides(),    op.getDilations(),
                     op.getPadding(), op.getSame(),         op.getDataFormat(), outputChannels,
                     *element}
      .infer(error);
}

template <typename OpOrAdaptor>
FailureOr<RankedTensorType> inferConv(OpOrAdaptor op, Report error, Conv2DOp *) {
  Value filter = op.getFilter();
  if (failed(checkFilterRank(error, "filter", filter)))
    return failure();
  int64_t channels = channelsOf(typeOf(op.getInput()), op.getDataFormat());
  int64_t groups = op.getGroups(), filters = typeOf(filter).getDimSize(3);
  if (groups < 1 || filters % groups || typeOf(filter).getDimSize(2) * groups != channels)
    return error() << "C7: filter must have the input's " << channels << " channels over " << groups
                   << " groups in dimension 2 and a multiple of " << groups
                   << " filters in dimension 3, got " << filter.getType(),
           failure();
  if (failed(checkBias(error, op.getBias(), filters)))
    return failure();
  return inferOutput(op, error, filter, filters);
}

template <typename OpOrAdaptor>
FailureOr<RankedTensorType> inferConv(OpOrAdaptor op, Report error, DepthwiseConv2DOp *) {
  Value filter = op.getFilter();
  int64_t channels = channelsOf(typeOf(op.getInput()), op.getDataFormat());
  if (failed(checkDepthwiseFilter(error, "filter", filter, channels)))
    return failure();
  int64_t filters = channels * typeOf(filter).getDimSize(3);
  if (failed(checkBias(error, op.getBias(), filters)))
    return failure();
  return inferOutput(op, error, filter, filters);
}

template <typename OpOrAdaptor>
FailureOr<RankedTensorType> inferConv(OpOrAdaptor op, Report error, SeparableConv2DOp *) {
  Value depthwise = op.getDepthwiseFilter(), pointwise = op.getPointwiseFilter();
  int64_t channels = channelsOf(typeOf(op.getInput()), op.getDataFormat());
  if (failed(checkDepthwiseFilter(error, "depthwise_filter", depthwise, channels)) ||
      failed(checkFilterRank(error, "pointwise_filter", pointwise)))
    return failure();
  int64_t multiplied = channels * typeOf(depthwise).getDimSize(3);
  ArrayRef<int64_t> shape = typeOf(pointwise).getShape();
  if (shape[0] != 1 || shape[1] != 1 || shape[2] != multiplied)
    return error() << "C9: pointwise_filter must have shape [1, 1, " << multiplied
                   << ", filters] (channels x depth multiplier), got " << pointwise.getType(),
           failure();
  if (failed(checkBias(error, op.getBias(), shape[3])))
    return failure();
  return inferOutput(op, error, {depthwise, pointwise}, shape[3]);
}

template <typename OpOrAdaptor>
FailureOr<RankedTensorType> inferConv(OpOrAdaptor op, Report error, Pool2DOp *) {
  static constexpr int64_t undilated[] = {1, 1};
  if (failed(checkPositive(error, "C2", "window", op.getWindow(), 2, 1)) ||
      failed(checkLimit(error, "window", op.getWindow())))
    return failure();
  RankedTensorType input = typeOf(op.getInput());
  bool isAverage = op.getKind() == PoolKind::Average;
  if (failed(checkPoolType(error, input.getElementType(), isAverage, op.getUnsignedInput())))
    return failure();
  WindowShape window{input,
                     {op.getWindow()[0], op.getWindow()[1]},
                     op.getStrides(),
                     undilated,
                     op.getPadding(),
                     op.getSame(),
                     op.getDataFormat(),
                     channelsOf(input, op.getDataFormat()),
                     input.getElementType()};
  FailureOr<RankedTensorType> output = window.infer(error);
  for (unsigned i = 0; i < 4 && succeeded(output); ++i)
    if (op.getPadding()[i] >= op.getWindow()[i / 2])
      return error() << "C10: padding must be smaller than the window so that every window holds "
                        "an element of the input",
             failure();
  return output;
}

template <typename Op, typename OpOrAdaptor>
FailureOr<RankedTensorType> infer(OpOrAdaptor op, ValueRange operands, Report error) {
  if (failed(checkElementTypes(error, operands)))
    return failure();
  return inferConv(op, error, static_cast<Op *>(nullptr));
}

template <typename Op>
LogicalResult inferWindowOp(MLIRContext *, std::optional<Location> location, ValueRange operands,
                            DictionaryAttr attributes, OpaqueProperties properties,
                            RegionRange regions, SmallVectorImpl<Type> &types) {
  typename Op::Adaptor adaptor(operands, attributes, properties, regions);
  Location loc = location.value_or(UnknownLoc::get(attributes.getContext()));
  FailureOr<RankedTensorType> type = infer<Op>(adaptor, operands, [&] { return emitError(loc); });
  if (failed(type))
    return failure();
  types.push_back(*type);
  return success();
}

} // namespace

// The result type is checked by InferTypeOpInterface, which runs the same rules.
#define SEPCONV_WINDOW_OP(OP)                                                                      \
  LogicalResult OP::inferReturnTypes(MLIRContext *context, std::optional<Location> location,       \
                                     ValueRange operands, DictionaryAttr attributes,               \
                                     OpaqueProperties properties, RegionRange regions,             \
                                     SmallVectorImpl<Type> &types) {                               \
    return inferWindowOp<OP>(context, location, operands, attributes, properties, regions, types); \
  }                                                                                                \
  LogicalResult OP::verify() {                                                                     \
    return infer<OP>(*this, getOperation()->getOperands(), [&] { return emitOpError(); });         \
  }
SEPCONV_WINDOW_OP(Conv2DOp)
SEPCONV_WINDOW_OP(DepthwiseConv2DOp)
SEPCONV_WINDOW_OP(SeparableConv2DOp)
SEPCONV_WINDOW_OP(Pool2DOp)
#undef SEPCONV_WINDOW_OP
