//===- SepConvOps.cpp - verifiers and shape inference ----------------------------===//
//
// The rules C1, C2, ... are those of dialect/README.md.
//
//===----------------------------------------------------------------------===//

#include "ElementTypes.h"
#include "sepconv/IR/SepConv.h"
#include "sepconv/IR/Window.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace mlir::sepconv;

#define GET_OP_CLASSES
#include "SepConvOps.cpp.inc"

//===----------------------------------------------------------------------===//
// The window operations
//===----------------------------------------------------------------------===//

namespace {

/// The positions of height, width and channels in a shape of rank 4.
struct Dimensions {
  explicit Dimensions(DataFormat format)
      : height(format == DataFormat::NHWC ? 1 : 2), width(height + 1),
        channels(format == DataFormat::NHWC ? 3 : 1) {}
  unsigned height, width, channels;
};

/// What the window operations have in common, taken from operands and properties.
struct Window {
  RankedTensorType input;
  std::array<int64_t, 2> size;
  ArrayRef<int64_t> strides, dilations, padding;
  bool same;
  DataFormat format;
  int64_t outputChannels;
  Type outputElement;

  /// The type of the output, or what is wrong: rules C1 (rank), C2 (strides), C3 (dilations),
  /// C4 and C21 (padding) and C6 (a window fits).
  FailureOr<RankedTensorType> infer(Report error) const;
  LogicalResult check(Report error) const;
  FailureOr<int64_t> inferSize(Report error, unsigned i, int64_t input) const;
};

LogicalResult checkPositive(Report error, StringRef rule, StringRef name, ArrayRef<int64_t> values,
                            size_t count, int64_t least) {
  if (values.size() == count && llvm::all_of(values, [&](int64_t v) { return v >= least; }))
    return success();
  InFlightDiagnostic diag = error();
  diag << rule << ": " << name << " must be " << count << " integers of at least " << least
       << ", got [";
  llvm::interleaveComma(values, diag);
  return diag << "]";
}

/// C18: no number is so large that the arithmetic on shapes could overflow.
LogicalResult checkLimit(Report error, StringRef name, ArrayRef<int64_t> values) {
  if (llvm::all_of(values, [](int64_t v) { return v <= kMaxSize; }))
    return success();
  InFlightDiagnostic diag = error();
  diag << "C18: " << name << " must be integers of at most " << kMaxSize << ", got [";
  llvm::interleaveComma(values, diag);
  return diag << "]";
}

/// C18: so for a tensor.
LogicalResult checkLimit(Report error, StringRef name, RankedTensorType type) {
  if (!isTooLarge(type.getShape()))
    return success();
  return error() << "C18: " << name << " must have sizes of at most " << kMaxSize << " and at most "
                 << kMaxElements << " elements, got " << type;
}

LogicalResult Window::check(Report error) const {
  Dimensions at(format);
  if (input.getRank() != 4 || input.isDynamicDim(0) || input.isDynamicDim(at.channels))
    return error() << "C1: input must be a tensor of rank 4 with static sizes, except for height "
                      "and width, got "
                   << input;
  if (failed(checkPositive(error, "C2", "strides", strides, 2, 1)) ||
      failed(checkPositive(error, "C3", "dilations", dilations, 2, 1)) ||
      failed(checkPositive(error, "C4", "padding", padding, 4, 0)) ||
      failed(checkLimit(error, "strides", strides)) ||
      failed(checkLimit(error, "dilations", dilations)) ||
      failed(checkLimit(error, "padding", padding)) || failed(checkLimit(error, "input", input)))
    return failure();
  if (same && llvm::any_of(padding, [](int64_t p) { return p != 0; }))
    return error() << "C21: padding must be 0 with 'same'";
  return success();
}

/// The output's size along one dimension, dynamic as the input's is: rules C6 and C18.
FailureOr<int64_t> Window::inferSize(Report error, unsigned i, int64_t extent) const {
  if (ShapedType::isDynamic(extent))
    return extent;
  auto [before, after] = same ? samePadding(extent, size[i], strides[i], dilations[i])
                              : std::make_pair(padding[2 * i], padding[2 * i + 1]);
  int64_t padded = extent + before + after;
  if (padded > kMaxSize)
    return error() << "C18: the padded input must have sizes of at most " << kMaxSize << ", got "
                   << padded << " along the " << (i == 0 ? "height" : "width"),
           failure();
  int64_t fits = windowOutputSize(extent, size[i], strides[i], dilations[i], before, after);
  if (fits < 0)
    return error() << "C6: a window of " << dilatedSize(size[i], dilations[i])
                   << " does not fit into the padded input of " << padded << " along the "
                   << (i == 0 ? "height" : "width"),
           failure();
  return fits;
}

FailureOr<RankedTensorType> Window::infer(Report error) const {
  if (failed(check(error)))
    return failure();
  Dimensions at(format);
  SmallVector<int64_t> shape(input.getShape());
  for (unsigned i : {0u, 1u}) {
    int64_t &extent = shape[i == 0 ? at.height : at.width];
    FailureOr<int64_t> inferred = inferSize(error, i, extent);
    if (failed(inferred))
      return failure();
    extent = *inferred;
  }
  shape[at.channels] = outputChannels;
  auto output = RankedTensorType::get(shape, outputElement);
  if (failed(checkLimit(error, "output", output)))
    return failure();
  return output;
}

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

int64_t channelsOf(RankedTensorType input, DataFormat format) {
  return input.getRank() == 4 ? input.getDimSize(Dimensions(format).channels) : 0;
}

/// C5: the bias, where there is one, has one element for each output channel.
LogicalResult checkBias(Report error, Value bias, int64_t channels) {
  if (!bias || (typeOf(bias).getRank() == 1 && typeOf(bias).getDimSize(0) == channels))
    return success();
  return error() << "C5: bias must have shape [" << channels << "], got " << bias.getType();
}

LogicalResult checkFilterRank(Report error, StringRef name, Value filter) {
  RankedTensorType type = typeOf(filter);
  if (type.getRank() == 4 && type.hasStaticShape() && !llvm::is_contained(type.getShape(), 0))
    return checkLimit(error, name, type);
  return error() << "C1: " << name
                 << " must be a tensor of rank 4 with static sizes of at least 1, "
                 << "got " << type;
}

/// C8: the depthwise filter has one slice for each input channel.
LogicalResult checkDepthwiseFilter(Report error, StringRef name, Value filter, int64_t channels) {
  if (failed(checkFilterRank(error, name, filter)))
    return failure();
  if (typeOf(filter).getDimSize(2) == channels)
    return success();
  return error() << "C8: dimension 2 of " << name << " must be the input's " << channels
                 << " channels, got " << typeOf(filter).getDimSize(2);
}

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
  return Window{input,           {shape[0], shape[1]}, op.getStrides(),    op.getDilations(),
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
  Window window{input,
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

//===----------------------------------------------------------------------===//
// The other layers
//===----------------------------------------------------------------------===//

template <typename OpOrAdaptor>
static FailureOr<RankedTensorType> inferDense(OpOrAdaptor op, ValueRange operands, Report error) {
  if (failed(checkElementTypes(error, operands)))
    return failure();
  RankedTensorType input = typeOf(op.getInput()), filter = typeOf(op.getFilter());
  FailureOr<Type> element =
      inferSumType(error, input.getElementType(), op.getFilter(), op.getBias(),
                   !!op.getActivationAttr(), op.getUnsignedInput());
  if (failed(element))
    return failure();
  if (input.getRank() < 1 || filter.getRank() != 2 ||
      filter.getDimSize(0) != input.getShape().back())
    return error() << "C11: filter must have shape [last dimension of the input, units], got "
                   << filter << " for an input of " << input,
           failure();
  if (failed(checkBias(error, op.getBias(), filter.getDimSize(1))))
    return failure();
  SmallVector<int64_t> shape(input.getShape());
  shape.back() = filter.getDimSize(1);
  return RankedTensorType::get(shape, *element);
}

LogicalResult DenseOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                        ValueRange operands, DictionaryAttr attributes,
                                        OpaqueProperties properties, RegionRange regions,
                                        SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  Location loc = location.value_or(UnknownLoc::get(attributes.getContext()));
  FailureOr<RankedTensorType> type =
      inferDense(adaptor, operands, [&] { return mlir::emitError(loc); });
  if (failed(type))
    return failure();
  types.push_back(*type);
  return success();
}

LogicalResult DenseOp::verify() {
  return inferDense(*this, getOperation()->getOperands(), [&] { return emitOpError(); });
}

LogicalResult BatchNormOp::verify() {
  RankedTensorType input = typeOf(getInput()), gamma = typeOf(getGamma());
  int64_t axis = getAxis();
  if (failed(checkElementTypes([&] { return emitOpError(); }, getOperands())))
    return failure();
  if (axis < 0 || axis >= input.getRank())
    return emitOpError("C12: axis must be a dimension of the input of rank ")
           << input.getRank() << ", got " << axis;
  if (gamma.getRank() != 1 || gamma.getDimSize(0) != input.getDimSize(axis))
    return emitOpError("C12: gamma, beta, mean and variance must have shape [")
           << input.getDimSize(axis) << "], got " << gamma;
  return success();
}

OpFoldResult ActivationOp::fold(FoldAdaptor) {
  return getFunction().getKind() == ActivationKind::Linear ? getInput() : Value();
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

LogicalResult KernelOp::verify() {
  Block &body = getBody().front();
  if (body.getArgumentTypes() != getInputs().getTypes())
    return emitOpError("C13: the body's arguments must have the inputs' types");
  if (body.getTerminator()->getOperandTypes() != getOutputs().getTypes())
    return emitOpError("C13: the yielded values must have the results' types");
  return success();
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getCalleeAttr());
  if (!callee)
    return emitOpError("C14: no function '") << getCallee() << "' in the module";
  bool onTensors = llvm::none_of(callee.getArgumentTypes(), llvm::IsaPred<MemRefType>);
  FunctionType type = FunctionType::get(getContext(), getOperandTypes(), getResultTypes());
  if (onTensors && callee.getNumResults() && callee.getFunctionType() != type)
    return emitOpError("C14: the callee has type ")
           << callee.getFunctionType() << ", the call " << type;
  return success();
}

LogicalResult ParallelCallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (getTaskOffsets() && getTaskOffsets()->size() != getCaptures().size())
    return emitOpError("C15: expected a number of task_offsets for each of the ")
           << getCaptures().size() << " captured values, got " << getTaskOffsets()->size();
  Operation *task = symbols.lookupNearestSymbolFrom(*this, getTaskAttr());
  if (!task)
    return emitOpError("C15: no function '") << getTask() << "' in the module";
  auto function = dyn_cast<func::FuncOp>(task);
  if (!function)
    return success(); // it is lowered already
  SmallVector<Type> expected{IndexType::get(getContext())};
  llvm::append_range(expected, getCaptures().getTypes());
  if (function.getArgumentTypes() != ArrayRef<Type>(expected) || function.getNumResults())
    return emitOpError("C15: the task has type ")
           << function.getFunctionType() << ", expected an index and the captured values";
  return success();
}
