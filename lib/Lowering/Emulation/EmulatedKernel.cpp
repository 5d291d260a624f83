//===- EmulatedKernel.cpp - a GPU's kernel as a function of the host -------------===//

#include "EmulatedKernel.h"
#include "sepconv/IR/Buffer.h"

#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::sepconv;

int64_t EmulatedBuffer::elementBytes() const {
  Type element = type().getElementType();
  return element.isIndex() ? sizeof(size_t) : sepconv::elementBytes(element);
}

static MemRefType withoutSpace(MemRefType type) {
  return MemRefType::get(type.getShape(), type.getElementType());
}

/// "argument 2 (memref<8xf32>)", or its name if it has one.
static std::string describe(StringRef what, unsigned number, Value value, Type type) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (auto name = dyn_cast<NameLoc>(value.getLoc()))
    stream << "'" << name.getName().getValue() << "'";
  else
    stream << what << " " << number;
  stream << " (" << type << ")";
  return text;
}

static LogicalResult verifyBuffer(Operation *kernel, Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  if (memref && memref.hasStaticShape() && memref.getLayout().isIdentity() &&
      (memref.getElementType().isIntOrIndexOrFloat()))
    return success();
  return kernel->emitOpError("cannot be emulated: ")
         << type << " is not a static buffer of numbers";
}

/// Numbers the buffers, and gives memory to those that are the thread's own.
static LogicalResult collectBuffers(gpu::GPUFuncOp kernel, EmulatedKernel &result) {
  OpBuilder b = OpBuilder::atBlockBegin(&kernel.front());
  auto add = [&](StringRef what, unsigned number, Value value, unsigned space) {
    auto type = cast<MemRefType>(value.getType());
    result.buffers.push_back({value, describe(what, number, value, type), space});
    value.setType(withoutSpace(type));
    return verifyBuffer(kernel, type);
  };
  bool failed = false;
  unsigned count = kernel.getFunctionType().getNumInputs();
  for (auto [number, argument] : llvm::enumerate(kernel.getArguments().take_front(count)))
    if (isa<BaseMemRefType>(argument.getType()))
      failed |= add("argument", number, argument, SEPCONV_EMULATED_GLOBAL).failed();
  for (auto [number, argument] : llvm::enumerate(kernel.getWorkgroupAttributions())) {
    failed |= add("shared memory", number, argument, SEPCONV_EMULATED_SHARED).failed();
    result.sharedTypes.push_back(cast<MemRefType>(argument.getType()));
  }
  SmallVector<memref::AllocaOp> allocations;
  kernel.walk([&](memref::AllocaOp op) { allocations.push_back(op); });
  for (BlockArgument argument : kernel.getPrivateAttributions()) {
    auto type = cast<MemRefType>(argument.getType());
    allocations.push_back(memref::AllocaOp::create(b, argument.getLoc(), type));
    argument.replaceAllUsesWith(allocations.back());
  }
  for (auto [number, op] : llvm::enumerate(allocations)) {
    op->moveBefore(&kernel.front(), kernel.front().begin()); // it has to be there once
    failed |= add("private memory", number, op, SEPCONV_EMULATED_PRIVATE).failed();
  }
  return failure(failed);
}

/// Makes the function of the kernel's body and arguments, after those that tell threads apart.
static void createFunction(gpu::GPUFuncOp kernel, StringRef name, EmulatedKernel &result) {
  OpBuilder b(kernel->getParentOp());
  Block &body = kernel.front();
  body.eraseArguments(kernel.getFirstPrivateAttributionIndex(), kernel.getNumPrivateAttributions());
  for (unsigned i = 0; i < EmulatedKernel::kIds; ++i)
    body.insertArgument(i, b.getIndexType(), kernel.getLoc());
  result.function = func::FuncOp::create(b, kernel.getLoc(), name,
                                         b.getFunctionType(body.getArgumentTypes(), TypeRange()));
  result.function.setPrivate();
  result.function->setAttr("sepconv.emulated", b.getUnitAttr());
  result.function.getBody().takeBody(kernel.getBody());
  IRRewriter rewriter(b);
  result.function.walk([&](gpu::ReturnOp op) {
    rewriter.setInsertionPoint(op);
    rewriter.replaceOpWithNewOp<func::ReturnOp>(op);
  });
}

FailureOr<EmulatedKernel> sepconv::emulateKernel(gpu::GPUFuncOp kernel, StringRef name,
                                                 EmulatorRuntime &runtime) {
  EmulatedKernel result;
  if (std::optional<ArrayRef<int32_t>> size = kernel.getKnownBlockSize())
    result.blockSize.assign(size->begin(), size->end());
  if (std::optional<ArrayRef<int32_t>> size = kernel.getKnownGridSize())
    result.gridSize.assign(size->begin(), size->end());
  if (failed(collectBuffers(kernel, result)))
    return failure();
  createFunction(kernel, name, result);
  if (failed(emulateThreads(result, runtime)) || failed(emulateAccesses(result, runtime)))
    return failure();
  return result;
}
