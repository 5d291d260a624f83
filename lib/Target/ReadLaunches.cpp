//===- ReadLaunches.cpp - what the entry of a module for a GPU launches ----------===//

#include "ReadLaunches.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;

/// As many as lib/Runtime/Cuda/cuda.c has room for.
static constexpr size_t kMostArguments = 64;

namespace {
/// Follows the entry, whose calls and launches have no conditions, and where each buffer is.
class LaunchReader {
public:
  explicit LaunchReader(ModuleOp module, std::vector<KernelLaunch> &launches)
      : symbols(module), launches(launches) {}

  LogicalResult read(func::FuncOp function, ArrayRef<KernelLaunch::Place> arguments);

private:
  using Place = KernelLaunch::Place;
  LogicalResult read(Operation &op);
  LogicalResult readView(memref::ViewOp op);
  LogicalResult readCall(func::CallOp op);
  LogicalResult readLaunch(gpu::LaunchFuncOp op);
  LogicalResult readCopy(memref::CopyOp op);
  SmallVector<Place> placesOf(ValueRange values) {
    return llvm::map_to_vector(values, [&](Value value) { return places.lookup(value); });
  }

  SymbolTable symbols;
  DenseMap<Value, Place> places;
  std::vector<KernelLaunch> &launches;
};
} // namespace

LogicalResult LaunchReader::readView(memref::ViewOp op) {
  APInt shift;
  if (!matchPattern(op.getByteShift(), m_ConstantInt(&shift)))
    return op.emitError("expected a place that is known when compiling");
  Place place = places.lookup(op.getSource());
  place.offset += shift.getSExtValue();
  places[op] = place;
  return success();
}

LogicalResult LaunchReader::readCall(func::CallOp op) {
  auto callee = symbols.lookup<func::FuncOp>(op.getCallee());
  if (!callee || callee.isExternal())
    return op.emitError("calls what is not there");
  return read(callee, placesOf(op.getOperands()));
}

LogicalResult LaunchReader::readLaunch(gpu::LaunchFuncOp op) {
  if (op.getKernelOperands().size() > kMostArguments)
    return op.emitError("a kernel of a GPU has at most ")
           << kMostArguments << " buffers, found " << op.getKernelOperands().size();
  KernelLaunch launch;
  launch.kernel = op.getKernelName().str();
  launch.places = placesOf(op.getKernelOperands());
  auto sizes = [&](gpu::KernelDim3 dims, int64_t (&into)[3]) {
    const Value values[] = {dims.x, dims.y, dims.z};
    for (auto [value, size] : llvm::zip_equal(values, into)) {
      std::optional<int64_t> constant = getConstantIntValue(value);
      if (!constant)
        return failure();
      size = *constant;
    }
    return success();
  };
  if (failed(sizes(op.getGridSizeOperandValues(), launch.blocks)) ||
      failed(sizes(op.getBlockSizeOperandValues(), launch.threads)))
    return op.emitError("expected sizes that are known when compiling");
  launches.push_back(std::move(launch));
  return success();
}

/// Of an output that is an input, a constant or another output.
LogicalResult LaunchReader::readCopy(memref::CopyOp op) {
  auto type = cast<MemRefType>(op.getTarget().getType());
  if (!type.hasStaticShape() || !type.getLayout().isIdentity() ||
      cast<MemRefType>(op.getSource().getType()) != type)
    return op.emitError("expected a copy of a size that is known when compiling");
  KernelLaunch copy;
  copy.copiedBytes = type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  copy.places = placesOf({op.getTarget(), op.getSource()});
  if (copy.copiedBytes)
    launches.push_back(std::move(copy));
  return success();
}

LogicalResult LaunchReader::read(Operation &op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](memref::ViewOp view) { return readView(view); })
      .Case([&](func::CallOp call) { return readCall(call); })
      .Case([&](gpu::LaunchFuncOp launch) { return readLaunch(launch); })
      .Case([&](memref::CopyOp copy) { return readCopy(copy); })
      .Case<arith::ConstantOp, func::ReturnOp>([](auto) { return success(); })
      .Default([](Operation *other) {
        return other->emitError("'") << other->getName() << "' is not for a GPU's entry";
      });
}

LogicalResult LaunchReader::read(func::FuncOp function, ArrayRef<Place> arguments) {
  for (auto [argument, place] : llvm::zip_equal(function.getArguments(), arguments))
    places[argument] = place;
  for (Operation &op : function.front())
    if (failed(read(op)))
      return failure();
  return success();
}

/// The buffers of NAME_cuda_run, which has weights behind the outputs, by the entry's argument.
static SmallVector<KernelLaunch::Place> buffersOf(func::FuncOp entry,
                                                  const ModelInterface &interface) {
  unsigned input = 0, output = interface.inputs.size(), weight = output + interface.outputs.size();
  unsigned behind = weight + interface.weights.size();
  SmallVector<KernelLaunch::Place> buffers;
  for (unsigned i = 0; i < entry.getNumArguments(); ++i) {
    bool isOperand = i < interface.inputs.size() + interface.weights.size();
    bool isOutput = !isOperand && i < behind;
    unsigned &next = isOutput                                ? output
                     : !isOperand                            ? behind
                     : entry.getArgAttr(i, "sepconv.weight") ? weight
                                                             : input;
    buffers.push_back({next++, 0});
  }
  return buffers;
}

FailureOr<std::vector<KernelLaunch>> sepconv::readLaunches(ModuleOp module,
                                                           const ModelInterface &interface) {
  std::vector<KernelLaunch> launches;
  LaunchReader reader(module, launches);
  for (auto entry : module.getOps<func::FuncOp>())
    if (!entry.isPrivate() && !entry.isExternal() &&
        failed(reader.read(entry, buffersOf(entry, interface))))
      return failure();
  return launches;
}

SmallVector<int64_t> sepconv::imageStrides(const ModelInterface &interface) {
  SmallVector<int64_t> strides;
  for (const auto *tensors : {&interface.inputs, &interface.outputs})
    for (const TensorInterface &tensor : *tensors)
      strides.push_back(tensor.bytes());
  strides.append(interface.weights.size(), 0);
  strides.push_back(llvm::alignTo(interface.workspaceBytes, kCudaAlignment));
  strides.push_back(0);
  return strides;
}
