//===- SepConvOps.cpp - verifiers of layers and kernels --------------------------===//
//
// The rules C1, C2, ... are those of dialect/README.md.
//
//===----------------------------------------------------------------------===//

#include "OperandRules.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace mlir::sepconv;

#define GET_OP_CLASSES
#include "SepConvOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Layers without a window
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
