//===- EmulateGPU.cpp - kernels of a GPU and their launches, on the host ---------===//

#include "EmulatedKernel.h"

#include "sepconv/IR/ModelLocation.h"
#include "sepconv/IR/SepConv.h"
#include "sepconv/IR/Sizes.h"
#include "sepconv/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_EMULATEGPU
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

static Value constant(ImplicitLocOpBuilder &b, Type type, int64_t value) {
  return arith::ConstantOp::create(b, b.getIntegerAttr(type, value));
}

/// Tells the runtime what the kernel was compiled for, as far as it is known.
static void expectSize(ImplicitLocOpBuilder &b, EmulatorRuntime &runtime, Value launch, bool grid,
                       ArrayRef<int32_t> size) {
  SmallVector<Value> operands{launch, constant(b, b.getI32Type(), grid)};
  for (int32_t extent : size)
    operands.push_back(constant(b, b.getIndexType(), extent));
  if (!size.empty())
    runtime.call(b, "expect", {}, operands);
}

/// How many elements a buffer has: where a shape depends on dynamic sizes not as many as there is
/// room for.
static Value elementsOf(ImplicitLocOpBuilder &b, const EmulatedBuffer &buffer, Value operand) {
  auto argument = dyn_cast_or_null<BlockArgument>(operand);
  auto function =
      argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()) : func::FuncOp();
  if (!function)
    return constant(b, b.getIndexType(), buffer.type().getNumElements());
  auto shape = function.getArgAttrOfType<AffineMapAttr>(argument.getArgNumber(), kShape);
  Sizes all(function);
  SmallVector<Value> sizes;
  for (SizeAttr dynamic : all.dynamicSizes())
    for (BlockArgument other : function.getArguments())
      if (function.getArgAttr(other.getArgNumber(), kSize) == dynamic)
        sizes.push_back(other);
  if (!shape || shape.getAffineMap().getNumInputs() != sizes.size())
    return constant(b, b.getIndexType(), buffer.type().getNumElements());
  Value elements = constant(b, b.getIndexType(), 1);
  for (AffineExpr extent : shape.getAffineMap().getResults()) {
    Value size = affine::AffineApplyOp::create(b, AffineMap::get(sizes.size(), 0, extent), sizes);
    elements = arith::MulIOp::create(b, elements, size);
  }
  return elements;
}

static void describeBuffer(ImplicitLocOpBuilder &b, EmulatorRuntime &runtime, Value launch,
                           const EmulatedBuffer &buffer, Value operand) {
  Type i32 = b.getI32Type(), index = b.getIndexType();
  runtime.call(b, "buffer", {},
               {launch, runtime.text(b, buffer.name), constant(b, i32, buffer.space),
                elementsOf(b, buffer, operand), constant(b, index, buffer.elementBytes()),
                constant(b, i32, buffer.stored)});
}

/// A launch describes itself to the runtime, which then calls the function for each thread: it has
/// the type of a caller's parallel-for.
static void replaceLaunch(gpu::LaunchFuncOp op, EmulatedKernel &kernel, EmulatorRuntime &runtime) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  Type index = b.getIndexType();
  SmallVector<Value> captures;
  gpu::KernelDim3 grid = op.getGridSizeOperandValues(), block = op.getBlockSizeOperandValues();
  for (Value size : {grid.x, grid.y, grid.z, block.x, block.y, block.z})
    captures.push_back(size.getType().isIndex() ? size
                                                : arith::IndexCastOp::create(b, index, size));
  Value count = constant(b, index, 1);
  for (Value size : captures)
    count = arith::MulIOp::create(b, count, size);
  SmallVector<Value> operands{runtime.text(b, op.getKernelName().getValue())};
  llvm::append_range(operands, captures);
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  Value launch = runtime.call(b, "prepare", pointer, operands).front();
  expectSize(b, runtime, launch, /*grid=*/true, kernel.gridSize);
  expectSize(b, runtime, launch, /*grid=*/false, kernel.blockSize);
  // Those in global memory come first.
  SmallVector<Value> global = llvm::to_vector(llvm::make_filter_range(
      op.getKernelOperands(), [](Value operand) { return isa<MemRefType>(operand.getType()); }));
  for (auto [number, buffer] : llvm::enumerate(kernel.buffers))
    describeBuffer(b, runtime, launch, buffer, number < global.size() ? global[number] : Value());
  llvm::append_range(captures, op.getKernelOperands());
  for (MemRefType type : kernel.sharedTypes)
    captures.push_back(memref::AllocaOp::create(b, type, b.getI64IntegerAttr(64)));
  ParallelCallOp::create(b, kernel.function.getName(), constant(b, index, 0), count, captures,
                         runtime.launch(b), launch, /*task_offsets=*/nullptr);
  op.erase();
}

/// Launches are those of the layer that the call of their function is for.
static void nameLayers(ModuleOp module, const DenseSet<StringRef> &launching,
                       EmulatorRuntime &runtime) {
  module.walk([&](func::CallOp call) {
    if (!launching.contains(call.getCallee()))
      return;
    ImplicitLocOpBuilder b(call.getLoc(), call);
    runtime.call(b, "layer", {},
                 runtime.text(b, llvm::join(ModelLocation(call.getLoc()).layers, ", ")));
  });
}

namespace {
struct EmulateGPU : sepconv::impl::EmulateGPUBase<EmulateGPU> {
  void runOnOperation() override {
    SmallVector<gpu::GPUModuleOp> emulated;
    for (auto gpuModule : getOperation().getOps<gpu::GPUModuleOp>())
      if (!gpuModule.getTargets())
        emulated.push_back(gpuModule);
    if (emulated.empty())
      return;
    EmulatorRuntime runtime(getOperation());
    if (failed(replaceKernels(emulated, runtime)))
      return signalPassFailure();
    DenseSet<StringRef> launching;
    getOperation().walk([&](gpu::LaunchFuncOp op) {
      auto kernel = kernels.find(op.getKernel());
      if (kernel == kernels.end())
        return;
      launching.insert(op->getParentOfType<func::FuncOp>().getName());
      replaceLaunch(op, kernel->second, runtime);
    });
    nameLayers(getOperation(), launching, runtime);
    for (gpu::GPUModuleOp gpuModule : emulated)
      gpuModule.erase();
  }

  LogicalResult replaceKernels(ArrayRef<gpu::GPUModuleOp> gpuModules, EmulatorRuntime &runtime) {
    bool failed = false;
    for (gpu::GPUModuleOp gpuModule : gpuModules)
      for (auto kernel : llvm::make_early_inc_range(gpuModule.getOps<gpu::GPUFuncOp>())) {
        auto symbol = SymbolRefAttr::get(gpuModule.getNameAttr(),
                                         FlatSymbolRefAttr::get(kernel.getNameAttr()));
        std::string name = (gpuModule.getName() + "_" + kernel.getName()).str();
        FailureOr<EmulatedKernel> made = emulateKernel(kernel, name, runtime);
        failed |= mlir::failed(made);
        if (succeeded(made))
          kernels[symbol] = *made;
      }
    return failure(failed);
  }

  DenseMap<SymbolRefAttr, EmulatedKernel> kernels;
};
} // namespace
