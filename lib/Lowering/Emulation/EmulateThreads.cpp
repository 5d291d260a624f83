//===- EmulateThreads.cpp - what threads of a block know and do together ---------===//

#include "EmulatedKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sepconv;

/// Lanes of a warp, on every GPU that there is a target for.
static constexpr int64_t kWarp = 32;

namespace {
/// Replaces the operations of a kernel that are about threads.
class ThreadEmulator {
public:
  ThreadEmulator(EmulatedKernel &kernel, EmulatorRuntime &runtime);
  LogicalResult replace(Operation *op);

private:
  using Ids = std::array<Value, 3>;
  Ids split(Value index, Value x, Value y);
  static Value of(const Ids &ids, gpu::Dimension dimension) { return ids[unsigned(dimension)]; }
  Value lane(ImplicitLocOpBuilder &b);
  LogicalResult barrier(gpu::BarrierOp op);
  LogicalResult shuffle(gpu::ShuffleOp op);
  LogicalResult vote(NVVM::VoteSyncOp op);
  LogicalResult with(Operation *op, ValueRange values) {
    op->replaceAllUsesWith(values);
    op->erase();
    return success();
  }

  EmulatedKernel &kernel;
  EmulatorRuntime &runtime;
  ImplicitLocOpBuilder entry;
  Value threads, thread; ///< of the block, and the number of this one
  Ids blockIds, threadIds;
};
} // namespace

static Value index(ImplicitLocOpBuilder &b, int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

static Value constant(ImplicitLocOpBuilder &b, Type type, int64_t value) {
  return arith::ConstantOp::create(b, b.getIntegerAttr(type, value));
}

ThreadEmulator::ThreadEmulator(EmulatedKernel &kernel, EmulatorRuntime &runtime)
    : kernel(kernel), runtime(runtime), entry(ImplicitLocOpBuilder::atBlockBegin(
                                            kernel.function.getLoc(), &kernel.function.front())) {
  Value x = kernel.blockSizeOf(gpu::Dimension::x), y = kernel.blockSizeOf(gpu::Dimension::y);
  Value xy = arith::MulIOp::create(entry, x, y);
  threads = arith::MulIOp::create(entry, xy, kernel.blockSizeOf(gpu::Dimension::z));
  thread = arith::RemUIOp::create(entry, kernel.argument(0), threads);
  threadIds = split(thread, x, y);
  blockIds = split(arith::DivUIOp::create(entry, kernel.argument(0), threads),
                   kernel.gridSizeOf(gpu::Dimension::x), kernel.gridSizeOf(gpu::Dimension::y));
}

ThreadEmulator::Ids ThreadEmulator::split(Value index, Value x, Value y) {
  Value rest = arith::DivUIOp::create(entry, index, x);
  return {arith::RemUIOp::create(entry, index, x), arith::RemUIOp::create(entry, rest, y),
          arith::DivUIOp::create(entry, rest, y)};
}

Value ThreadEmulator::lane(ImplicitLocOpBuilder &b) {
  return arith::RemUIOp::create(b, thread, index(b, kWarp));
}

LogicalResult ThreadEmulator::barrier(gpu::BarrierOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  runtime.call(b, "barrier", {}, runtime.site(b, {}));
  return with(op, {});
}

/// The lanes below `width` take part; what comes from elsewhere is not valid.
LogicalResult ThreadEmulator::shuffle(gpu::ShuffleOp op) {
  Type type = op.getValue().getType();
  if (!type.isIntOrFloat() || type.getIntOrFloatBitWidth() > 64)
    return op.emitOpError("cannot be emulated: expected a number of at most 64 bits");
  ImplicitLocOpBuilder b(op.getLoc(), op);
  Type i32 = b.getI32Type(), i64 = b.getI64Type();
  Type bits = b.getIntegerType(type.getIntOrFloatBitWidth());
  Value own = arith::IndexCastOp::create(b, i32, lane(b)), offset = op.getOffset(), from = offset;
  if (op.getMode() == gpu::ShuffleMode::XOR)
    from = arith::XOrIOp::create(b, own, offset);
  else if (op.getMode() == gpu::ShuffleMode::UP)
    from = arith::SubIOp::create(b, own, offset);
  else if (op.getMode() == gpu::ShuffleMode::DOWN)
    from = arith::AddIOp::create(b, own, offset);
  auto isBelow = [&](Value lane) {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ult, lane, op.getWidth());
  };
  Value valid = arith::AndIOp::create(b, isBelow(own), isBelow(from));
  from = arith::SelectOp::create(b, valid, from, constant(b, i32, -1));
  Value value = b.createOrFold<arith::BitcastOp>(bits, op.getValue());
  if (bits != i64)
    value = arith::ExtUIOp::create(b, i64, value);
  value = runtime.call(b, "shuffle", i64, {runtime.site(b, {}), value, from}).front();
  if (bits != i64)
    value = arith::TruncIOp::create(b, bits, value);
  return with(op, {b.createOrFold<arith::BitcastOp>(type, value), valid});
}

LogicalResult ThreadEmulator::vote(NVVM::VoteSyncOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  Type i32 = b.getI32Type();
  auto ballot = [&](Value predicate) {
    Value bit = arith::ExtUIOp::create(b, i32, predicate);
    return runtime.call(b, "ballot", i32, {runtime.site(b, {}), bit}).front();
  };
  auto compare = [&](arith::CmpIPredicate predicate, Value bits) {
    return arith::CmpIOp::create(b, predicate, bits, constant(b, i32, 0)).getResult();
  };
  Value yes = ballot(op.getPred());
  if (op.getKind() == NVVM::VoteSyncKind::ballot)
    return with(op, yes);
  if (op.getKind() == NVVM::VoteSyncKind::any)
    return with(op, compare(arith::CmpIPredicate::ne, yes));
  Value no = ballot(arith::XOrIOp::create(b, op.getPred(), constant(b, b.getI1Type(), 1)));
  Value all = compare(arith::CmpIPredicate::eq, no);
  if (op.getKind() == NVVM::VoteSyncKind::all)
    return with(op, all);
  return with(op, arith::OrIOp::create(b, all, compare(arith::CmpIPredicate::eq, yes)).getResult());
}

LogicalResult ThreadEmulator::replace(Operation *op) {
  ImplicitLocOpBuilder b(op->getLoc(), op);
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](gpu::ThreadIdOp id) { return with(id, of(threadIds, id.getDimension())); })
      .Case([&](gpu::BlockIdOp id) { return with(id, of(blockIds, id.getDimension())); })
      .Case(
          [&](gpu::BlockDimOp size) { return with(size, kernel.blockSizeOf(size.getDimension())); })
      .Case([&](gpu::GridDimOp size) { return with(size, kernel.gridSizeOf(size.getDimension())); })
      .Case([&](gpu::LaneIdOp id) { return with(id, lane(b)); })
      .Case([&](gpu::SubgroupIdOp id) {
        return with(id, arith::DivUIOp::create(b, thread, index(b, kWarp)).getResult());
      })
      .Case([&](gpu::SubgroupSizeOp size) { return with(size, index(b, kWarp)); })
      .Case([&](gpu::NumSubgroupsOp count) {
        return with(count, arith::CeilDivUIOp::create(b, threads, index(b, kWarp)).getResult());
      })
      .Case([&](gpu::BarrierOp op) { return barrier(op); })
      .Case([&](gpu::ShuffleOp op) { return shuffle(op); })
      .Case([&](NVVM::VoteSyncOp op) { return vote(op); })
      .Default([](Operation *op) -> LogicalResult {
        if (isa<gpu::GPUDialect, NVVM::NVVMDialect>(op->getDialect()))
          return op->emitOpError("cannot be emulated");
        return success();
      });
}

LogicalResult sepconv::emulateThreads(EmulatedKernel &kernel, EmulatorRuntime &runtime) {
  ThreadEmulator emulator(kernel, runtime);
  SmallVector<Operation *> ops;
  kernel.function.walk([&](Operation *op) { ops.push_back(op); });
  bool failed = false;
  for (Operation *op : ops)
    failed |= emulator.replace(op).failed();
  return failure(failed);
}
