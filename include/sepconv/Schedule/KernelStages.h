//===- KernelStages.h - the stages of a kernel that schedules name ---------------===//
//
// A materialization point of a kernel is a value that is returned or that a reduction reads
// (through tensor.pad). Each one is a stage; the elementwise operations before it are folded into
// it. It has the name of the last reduction that it contains ("depthwise", "pointwise", ...), or
// "elementwise"; a name that comes again has _1, _2, ... appended. Each reduction is one more
// stage, NAME_sum, and each tensor.pad is a stage "pad".
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/Schedule/Reduction.h"
#include "sepconv/Support/Expression.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/StringMap.h"

#include <vector>

namespace mlir::sepconv {

struct Stage {
  enum class Kind { Point, Sum, Pad };
  Kind kind;
  std::string name;
  /// The value that is the stage; a point and a sum may have the same one.
  Value value;
  /// Outermost first, e.g. b, y, x, c; a sum's reduction dimensions are in its Reduction.
  SmallVector<std::string> dims;
  SmallVector<SizeRange> extents;
  /// The reduction of a sum, the last one that a point contains, or null.
  Operation *reduction = nullptr;
};

/// What a kernel on tensors consists of: the points' names without numbers. Whoever needs a pattern
/// asks this function, or reads the attribute `sepconv.pattern`, in which outlining writes what it
/// says (rule C22).
SmallVector<StringRef> kernelPattern(func::FuncOp kernel);

class KernelStages {
public:
  /// The stages of a kernel on tensors; an error on the operation that has none, or if the kernel's
  /// attribute `sepconv.pattern` says something else.
  static FailureOr<KernelStages> analyze(func::FuncOp kernel);

  /// In the order of the body; a sum comes before the point that contains it.
  ArrayRef<Stage> stages() const { return allStages; }
  ArrayRef<Reduction> reductions() const { return allReductions; }

  const Stage *lookup(StringRef name) const;
  /// The point that is this value, or null: then it is folded into its readers.
  const Stage *pointOf(Value value) const;
  /// The sum that is this reduction or the pad that is this tensor.pad, or null.
  const Stage *stageOf(Operation *op) const;
  const Reduction *reduction(Operation *op) const;

  StringRef sumName(Operation *reduction) const { return stageOf(reduction)->name; }
  StringRef padName(tensor::PadOp pad) const { return stageOf(pad)->name; }

  /// The points' names without numbers: what schedules are looked up by.
  ArrayRef<StringRef> pattern() const { return roles; }

  /// What expressions may name: `inputs`, the number of tensors that are no constants; STAGE.DIM,
  /// the greatest size, STAGE.least_DIM, STAGE.factor_DIM, STAGE.rank and STAGE.bytes of every
  /// stage; of a sum its reduction dimensions, stride_DIM, dilation_DIM, weight and input_c too.
  Facts facts() const;

private:
  friend class StageFinder;
  int64_t inputs = 0;
  std::vector<Stage> allStages;
  std::vector<Reduction> allReductions;
  /// The role of each point, in order.
  SmallVector<StringRef> roles;
  llvm::StringMap<unsigned> byName;
  llvm::DenseMap<Value, unsigned> byValue;
  llvm::DenseMap<Operation *, unsigned> byOperation, reductionOf;
};

/// What the expressions of a kernel's schedule may name: the kernel's own facts, the machine's (the
/// module's `sepconv.facts`) and the parameters, once they are chosen (`sepconv.parameters`).
Facts kernelFacts(func::FuncOp kernel, const KernelStages &stages);

} // namespace mlir::sepconv
