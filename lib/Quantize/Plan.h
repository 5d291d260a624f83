//===- Plan.h - which tensors of a network become integers -----------------------===//
#pragma once

#include "sepconv/IR/SepConv.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/StringSet.h"

#include <functional>

namespace mlir::sepconv::quantize {

/// What an operation is when its operands are integers.
enum class Part {
  Layer,       ///< sums of products of integers: the filter and the bias are constants
  Elementwise, ///< computed in float32 in registers, between integers in memory
  Average,     ///< a sum of integers
  Move,        ///< elements stay what they are: a reshape, a concatenation, a maximum
  Float        ///< all others
};

/// The tensors that are stored as integers, and what is computed with them.
class Plan {
public:
  /// `inFloat` says which operations stay in float; `integerInterface` makes the function's
  /// arguments and results integers too.
  Plan(func::FuncOp function, const std::function<bool(Operation *)> &inFloat,
       bool integerInterface);

  Part partOf(Operation *op) const;
  /// Layers in the order of the network.
  ArrayRef<Operation *> layers() const { return layerOps; }
  bool isStored(Value value) const { return storedSet.contains(value); }
  /// One of the tensors that share a scale and a zero point with `value`.
  Value representative(Value value) const { return classes.getLeaderValue(value); }
  /// The stored tensors in the order of the network.
  ArrayRef<Value> stored() const { return storedValues; }

private:
  void classify(const std::function<bool(Operation *)> &inFloat);
  void store(Block &block, bool integerInterface);
  void join(Block &block);
  bool staysInRegisters(Value value) const;

  DenseMap<Operation *, Part> parts;
  SmallVector<Operation *> layerOps;
  SmallVector<Value> storedValues;
  DenseSet<Value> storedSet;
  llvm::EquivalenceClasses<Value> classes;
  func::FuncOp function;
};

/// The names of the layers that an operation was made of, joined by '+'; a place in a file without
/// names.
std::string nameOf(Operation *op);
/// Whether a tensor has elements of float32.
bool isReal(Value value);

} // namespace mlir::sepconv::quantize
