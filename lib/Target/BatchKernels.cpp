//===- BatchKernels.cpp - several images in a launch ------------------------------===//

#include "ReadLaunches.h"

#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <numeric>

namespace mlir::sepconv {
#define GEN_PASS_DEF_BATCHKERNELS
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// That of the widest access, in bytes.
static constexpr int64_t kMostAlignment = 16;

/// Lowers what accesses promise below an address that is only `alignment` bytes aligned.
static LogicalResult limitAlignment(Value address, int64_t alignment) {
  for (Operation *user : address.getUsers()) {
    if (auto element = dyn_cast<LLVM::GEPOp>(user)) {
      if (failed(limitAlignment(element, alignment)))
        return failure();
    } else if (isa<LLVM::LoadOp, LLVM::StoreOp, LLVM::MaskedLoadOp, LLVM::MaskedStoreOp,
                   LLVM::masked_gather, LLVM::masked_scatter>(user)) {
      auto promised = user->getAttrOfType<IntegerAttr>("alignment");
      Type type = promised ? promised.getType() : IntegerType::get(user->getContext(), 64);
      if (!promised || promised.getInt() > alignment)
        user->setAttr("alignment", IntegerAttr::get(type, alignment));
    } else {
      return user->emitError("expected a memory access or the address of an element");
    }
  }
  return success();
}

/// The number of the image; what the kernel knows as its block's number is that within the image.
static Value splitBlock(ImplicitLocOpBuilder &b, LLVM::LLVMFuncOp kernel, int64_t blocks) {
  SmallVector<NVVM::BlockIdZOp> uses;
  kernel.walk([&](NVVM::BlockIdZOp op) { uses.push_back(op); });
  Type i32 = b.getI32Type();
  Value number = NVVM::BlockIdZOp::create(b, i32), image = number, block;
  if (blocks > 1) {
    Value count = LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(blocks));
    image = LLVM::UDivOp::create(b, number, count);
    block = LLVM::URemOp::create(b, number, count);
  } else if (!uses.empty()) {
    block = LLVM::ConstantOp::create(b, i32, b.getI32IntegerAttr(0));
  }
  Value wide = LLVM::ZExtOp::create(b, b.getI64Type(), image);
  for (NVVM::BlockIdZOp use : uses) {
    use.replaceAllUsesWith(block);
    use.erase();
  }
  b.setInsertionPointAfterValue(wide);
  return wide;
}

/// An argument more for each buffer, behind all.
static void addStrides(LLVM::LLVMFuncOp kernel, unsigned count) {
  Builder b(kernel.getContext());
  SmallVector<Type> types(kernel.getArgumentTypes());
  SmallVector<DictionaryAttr> attributes;
  kernel.getAllArgAttrs(attributes);
  attributes.resize(types.size() + count, b.getDictionaryAttr({}));
  types.append(count, b.getI64Type());
  kernel.setFunctionType(
      LLVM::LLVMFunctionType::get(kernel.getFunctionType().getReturnType(), types));
  kernel.setAllArgAttrs(attributes);
  for (unsigned i = 0; i < count; ++i)
    kernel.getBody().front().addArgument(b.getI64Type(), kernel.getLoc());
}

/// `strides` are what divides those of the launches, by buffer.
static LogicalResult batch(LLVM::LLVMFuncOp kernel, int64_t blocks,
                           ArrayRef<SmallVector<int64_t>> strides) {
  unsigned arguments = kernel.getNumArguments(); // buffers, then sizes
  unsigned buffers =
      llvm::count_if(kernel.getArgumentTypes(), llvm::IsaPred<LLVM::LLVMPointerType>);
  ImplicitLocOpBuilder b(kernel.getLoc(), kernel.getContext());
  addStrides(kernel, buffers);
  kernel->removeAttr("gpu.known_grid_size"); // that of an image
  b.setInsertionPointToStart(&kernel.getBody().front());
  Value image = splitBlock(b, kernel, blocks);
  for (unsigned i = 0; i < buffers; ++i) {
    Value buffer = kernel.getArgument(i);
    Value offset = LLVM::MulOp::create(b, image, kernel.getArgument(arguments + i));
    auto address = LLVM::GEPOp::create(b, buffer.getType(), b.getI8Type(), buffer,
                                       ArrayRef<LLVM::GEPArg>{offset});
    buffer.replaceAllUsesExcept(address, address);
    int64_t alignment = kMostAlignment;
    for (const SmallVector<int64_t> &launch : strides)
      alignment = std::gcd(alignment, launch[i]);
    if (alignment < kMostAlignment && failed(limitAlignment(address, alignment)))
      return failure();
  }
  return success();
}

namespace {
struct BatchKernels : sepconv::impl::BatchKernelsBase<BatchKernels> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (!module->hasAttr(kDynamicBatch) || module.getOps<gpu::GPUModuleOp>().empty())
      return;
    FailureOr<ModelInterface> interface = ModelInterface::get(module);
    if (failed(interface))
      return signalPassFailure();
    FailureOr<std::vector<KernelLaunch>> launches = readLaunches(module, *interface);
    if (failed(launches))
      return signalPassFailure();
    SmallVector<int64_t> divisors = strideDivisors(*interface);
    for (auto kernels : module.getOps<gpu::GPUModuleOp>())
      for (auto kernel : kernels.getOps<LLVM::LLVMFuncOp>()) {
        if (!kernel->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()))
          continue;
        std::optional<int64_t> blocks = 1;
        SmallVector<SmallVector<int64_t>> strides;
        for (const KernelLaunch &launch : *launches)
          if (launch.kernel == kernel.getName()) {
            blocks = launch.blocks[2].constant();
            strides.push_back(
                llvm::map_to_vector(launch.arguments, [&](KernelLaunch::BufferOffset argument) {
                  return divisors[argument.buffer];
                }));
          }
        if (!blocks)
          kernel.emitError("expected a number of blocks in z that does not depend on a dynamic "
                           "dimension, because it is multiplied by the batch");
        if (!blocks || failed(batch(kernel, *blocks, strides)))
          return signalPassFailure();
      }
  }
};
} // namespace
