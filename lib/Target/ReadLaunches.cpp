//===- ReadLaunches.cpp - what the entry of a module for a GPU launches ----------===//

#include "ReadLaunches.h"
#include "../Runtime/Cuda/agreement.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// Follows the entry, whose calls and launches have no conditions, and where each buffer is. What
/// depends on dynamic sizes is read where it is needed.
class LaunchReader {
public:
  explicit LaunchReader(ModuleOp module, std::vector<KernelLaunch> &launches)
      : symbols(module), launches(launches) {}

  LogicalResult read(func::FuncOp entry, const ModelInterface &interface);

private:
  using BufferOffset = KernelLaunch::BufferOffset;
  LogicalResult readBody(func::FuncOp function);
  LogicalResult read(Operation &op);
  LogicalResult readView(memref::ViewOp op);
  LogicalResult readCall(func::CallOp op);
  LogicalResult readLaunch(gpu::LaunchFuncOp op);
  LogicalResult readCopy(memref::CopyOp op);
  LogicalResult readArguments(Operation *op, ValueRange values, KernelLaunch &launch);
  LogicalResult readFormula(Operation *op, Value value, SizeFormula &formula);

  SymbolTable symbols;
  DenseMap<Value, BufferOffset> offsets;
  DenseMap<Value, SizeFormula> sizes;
  std::vector<KernelLaunch> &launches;
};
} // namespace

LogicalResult LaunchReader::readView(memref::ViewOp op) {
  APInt shift;
  if (!matchPattern(op.getByteShift(), m_ConstantInt(&shift)))
    return op.emitError("expected an offset that is known at compile time");
  BufferOffset start = offsets.lookup(op.getSource());
  start.offset += shift.getSExtValue();
  offsets[op] = start;
  return success();
}

LogicalResult LaunchReader::readCall(func::CallOp op) {
  auto callee = symbols.lookup<func::FuncOp>(op.getCallee());
  if (!callee || callee.isExternal())
    return op.emitError("calls a function that does not exist");
  for (auto [argument, operand] : llvm::zip_equal(callee.getArguments(), op.getOperands()))
    if (isa<MemRefType>(operand.getType()))
      offsets[argument] = offsets.lookup(operand);
    else if (failed(readFormula(op, operand, sizes[argument])))
      return failure();
  return readBody(callee);
}

LogicalResult LaunchReader::readFormula(Operation *op, Value value, SizeFormula &formula) {
  std::optional<SizeFormula> read = SizeFormula::of(value, sizes);
  if (!read)
    return op->emitError("expected a simple function of the dynamic dimensions");
  formula = std::move(*read);
  return success();
}

LogicalResult LaunchReader::readArguments(Operation *op, ValueRange values, KernelLaunch &launch) {
  for (Value value : values) {
    if (isa<MemRefType>(value.getType())) {
      if (!launch.sizes.empty())
        return op->emitError("expected buffers before sizes");
      launch.arguments.push_back(offsets.lookup(value));
    } else if (failed(readFormula(op, value, launch.sizes.emplace_back()))) {
      return failure();
    }
  }
  return success();
}

LogicalResult LaunchReader::readLaunch(gpu::LaunchFuncOp op) {
  if (op.getKernelOperands().size() > SEPCONV_CUDA_ARGUMENTS)
    return op.emitError("a kernel of a GPU has at most ")
           << SEPCONV_CUDA_ARGUMENTS << " arguments, found " << op.getKernelOperands().size();
  KernelLaunch launch;
  launch.kernel = op.getKernelName().str();
  if (failed(readArguments(op, op.getKernelOperands(), launch)))
    return failure();
  auto values = [](gpu::KernelDim3 dims) { return SmallVector<Value>{dims.x, dims.y, dims.z}; };
  for (auto [value, blocks] : llvm::zip_equal(values(op.getGridSizeOperandValues()), launch.blocks))
    if (failed(readFormula(op, value, blocks)))
      return failure();
  for (auto [value, size] : llvm::zip_equal(values(op.getBlockSizeOperandValues()), launch.threads))
    if (std::optional<int64_t> constant = getConstantIntValue(value))
      size = *constant;
    else
      return op.emitError("expected a block size that is known at compile time");
  launches.push_back(std::move(launch));
  return success();
}

/// Of an output that is an input, a constant or another output: all of its buffer, or as much of it
/// as dynamic sizes say.
LogicalResult LaunchReader::readCopy(memref::CopyOp op) {
  KernelLaunch copy;
  SizeFormula elements;
  for (Value buffer : {op.getTarget(), op.getSource()}) {
    auto part = buffer.getDefiningOp<memref::SubViewOp>();
    auto type = cast<MemRefType>(buffer.getType());
    if (!part && (!type.hasStaticShape() || !type.getLayout().isIdentity()))
      return op.emitError("expected a copy of a buffer, or of its beginning");
    elements = SizeFormula(part ? 0 : type.getNumElements());
    if (part && part.getMixedSizes().size() == 1)
      if (Value size = dyn_cast<Value>(part.getMixedSizes().front());
          size && failed(readFormula(op, size, elements)))
        return failure();
    copy.arguments.push_back(offsets.lookup(part ? part.getSource() : buffer));
  }
  int64_t bytes = elementBytes(cast<MemRefType>(op.getTarget().getType()).getElementType());
  copy.copiedBytes = SizeFormula::of(SizeFormula::Multiply, {elements, SizeFormula(bytes)});
  if (copy.copiedBytes.constant() != 0)
    launches.push_back(std::move(copy));
  return success();
}

LogicalResult LaunchReader::read(Operation &op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](memref::ViewOp view) { return readView(view); })
      .Case([&](func::CallOp call) { return readCall(call); })
      .Case([&](gpu::LaunchFuncOp launch) { return readLaunch(launch); })
      .Case([&](memref::CopyOp copy) { return readCopy(copy); })
      .Case<func::ReturnOp, memref::SubViewOp, affine::AffineApplyOp>(
          [](auto) { return success(); })
      .Default([](Operation *other) -> LogicalResult {
        if (isa<arith::ArithDialect>(other->getDialect()))
          return success();
        return other->emitError("'")
               << other->getName() << "' is not supported in the entry of a product for a GPU";
      });
}

LogicalResult LaunchReader::readBody(func::FuncOp function) {
  for (Operation &op : function.front())
    if (failed(read(op)))
      return failure();
  return success();
}

/// The buffers of NAME_cuda_run have weights behind the outputs; the entry's dynamic sizes are its
/// last arguments.
LogicalResult LaunchReader::read(func::FuncOp entry, const ModelInterface &interface) {
  unsigned input = 0, output = interface.inputs.size(), weight = output + interface.outputs.size();
  unsigned behind = weight + interface.weights.size(), size = 0;
  for (BlockArgument argument : entry.getArguments()) {
    unsigned i = argument.getArgNumber();
    if (isa<IndexType>(argument.getType())) {
      sizes[argument] = SizeFormula::size(size++);
      continue;
    }
    bool isOperand = i < interface.inputs.size() + interface.weights.size();
    bool isOutput = !isOperand && i < behind;
    unsigned &next = isOutput                                ? output
                     : !isOperand                            ? behind
                     : entry.getArgAttr(i, "sepconv.weight") ? weight
                                                             : input;
    offsets[argument] = {next++, 0};
  }
  return readBody(entry);
}

FailureOr<std::vector<KernelLaunch>> sepconv::readLaunches(ModuleOp module,
                                                           const ModelInterface &interface) {
  std::vector<KernelLaunch> launches;
  LaunchReader reader(module, launches);
  for (auto entry : module.getOps<func::FuncOp>())
    if (!entry.isPrivate() && !entry.isExternal() && failed(reader.read(entry, interface)))
      return failure();
  return launches;
}

/// What divides the bytes of a tensor, whatever the dynamic sizes are.
static int64_t divisorOf(const TensorInterface &tensor, ArrayRef<SizeInterface> sizes) {
  if (!tensor.extents)
    return tensor.bytes();
  MLIRContext *context = tensor.extents.getContext();
  SmallVector<AffineExpr> multiples;
  for (auto [number, size] : llvm::enumerate(sizes))
    multiples.push_back(getAffineDimExpr(number, context) * size.factor);
  int64_t divisor = tensor.elementBytes;
  for (AffineExpr extent : tensor.extents.getResults())
    divisor *= extent.replaceDims(multiples).getLargestKnownDivisor();
  return divisor;
}

SmallVector<int64_t> sepconv::strideDivisors(const ModelInterface &interface) {
  SmallVector<int64_t> divisors;
  for (const auto *tensors : {&interface.inputs, &interface.outputs})
    for (const TensorInterface &tensor : *tensors)
      divisors.push_back(divisorOf(tensor, interface.sizes));
  divisors.append(interface.weights.size(), 0);
  divisors.push_back(kCudaAlignment); // of the workspace
  divisors.push_back(0);
  return divisors;
}
