//===- LaunchTranslator.cpp - Halide loop nests to launches of GPU functions -----===//

#include "LaunchTranslator.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::sepconv;
namespace HI = Halide::Internal;

static constexpr llvm::StringLiteral kModuleName = "kernels";

/// The dimension of a loop over blocks or threads, by the name that Halide gives it.
static gpu::Dimension dimensionOf(const HI::For *op) {
  switch (op->name.back()) {
  case 'x':
    return gpu::Dimension::x;
  case 'y':
    return gpu::Dimension::y;
  case 'z':
    return gpu::Dimension::z;
  }
  throw KernelError("loop " + op->name + " would be a fourth dimension of a GPU's grid or block");
}

//===----------------------------------------------------------------------===//
// What runs on the device
//===----------------------------------------------------------------------===//

namespace {
/// The body of a GPU function: its loops over blocks and threads are their numbers.
class DeviceTranslator : public StmtTranslator {
public:
  DeviceTranslator(OpBuilder &builder, Location loc, gpu::GPUFuncOp function, int64_t alignment)
      : StmtTranslator(builder, loc, function.getBody().front()), function(function),
        alignment(alignment) {
    exprs.setBufferAlignment(alignment);
  }

private:
  void loop(const HI::For *op) override;
  void allocate(const HI::Allocate *op) override;
  bool evaluate(const Halide::Expr &expr) override;

  gpu::GPUFuncOp function;
  int64_t alignment; // of buffers, in bytes
};
} // namespace

void DeviceTranslator::loop(const HI::For *op) {
  if (!HI::is_gpu(op->for_type))
    return StmtTranslator::loop(op);
  Value number = op->for_type == HI::ForType::GPUBlock
                     ? gpu::BlockIdOp::create(builder, loc, dimensionOf(op)).getResult()
                     : gpu::ThreadIdOp::create(builder, loc, dimensionOf(op)).getResult();
  exprs.bind(op->name, number);
  translate(op->body);
}

/// What the threads of a block share is the function's, what a thread has alone is in its registers
/// if LLVM finds the elements' places, and in local memory if it does not.
void DeviceTranslator::allocate(const HI::Allocate *op) {
  if (op->memory_type == Halide::MemoryType::GPUShared) {
    auto space = gpu::AddressSpaceAttr::get(builder.getContext(), gpu::AddressSpace::Workgroup);
    exprs.bindBuffer(op->name, function.addWorkgroupAttribution(allocatedType(op, space), loc));
    function.setWorkgroupAttributionAttr(function.getNumWorkgroupAttributions() - 1,
                                         LLVM::LLVMDialect::getAlignAttrName(),
                                         builder.getI64IntegerAttr(alignment));
  } else {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&function.getBody().front());
    exprs.bindBuffer(op->name, memref::AllocaOp::create(builder, loc, allocatedType(op)));
  }
  translate(op->body);
}

bool DeviceTranslator::evaluate(const Halide::Expr &expr) {
  const auto *call = expr.as<HI::Call>();
  if (!call || !call->is_intrinsic(HI::Call::gpu_thread_barrier))
    return StmtTranslator::evaluate(expr);
  gpu::BarrierOp::create(builder, loc);
  return true;
}

//===----------------------------------------------------------------------===//
// What runs on the host
//===----------------------------------------------------------------------===//

LaunchTranslator::LaunchTranslator(OpBuilder &builder, func::FuncOp kernel, Block &entry,
                                   const Facts &facts, const SizeExprs &sizes)
    : StmtTranslator(builder, kernel.getLoc(), entry), kernel(kernel), facts(facts), sizes(sizes) {}

LaunchTranslator::Size LaunchTranslator::sizeOf(const HI::For *op) const {
  struct Finder : HI::IRVisitor {
    using IRVisitor::visit;
    void visit(const HI::For *op) override {
      auto dimension = HI::is_gpu(op->for_type) ? static_cast<unsigned>(dimensionOf(op)) : 0;
      if (HI::is_gpu(op->for_type) && !HI::is_const_zero(op->min))
        throw KernelError("loop " + op->name + " of a GPU does not start at zero");
      if (op->for_type == HI::ForType::GPUBlock) {
        size.blocks[dimension] = op->extent;
      } else if (HI::is_gpu(op->for_type)) {
        std::optional<int64_t> extent = HI::as_const_int(op->extent);
        if (!extent)
          throw KernelError("loop " + op->name + " of a GPU does not have a constant extent");
        size.threads[dimension] = *extent;
      }
      IRVisitor::visit(op);
    }
    Size size;
  } finder;
  op->accept(&finder);
  return finder.size;
}

gpu::GPUFuncOp LaunchTranslator::createFunction(const Size &size, TypeRange arguments) {
  auto module = kernel->getParentOfType<ModuleOp>();
  module->setAttr(gpu::GPUDialect::getContainerModuleAttrName(), builder.getUnitAttr());
  auto kernels = module.lookupSymbol<gpu::GPUModuleOp>(kModuleName);
  OpBuilder::InsertionGuard guard(builder);
  if (!kernels) {
    builder.setInsertionPointToEnd(module.getBody());
    kernels = gpu::GPUModuleOp::create(builder, module.getLoc(), kModuleName);
  }
  builder.setInsertionPointToEnd(kernels.getBody());
  std::string name = kernel.getSymName().str() + "_" + std::to_string(launches.size());
  auto function =
      gpu::GPUFuncOp::create(builder, loc, name, builder.getFunctionType(arguments, {}));
  launches.push_back(function);
  function->setAttr(gpu::GPUDialect::getKernelFuncAttrName(), builder.getUnitAttr());
  function.setKnownBlockSizeAttr(builder.getDenseI32ArrayAttr(
      SmallVector<int32_t>(std::begin(size.threads), std::end(size.threads))));
  // Without being told ptxas aims at more blocks than there are registers for, and spills.
  int64_t threads = size.threads[0] * size.threads[1] * size.threads[2];
  int64_t ofThread = facts.lookup("registers_per_sm") / std::max<int64_t>(threads, 1);
  int64_t unit = std::max<int64_t>(facts.lookup("register_unit"), 1);
  int64_t most = std::min(facts.lookup("registers"), ofThread / unit * unit);
  if (most)
    function->setAttr(NVVM::NVVMDialect::getMaxnregAttrName(), builder.getI32IntegerAttr(most));
  SmallVector<int32_t> blocks;
  for (const Halide::Expr &extent : size.blocks)
    if (std::optional<int64_t> number = HI::as_const_int(extent))
      blocks.push_back(static_cast<int32_t>(*number));
  if (blocks.size() == std::size(size.blocks))
    function.setKnownGridSizeAttr(builder.getDenseI32ArrayAttr(blocks));
  return function;
}

void LaunchTranslator::abandon() {
  for (gpu::GPUFuncOp function : launches)
    function.erase();
}

/// What the driver would refuse to launch.
void LaunchTranslator::checkSize(gpu::GPUFuncOp function, const Size &size) const {
  int64_t threads = size.threads[0] * size.threads[1] * size.threads[2], bytes = 0;
  for (BlockArgument shared : function.getWorkgroupAttributions()) {
    auto type = cast<MemRefType>(shared.getType());
    Type element = type.getElementType();
    bytes += type.getNumElements() *
             llvm::divideCeil(element.isIndex() ? 32 : element.getIntOrFloatBitWidth(), 8);
  }
  auto check = [&](int64_t needed, std::optional<int64_t> most, StringRef what) {
    if (most && needed > *most)
      throw KernelError("the schedule needs " + std::to_string(needed) + " " + what.str() +
                        " in each block, more than the " + std::to_string(*most) +
                        " available; use smaller tiles");
  };
  check(threads, factOf(facts, "threads_per_block"), "threads");
  check(bytes, factOf(facts, "shared_bytes"), "bytes of shared memory");
  for (unsigned dimension : {1, 2})
    check(sizes.greatest(size.blocks[dimension]), factOf(facts, "blocks_yz"),
          "blocks in the second dimension");
}

/// Different buffers do not overlap, and those that are only read may be loaded through the cache
/// that is for them.
static void annotateArguments(gpu::GPUFuncOp function) {
  auto unit = UnitAttr::get(function.getContext());
  for (BlockArgument argument : function.getArguments().take_front(function.getNumArguments())) {
    if (!isa<MemRefType>(argument.getType()))
      continue;
    unsigned index = argument.getArgNumber();
    function.setArgAttr(index, LLVM::LLVMDialect::getNoAliasAttrName(), unit);
    if (llvm::none_of(argument.getUsers(), [](Operation *user) {
          return isa<memref::StoreOp, vector::StoreOp, vector::MaskedStoreOp, vector::ScatterOp>(
              user);
        }))
      function.setArgAttr(index, LLVM::LLVMDialect::getReadonlyAttrName(), unit);
  }
}

void LaunchTranslator::loop(const HI::For *op) {
  if (op->for_type != HI::ForType::GPUBlock)
    throw KernelError("loop " + op->name +
                      " would run on the host; put it into gpu_blocks or inside of them");
  Size size = sizeOf(op);
  SmallVector<Value> arguments;
  for (const auto &[name, buffer] : exprs.boundBuffers())
    arguments.push_back(buffer);
  for (const Halide::Param<int> &dynamic : sizes.parameters())
    arguments.push_back(exprs.translate(dynamic));
  gpu::GPUFuncOp function = createFunction(size, ValueRange(arguments).getTypes());
  OpBuilder body = OpBuilder::atBlockBegin(&function.getBody().front());
  DeviceTranslator device(body, loc, function, facts.lookup("vector_bytes"));
  unsigned next = 0;
  for (const auto &[name, buffer] : exprs.boundBuffers())
    device.expressions().bindBuffer(name, function.getArgument(next++));
  for (const Halide::Param<int> &dynamic : sizes.parameters())
    device.expressions().bind(dynamic.name(), function.getArgument(next++));
  sizes.addTo(device.bounds());
  device.translate(op);
  gpu::ReturnOp::create(body, loc);
  checkSize(function, size);
  for (unsigned i = arguments.size(); i-- > 0;)
    if (function.getArgument(i).use_empty()) {
      (void)function.eraseArgument(i);
      arguments.erase(arguments.begin() + i);
    }
  annotateArguments(function);
  auto value = [&](const Halide::Expr &extent) { return exprs.index(extent); };
  gpu::KernelDim3 blocks{value(size.blocks[0]), value(size.blocks[1]), value(size.blocks[2])};
  auto number = [&](int64_t threads) { return value(Halide::Expr(static_cast<int32_t>(threads))); };
  gpu::KernelDim3 threads{number(size.threads[0]), number(size.threads[1]),
                          number(size.threads[2])};
  gpu::LaunchFuncOp::create(builder, loc, function, blocks, threads,
                            /*dynamicSharedMemorySize=*/Value(), arguments);
}

void LaunchTranslator::allocate(const HI::Allocate *op) {
  MemRefType type = allocatedType(op);
  // Halide computes the size of what blocks share on the host, where it is not the same for each.
  if (!type.getElementType().isIntOrFloat())
    throw KernelError("storage that the threads of a block share must have a constant size; " +
                      op->name + " does not, use bound_extent");
  exprs.bindBuffer(op->name, inScratch(type));
  translate(op->body);
}

void LaunchTranslator::store(const HI::Store *op) {
  throw KernelError("a store to " + op->name + " would run on the host; a stage needs gpu_blocks");
}
