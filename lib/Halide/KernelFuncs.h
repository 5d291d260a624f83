//===- KernelFuncs.h - a kernel as Halide Funcs ----------------------------------===//
//
// The generic translator: indexing maps become arguments, reduction iterators an RDom, bodies
// expressions, tensor.pad a boundary condition. It knows linalg, not convolution. Private to
// lib/Halide.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "BodyToExpr.h"
#include "SizeExprs.h"
#include "sepconv/IR/Packing.h"
#include "sepconv/Schedule/DotInstruction.h"
#include "sepconv/Schedule/KernelStages.h"
#include "sepconv/Schedule/Schedule.h"

#include <array>
#include <map>
#include <set>

namespace mlir::sepconv {

/// A sum whose terms are added up in groups by an instruction.
struct DotSum {
  const DotInstruction *instruction;
  schedule::TensorizeOp directive;
  std::string loop;               // over the groups
  SmallVector<std::string> terms; // the dimensions of the terms, the fastest first
  bool changesSign;               // of the input's bytes
};

/// The directives that change the algorithm's form, not its loops.
struct KernelForm {
  /// What an operand of a sum is read through: a stage, the last dimension in whole groups.
  struct Wrapper {
    std::string stage;
    int64_t group;
  };
  std::set<std::string> expanded;     // reductions written as one expression
  std::map<unsigned, Packing> packed; // by argument
  std::map<std::string, DotSum> dots; // by sum
  std::map<std::pair<std::string, unsigned>, Wrapper> wrapped; // by sum and number of the operand
  /// Stages that are read through wrappers go beyond the end of what they read, as whole tiles do:
  /// then arguments are read up to their last vector of so many bytes.
  int64_t vectorBytes = 0;

  /// Whether only an instruction reads a value, with the other sign: then it is stored with that.
  bool storesOtherSign(Value value, const KernelStages &stages) const;

  /// Whether an argument is packed in groups of bytes, which are words.
  bool storesWords(unsigned argument) const {
    auto it = packed.find(argument);
    return it != packed.end() && it->second.isGrouped();
  }
};

/// One definition that directives can name: a Func's pure definition or its update.
struct Definition {
  Halide::Func func;
  std::map<std::string, Halide::VarOrRVar> loops; // by the schedule's names
  /// Of an update: the first operands ("input" and "weight"), where they are arguments.
  std::array<Halide::ImageParam, 2> operands;
};

/// What `schedule.read_ahead` asks for, in Halide's names.
struct ReadAhead {
  std::string stage;
  Halide::LoopLevel loop;
  std::vector<std::pair<Halide::ImageParam, int64_t>> images; // and how many elements of each
};

/// What `schedule.prefetch_next` asks for: a packed weight, and the elements of a tile of it.
struct PrefetchNext {
  Halide::ImageParam image;
  int64_t elements;
  Halide::LoopLevel of, at;
};

/// Halide's innermost argument comes first, a tensor's last.
inline std::vector<Halide::Expr> reversed(ArrayRef<Halide::Expr> indices) {
  return {indices.rbegin(), indices.rend()};
}

inline int64_t rankOf(Value tensor) { return cast<RankedTensorType>(tensor.getType()).getRank(); }

/// The names of a tensor's dimensions (schedules' b, y, x, c) as Vars, outermost first.
SmallVector<Halide::Expr> dimensionVars(int64_t rank);

/// x ^ kSignBit is x + 128 of a signed byte, as an unsigned one, and x - 128 of an unsigned one.
inline constexpr int8_t kSignBit = -128;

/// The values of a linalg operation's loops, given those of its output's indices.
SmallVector<Halide::Expr> loopsOf(linalg::LinalgOp op, ArrayRef<Halide::Expr> outputIndices);

/// A Func for every operation of a kernel. The constructor throws KernelError.
class KernelFuncs {
public:
  KernelFuncs(func::FuncOp kernel, const KernelStages &stages, const KernelForm &form);

  SizeExprs sizes;
  std::vector<Halide::ImageParam> inputs; // by argument; not defined for a size
  std::vector<Halide::ImageParam> images; // the inputs that are no constants
  std::vector<Halide::Func> outputs;      // by result
  SmallVector<int64_t> storedSizes;       // by argument, the most elements
  std::map<std::string, Definition> stages, updates;
  std::vector<ReadAhead> readAheads;
  std::vector<PrefetchNext> prefetchNexts;

  /// The elements of one tile of a packed input; 0 of one that is not packed.
  int64_t tileElements(const Halide::ImageParam &input) const;

private:
  Halide::Expr read(Value value, ArrayRef<Halide::Expr> indices);
  Halide::Expr readArgument(BlockArgument argument, ArrayRef<Halide::Expr> indices);
  void addInput(BlockArgument argument, const KernelForm &form);
  void addOutput(Value value, const KernelStages &kernel);
  void add(Operation *op, const KernelStages &stages, const KernelForm &form);
  void addElementwise(linalg::LinalgOp op);
  void addReduction(const Reduction &reduction, const KernelForm &form);
  void addDotSum(const Reduction &reduction, const KernelForm &form, const DotSum &dot);
  Halide::Expr wordOf(const Reduction &reduction, const DotSum &dot,
                      MutableArrayRef<Halide::Expr> loops, const Halide::Expr &group);
  Halide::Expr packedWord(const Reduction &reduction, const Halide::Expr &row,
                          const Halide::Expr &channel);
  Definition &addUpdate(const Reduction &reduction);
  Halide::Expr readOperand(OpOperand &operand, ArrayRef<Halide::Expr> at);
  void addWrappers(const Reduction &reduction, const KernelForm &form);
  Halide::Expr readWithin(Value value, ArrayRef<Halide::Expr> indices, int64_t group);
  void addPad(tensor::PadOp op, const std::string &name);
  void addConcat(tensor::ConcatOp op);
  Halide::Func define(const std::string &name, ArrayRef<std::string> dims,
                      const Halide::Expr &expr);
  Halide::Func defineStage(const std::string &name, ArrayRef<std::string> dims,
                           const Halide::Expr &expr);
  Halide::Func defineStage(const std::string &name, Value value, const Halide::Expr &expr) {
    return defineStage(name, dimNames(rankOf(value)), expr);
  }

  std::map<unsigned, Packing> packed;
  int64_t vectorBytes;
  llvm::DenseMap<Value, Halide::Func> funcs;
  llvm::DenseMap<OpOperand *, Halide::Func> wrappers;
  llvm::DenseSet<Value> otherSign; // the stages that are stored with it
};

} // namespace mlir::sepconv
