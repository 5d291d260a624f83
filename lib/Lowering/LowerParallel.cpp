//===- LowerParallel.cpp - parallel loops to serial ones or to tasks -------------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Passes.h"
#include "sepconv/Product/ModelInterface.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::sepconv {
#define GEN_PASS_DEF_LOWERPARALLEL
#include "Passes.h.inc"
} // namespace mlir::sepconv

using namespace mlir;
using namespace mlir::sepconv;

/// Moves stack buffers to the start of the function: one in a loop would grow the stack each time.
static void hoistStackBuffers(func::FuncOp function) {
  SmallVector<memref::AllocaOp> buffers;
  function.walk([&](memref::AllocaOp op) {
    if (op.getType().hasStaticShape() && op->getBlock() != &function.front())
      buffers.push_back(op);
  });
  Block &entry = function.front();
  for (memref::AllocaOp op : llvm::reverse(buffers))
    op->moveBefore(&entry, entry.begin());
}

/// The loop runs its iterations in order.
static void makeSerial(scf::ParallelOp loop) {
  IRRewriter rewriter(loop.getContext());
  rewriter.setInsertionPoint(loop);
  auto serial = scf::ForOp::create(rewriter, loop.getLoc(), loop.getLowerBound()[0],
                                   loop.getUpperBound()[0], loop.getStep()[0]);
  rewriter.eraseOp(loop.getBody()->getTerminator());
  rewriter.inlineBlockBefore(loop.getBody(), serial.getBody()->getTerminator(),
                             serial.getInductionVar());
  rewriter.eraseOp(loop);
}

/// What runs tasks, as arguments of a function: the caller's parallel-for and its pool.
struct Runner {
  Value parallelFor, pool;
};

/// Appends the arguments of the caller's parallel-for to a function.
static Runner addRunner(func::FuncOp function) {
  Type pointer = LLVM::LLVMPointerType::get(function.getContext());
  unsigned count = function.getNumArguments();
  for (unsigned i = 0; i < 2; ++i)
    (void)function.insertArgument(count + i, pointer, {}, function.getLoc());
  return {function.getArgument(count), function.getArgument(count + 1)};
}

/// Where a value is in the memory of a task; negative for any other value.
static int64_t taskOffset(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto function = argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()) : nullptr;
  auto offset = function
                    ? function.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), kTaskOffset)
                    : nullptr;
  return offset ? offset.getInt() : -1;
}

/// The body becomes a function of the index and of what it uses of outside; constants go along.
static func::FuncOp outlineTask(scf::ParallelOp loop, StringRef name,
                                SmallVectorImpl<Value> &captures) {
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(loop.getRegion(), used);
  OpBuilder builder(loop->getParentOfType<func::FuncOp>());
  SmallVector<Operation *> constants;
  for (Value value : used) {
    Operation *op = value.getDefiningOp();
    if (op && op->hasTrait<OpTrait::ConstantLike>())
      constants.push_back(op);
    else
      captures.push_back(value);
  }
  SmallVector<Type> types{builder.getIndexType()};
  llvm::append_range(types, ValueRange(captures).getTypes());
  auto task =
      func::FuncOp::create(builder, loop.getLoc(), name, builder.getFunctionType(types, {}));
  task.setPrivate();
  task->setAttr("sepconv.task", builder.getUnitAttr());
  if (Attribute target = loop->getParentOfType<func::FuncOp>()->getAttr("sepconv.target"))
    task->setAttr("sepconv.target", target);
  builder.setInsertionPointToStart(task.addEntryBlock());
  for (auto [index, capture] : llvm::enumerate(captures))
    if (int64_t offset = taskOffset(capture); offset >= 0)
      task.setArgAttr(index + 1, kTaskOffset, builder.getI64IntegerAttr(offset));
  IRMapping map;
  map.map(loop.getInductionVars()[0], task.getArgument(0));
  for (auto [capture, argument] : llvm::zip(captures, task.getArguments().drop_front()))
    map.map(capture, argument);
  for (Operation *op : constants)
    builder.clone(*op, map);
  for (Operation &op : loop.getBody()->without_terminator())
    builder.clone(op, map);
  func::ReturnOp::create(builder, loop.getLoc());
  return task;
}

/// The iterations run as tasks of the caller's parallel-for.
static void makeTasks(scf::ParallelOp loop, Runner runner, StringRef name) {
  SmallVector<Value> captures;
  func::FuncOp task = outlineTask(loop, name, captures);
  OpBuilder builder(loop);
  SmallVector<int64_t> offsets = llvm::map_to_vector(captures, taskOffset);
  bool hasMemory = llvm::any_of(offsets, [](int64_t offset) { return offset >= 0; });
  ParallelCallOp::create(builder, loop.getLoc(), task.getName(), loop.getLowerBound()[0],
                         loop.getUpperBound()[0], captures, runner.parallelFor, runner.pool,
                         hasMemory ? builder.getDenseI64ArrayAttr(offsets) : DenseI64ArrayAttr());
  loop.erase();
}

/// The entry has the arguments always, so that the C function does not depend on schedules; a
/// kernel only if it has loops to run.
static LogicalResult useCallback(ModuleOp module) {
  SymbolTable symbols(module);
  DenseMap<StringRef, func::FuncOp> kernels;
  for (func::FuncOp function : llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
    SmallVector<scf::ParallelOp> loops;
    function.walk([&](scf::ParallelOp loop) { loops.push_back(loop); });
    if (loops.empty())
      continue;
    Runner runner = addRunner(function);
    for (auto [index, loop] : llvm::enumerate(loops))
      makeTasks(loop, runner, (function.getName() + "_task_" + Twine(index)).str());
    kernels[function.getName()] = function;
  }
  for (func::FuncOp entry : module.getOps<func::FuncOp>()) {
    if (entry.isPrivate() || entry.isExternal())
      continue;
    Runner runner = addRunner(entry);
    entry.walk([&](func::CallOp call) {
      if (kernels.contains(call.getCallee()))
        call.getOperandsMutable().append({runner.parallelFor, runner.pool});
    });
  }
  if (!ModelInterface::isIn(module))
    return success();
  FailureOr<ModelInterface> interface = ModelInterface::get(module);
  if (failed(interface))
    return failure();
  interface->parallel = true;
  interface->set(module);
  return success();
}

namespace {
struct LowerParallelPass : public sepconv::impl::LowerParallelBase<LowerParallelPass> {
  using LowerParallelBase::LowerParallelBase;

  void runOnOperation() override {
    if (threads != "none" && threads != "callback") {
      getOperation().emitError("unknown value of threads '")
          << threads << "', expected none or callback";
      return signalPassFailure();
    }
    SmallVector<scf::ParallelOp> serial;
    WalkResult walk = getOperation().walk([&](scf::ParallelOp loop) {
      if (loop.getNumLoops() != 1 || loop.getNumResults() != 0) {
        loop.emitError("expected a parallel loop of one dimension without reductions");
        return WalkResult::interrupt();
      }
      // Within a task nothing else runs at the same time.
      if (threads == "none" || loop->getParentOfType<scf::ParallelOp>())
        serial.push_back(loop);
      return WalkResult::advance();
    });
    if (walk.wasInterrupted())
      return signalPassFailure();
    for (scf::ParallelOp loop : serial)
      makeSerial(loop);
    if (threads == "callback" && failed(useCallback(getOperation())))
      return signalPassFailure();
    for (func::FuncOp function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal())
        hoistStackBuffers(function);
  }
};
} // namespace
