//===- StmtTranslator.h - Halide loop nests to scf and memref --------------------===//
#pragma once

#include "ExprTranslator.h"

namespace mlir::sepconv {

/// Translates the loop nest of one kernel into the body of a function. Serial loops become scf.for,
/// parallel ones scf.parallel. Storage of a stage is on the stack where it lies in a parallel loop
/// or the schedule says so, else in the kernel's scratch. Private to lib/Halide.
class StmtTranslator {
public:
  StmtTranslator(OpBuilder &builder, Location loc, Block &entry)
      : builder(builder), loc(loc), exprs(builder, loc), frames{{&entry}} {}
  virtual ~StmtTranslator() = default;

  ExprTranslator &expressions() { return exprs; }

  /// What the variables of expressions can be, where it is known; for the size of storage.
  Halide::Internal::Scope<Halide::Internal::Interval> &bounds() { return scope; }

  /// Names the argument from which scratch is taken, a memref<?xi8>.
  void setScratch(Value memref) { scratch = memref; }

  /// How much of its stack a task may use, in bytes.
  void setStack(int64_t bytes) { stackBytes = bytes; }

  void translate(const Halide::Internal::Stmt &stmt);

  /// Erases what was made outside of the builder's block, of a kernel that cannot be translated.
  virtual void abandon() {}

  /// What the kernel needs, in bytes.
  int64_t scratchBytes() const { return scratchPeak; }

protected:
  virtual void loop(const Halide::Internal::For *op);
  virtual void allocate(const Halide::Internal::Allocate *op);
  virtual void store(const Halide::Internal::Store *op);
  /// Whether an expression that stands for itself was translated.
  virtual bool evaluate(const Halide::Expr &expr);

  void bind(const std::string &name, Value value, const Halide::Internal::Interval &interval);

  /// The type of what is allocated; its size is constant, or the greatest that it can be.
  MemRefType allocatedType(const Halide::Internal::Allocate *op, Attribute memorySpace = {});
  Value inScratch(MemRefType type);

  OpBuilder &builder;
  Location loc;
  ExprTranslator exprs;

private:
  void branch(const Halide::Internal::IfThenElse *op);
  Value onStack(MemRefType type);
  Value takeFree(MemRefType type);

  /// Where a stack allocation goes: the function, or the body of a parallel loop.
  struct Frame {
    Block *entry;
    int64_t bytes = 0;
    SmallVector<Value> free = {}; // what nobody needs any more
  };

  SmallVector<Frame> frames;
  int64_t stackBytes = std::numeric_limits<int64_t>::max();
  Halide::Internal::Scope<Halide::Internal::Interval> scope;
  Value scratch;
  int64_t scratchUsed = 0, scratchPeak = 0;
};

} // namespace mlir::sepconv
