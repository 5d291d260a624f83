//===- StmtTranslator.cpp - Halide loop nests to scf and memref ------------------===//

#include "StmtTranslator.h"
#include "sepconv/IR/Buffer.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace mlir::sepconv;
namespace HI = Halide::Internal;

// Storage of at most so many bytes may go on the stack, and at most so many of a kernel that stay
// there: with what LLVM spills, a frame remains far below the 16 KiB that products promise.
static constexpr int64_t kSmallBytes = 4 * 1024, kStackBytes = 6 * 1024;

static bool isPrefetch(const Halide::Expr &expr) {
  const auto *call = expr.as<HI::Call>();
  return call && call->is_intrinsic(HI::Call::prefetch);
}

/// Halide moves its own buffer structures between host and device; kernels have none.
static bool isRuntimeCall(const Halide::Expr &expr) {
  const auto *call = expr.as<HI::Call>();
  return call && StringRef(call->name).ltrim('_').starts_with("halide_");
}

void StmtTranslator::translate(const HI::Stmt &stmt) {
  if (!stmt.defined())
    return;
  if (const auto *op = stmt.as<HI::Block>()) {
    translate(op->first);
    return translate(op->rest);
  }
  if (const auto *op = stmt.as<HI::LetStmt>()) {
    // Handles are Halide's own buffer structures, which kernels do not have.
    if (!op->value.type().is_handle() && !isRuntimeCall(op->value))
      bind(op->name, exprs.translate(op->value), HI::find_constant_bounds(op->value, scope));
    return translate(op->body);
  }
  if (const auto *op = stmt.as<HI::For>())
    return loop(op);
  if (const auto *op = stmt.as<HI::IfThenElse>())
    return branch(op);
  if (const auto *op = stmt.as<HI::Store>())
    return store(op);
  if (const auto *op = stmt.as<HI::Allocate>())
    return allocate(op);
  if (const auto *op = stmt.as<HI::ProducerConsumer>())
    return translate(op->body);
  if (const auto *op = stmt.as<HI::HoistedStorage>())
    return translate(op->body);
  if (const auto *op = stmt.as<HI::Atomic>())
    return translate(op->body);
  if (stmt.as<HI::Free>() || stmt.as<HI::AssertStmt>())
    return;
  if (const auto *op = stmt.as<HI::Evaluate>(); op && evaluate(op->value))
    return;
  throw KernelError("cannot translate the statement " + printed(stmt));
}

void StmtTranslator::bind(const std::string &name, Value value, const HI::Interval &interval) {
  exprs.bind(name, value);
  scope.push(name, interval); // names are used once
}

bool StmtTranslator::evaluate(const Halide::Expr &expr) {
  if (isPrefetch(expr))
    exprs.prefetch(expr.as<HI::Call>());
  return isPrefetch(expr) || HI::is_const(expr) || expr.type().is_handle() || isRuntimeCall(expr);
}

void StmtTranslator::store(const HI::Store *op) { exprs.store(exprs.buffer(op->name), op); }

void StmtTranslator::loop(const HI::For *op) {
  Value lower = exprs.index(op->min), extent = exprs.index(op->extent);
  Value upper = arith::AddIOp::create(builder, loc, lower, extent);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  // Halide makes a loop over the cache lines of a prefetch, which would cost more than they do: the
  // loop over five of them took a tenth of the time of a pointwise sum.
  const auto *only = op->body.as<HI::Evaluate>();
  std::optional<int64_t> lines = HI::as_const_int(op->extent);
  if (lines && only && isPrefetch(only->value)) {
    for (int64_t line = 0; line < *lines; ++line) {
      exprs.bind(op->name, lower);
      translate(op->body);
      lower = arith::AddIOp::create(builder, loc, lower, one);
    }
    return;
  }
  HI::Interval first = HI::find_constant_bounds(op->min, scope);
  HI::Interval last = HI::find_constant_bounds(op->min + op->extent - 1, scope);
  HI::Interval values(first.min, last.max);
  OpBuilder::InsertionGuard guard(builder);
  if (op->for_type == HI::ForType::Parallel) {
    auto loop = scf::ParallelOp::create(builder, loc, ValueRange{lower}, ValueRange{upper},
                                        ValueRange{one});
    builder.setInsertionPointToStart(loop.getBody());
    bind(op->name, loop.getInductionVars()[0], values);
    llvm::SaveAndRestore<Block *> inside(frame, loop.getBody());
    return translate(op->body);
  }
  if (op->for_type != HI::ForType::Serial)
    throw KernelError("loop " + op->name + " is neither serial nor parallel");
  auto loop = scf::ForOp::create(builder, loc, lower, upper, one);
  builder.setInsertionPointToStart(loop.getBody());
  bind(op->name, loop.getInductionVar(), values);
  translate(op->body);
}

void StmtTranslator::branch(const HI::IfThenElse *op) {
  auto branch = scf::IfOp::create(builder, loc, exprs.translate(op->condition),
                                  /*withElseRegion=*/op->else_case.defined());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(branch.thenBlock());
  translate(op->then_case);
  if (op->else_case.defined()) {
    builder.setInsertionPointToStart(branch.elseBlock());
    translate(op->else_case);
  }
}

MemRefType StmtTranslator::allocatedType(const HI::Allocate *op, Attribute memorySpace) {
  int64_t elements = 1;
  for (const Halide::Expr &extent : op->extents) {
    Halide::Expr most = HI::find_constant_bound(extent, HI::Direction::Upper, scope);
    std::optional<int64_t> bound = most.defined() ? HI::as_const_int(most) : std::nullopt;
    elements = bound ? elements * *bound : 0;
  }
  if (elements <= 0)
    throw KernelError("the storage of " + op->name +
                      " has no constant size; bound it with bound_extent or store it further in");
  return MemRefType::get({elements + op->padding}, exprs.type(op->type),
                         MemRefLayoutAttrInterface(), memorySpace);
}

static int64_t bytesOf(MemRefType type) {
  return type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

namespace {
/// Finds out whether all accesses of a buffer are at constant indices, so that LLVM makes registers
/// of it.
class ConstantIndices : public HI::IRVisitor {
public:
  explicit ConstantIndices(const std::string &name) : name(name) {}
  bool all = true;

private:
  using HI::IRVisitor::visit;
  void visit(const HI::Load *op) override {
    check(op->name, op->index);
    HI::IRVisitor::visit(op);
  }
  void visit(const HI::Store *op) override {
    check(op->name, op->index);
    HI::IRVisitor::visit(op);
  }
  void check(const std::string &buffer, Halide::Expr index) {
    while (const auto *ramp = index.as<HI::Ramp>())
      index = ramp->base;
    all &= buffer != name || HI::is_const(index);
  }

  const std::string &name;
};
} // namespace

/// What becomes registers leaves nothing on the stack.
bool StmtTranslator::fitsStack(const HI::Allocate *op, int64_t bytes) {
  if (bytes > kSmallBytes)
    return false;
  ConstantIndices indices(op->name);
  op->body.accept(&indices);
  if (indices.all)
    return true;
  if (stackUsed + bytes > kStackBytes)
    return false;
  stackUsed += bytes;
  return true;
}

void StmtTranslator::allocate(const HI::Allocate *op) {
  MemRefType type = allocatedType(op);
  llvm::SaveAndRestore<int64_t> afterwards(scratchUsed);
  llvm::SaveAndRestore<unsigned> outside(level);
  Value buffer = fitsStack(op, bytesOf(type)) ? onStack(type)
                 : frame != &entry            ? inTask(type)
                                              : inScratch(type);
  exprs.bindBuffer(op->name, buffer);
  translate(op->body);
}

Value StmtTranslator::onStack(MemRefType type) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(frame);
  return memref::AllocaOp::create(builder, loc, type, builder.getI64IntegerAttr(kBufferAlignment));
}

Value StmtTranslator::inTask(MemRefType type) {
  if (level == levels.size())
    levels.push_back({entry.addArgument(scratch.getType(), loc), 0});
  TaskMemory &own = levels[level++];
  own.bytes = std::max(own.bytes, alignToBuffer(bytesOf(type)));
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  return memref::ViewOp::create(builder, loc, type, own.memory, zero, ValueRange());
}

Value StmtTranslator::inScratch(MemRefType type) {
  Value offset = arith::ConstantIndexOp::create(builder, loc, scratchUsed);
  scratchUsed += alignToBuffer(bytesOf(type));
  scratchPeak = std::max(scratchPeak, scratchUsed);
  return memref::ViewOp::create(builder, loc, type, scratch, offset, ValueRange());
}
