//===- StmtTranslator.cpp - Halide loop nests to scf and memref ------------------===//

#include "StmtTranslator.h"
#include "sepconv/IR/Buffer.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::sepconv;
namespace HI = Halide::Internal;

// Storage of at most so many bytes goes on the stack without being asked to.
static constexpr int64_t kSmallBytes = 4 * 1024;

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
  Value lower = exprs.translate(op->min), extent = exprs.translate(op->extent);
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
    frames.push_back({loop.getBody()});
    translate(op->body);
    frames.pop_back();
    return;
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
  return MemRefType::get({elements + op->padding}, exprs.storedType(op->type),
                         MemRefLayoutAttrInterface(), memorySpace);
}

static int64_t bytesOf(MemRefType type) {
  return type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

void StmtTranslator::allocate(const HI::Allocate *op) {
  MemRefType type = allocatedType(op);
  int64_t bytes = bytesOf(type);
  bool asked = op->memory_type == Halide::MemoryType::Stack ||
               op->memory_type == Halide::MemoryType::Register;
  int64_t before = scratchUsed;
  bool stack = frames.size() > 1 || asked || bytes <= kSmallBytes;
  Value buffer = stack ? onStack(type) : inScratch(type);
  exprs.bindBuffer(op->name, buffer);
  translate(op->body);
  scratchUsed = before;
  if (stack)
    frames.back().free.push_back(buffer);
}

Value StmtTranslator::onStack(MemRefType type) {
  Frame &frame = frames.back();
  if (frame.bytes + bytesOf(type) > stackBytes)
    if (Value buffer = takeFree(type))
      return buffer;
  frame.bytes += bytesOf(type);
  if (frame.bytes > stackBytes)
    throw KernelError("the schedule needs " + std::to_string(frame.bytes) +
                      " bytes of stack, more than " + std::to_string(stackBytes) +
                      "; use smaller tiles or compute the stage outside the parallel loop");
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(frame.entry);
  return memref::AllocaOp::create(builder, loc, type, builder.getI64IntegerAttr(kBufferAlignment));
}

/// Halide computes the ends of a loop apart from its middle, and stores a stage in each of them
/// anew: where there is no room for that, they share the largest buffer.
Value StmtTranslator::takeFree(MemRefType type) {
  Frame &frame = frames.back();
  auto size = [](Value buffer) { return bytesOf(cast<MemRefType>(buffer.getType())); };
  Value *largest = nullptr;
  for (Value &buffer : frame.free)
    if (getElementTypeOrSelf(buffer) == type.getElementType() &&
        (!largest || size(buffer) > size(*largest)))
      largest = &buffer;
  if (!largest)
    return {};
  Value buffer = *largest;
  int64_t more = std::max<int64_t>(0, bytesOf(type) - size(buffer));
  if (frame.bytes + more > stackBytes)
    return {};
  frame.bytes += more;
  if (more)
    buffer.setType(type);
  frame.free.erase(largest);
  return buffer;
}

Value StmtTranslator::inScratch(MemRefType type) {
  Value offset = arith::ConstantIndexOp::create(builder, loc, scratchUsed);
  scratchUsed += alignToBuffer(bytesOf(type));
  scratchPeak = std::max(scratchPeak, scratchUsed);
  return memref::ViewOp::create(builder, loc, type, scratch, offset, ValueRange());
}
