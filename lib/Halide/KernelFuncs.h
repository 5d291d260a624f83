//===- KernelFuncs.h - a kernel as Halide Funcs ----------------------------------===//
//
// The generic translator: indexing maps become arguments, reduction iterators an RDom, bodies
// expressions, tensor.pad a boundary condition. It knows linalg, not convolution. Private to
// lib/Halide.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "BodyToExpr.h"
#include "sepconv/Schedule/KernelStages.h"

#include <map>
#include <set>

namespace mlir::sepconv {

/// A weight stored in tiles: dimension `dim` of size N as ceil(N / tile) tiles in front and `tile`
/// elements innermost, padded with zeros.
struct Packing {
  int64_t dim, tile;
};

/// The directives that change the algorithm's form, not its loops.
struct KernelForm {
  std::set<std::string> expanded;     // reductions written as one expression
  std::map<unsigned, Packing> packed; // by argument
};

/// One definition that directives can name: a Func's pure definition or its update.
struct Definition {
  Halide::Func func;
  std::map<std::string, Halide::VarOrRVar> loops; // by the schedule's names
  Halide::ImageParam weight;                      // of a reduction that reads an argument
};

/// What `schedule.read_ahead` asks for, in Halide's names.
struct ReadAhead {
  std::string stage;
  Halide::LoopLevel loop;
  std::vector<std::pair<Halide::ImageParam, int64_t>> images; // and how many elements of each
};

class KernelFuncs {
public:
  KernelFuncs(func::FuncOp kernel, const KernelStages &stages, const KernelForm &form);

  std::vector<Halide::ImageParam> inputs; // by argument
  std::vector<Halide::ImageParam> images; // the inputs that are no constants
  std::vector<Halide::Func> outputs;      // by result
  SmallVector<int64_t> storedSizes;       // by argument, in elements
  std::map<std::string, Definition> stages, updates;
  std::vector<ReadAhead> readAheads;

private:
  Halide::Expr read(Value value, ArrayRef<Halide::Expr> indices);
  Halide::Expr readArgument(BlockArgument argument, ArrayRef<Halide::Expr> indices);
  void addInput(BlockArgument argument, const KernelForm &form);
  void addOutput(Value value, const KernelStages &kernel);
  void add(Operation *op, const KernelStages &stages, const KernelForm &form);
  void addElementwise(linalg::LinalgOp op);
  void addReduction(const Reduction &reduction, bool expanded);
  void addPad(tensor::PadOp op, const std::string &name);
  void addConcat(tensor::ConcatOp op);
  Halide::Func define(const std::string &name, Value value, const Halide::Expr &expr);
  Halide::Func defineStage(const std::string &name, Value value, const Halide::Expr &expr);
  std::vector<Halide::Var> variables(int64_t rank) const;

  std::map<unsigned, Packing> packed;
  llvm::DenseMap<Value, Halide::Func> funcs;
};

} // namespace mlir::sepconv
