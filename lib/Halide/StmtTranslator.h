//===- StmtTranslator.h - Halide loop nests to scf and memref --------------------===//
#pragma once

#include "ExprTranslator.h"

namespace mlir::sepconv {

/// Translates the loop nest of one kernel into the body of a function. Serial loops become scf.for,
/// parallel ones scf.parallel. What of a stage fits into registers, and a little more, is on the
/// stack; other storage is in the memory of a task where it lies in a parallel loop, else in the
/// kernel's scratch. Private to lib/Halide.
class StmtTranslator {
public:
  StmtTranslator(OpBuilder &builder, Location loc, Block &entry)
      : builder(builder), loc(loc), exprs(builder, loc), entry(entry), frame(&entry) {}
  virtual ~StmtTranslator() = default;

  ExprTranslator &expressions() { return exprs; }

  /// What the variables of expressions can be, where it is known; for the size of storage.
  Halide::Internal::Scope<Halide::Internal::Interval> &bounds() { return scope; }

  /// Names the argument from which scratch is taken, a memref<?xi8>.
  void setScratch(Value memref) { scratch = memref; }

  void translate(const Halide::Internal::Stmt &stmt);

  /// Erases what was made outside of the builder's block, of a kernel that cannot be translated.
  virtual void abandon() {}

  /// What the kernel needs, in bytes.
  int64_t scratchBytes() const { return scratchPeak; }

  /// Memory that each task has for itself, a memref<?xi8>, and how much of it it needs. The levels
  /// of nested storage are apart, so that no two of them overlap.
  struct TaskMemory {
    BlockArgument memory;
    int64_t bytes;
  };
  ArrayRef<TaskMemory> taskMemory() const { return levels; }

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
  bool fitsStack(const Halide::Internal::Allocate *op, int64_t bytes);
  Value onStack(MemRefType type);
  Value inTask(MemRefType type);

  Block &entry;
  Block *frame; // where a stack allocation goes: the function, or the body of a parallel loop
  int64_t stackUsed = 0;
  SmallVector<TaskMemory> levels;
  unsigned level = 0; // of the levels, how many are in use
  Halide::Internal::Scope<Halide::Internal::Interval> scope;
  Value scratch;
  int64_t scratchUsed = 0, scratchPeak = 0;
};

} // namespace mlir::sepconv
