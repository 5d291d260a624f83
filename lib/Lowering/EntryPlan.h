//===- EntryPlan.h - where every tensor of an entry is in memory -----------------===//
//
// The steps of sepconv-plan-memory. Private to lib/Lowering.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/IR/Sizes.h"
#include "sepconv/Lowering/WeightsBlob.h"
#include "sepconv/Product/ModelInterface.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::sepconv {

/// The kernels that an entry calls, and the buffers that its tensors are in.
class EntryBuffers {
public:
  EntryBuffers(func::FuncOp entry, const SymbolTable &symbols) : sizes(entry), symbols(symbols) {}

  /// The function that a call of a kernel means, or null.
  func::FuncOp kernelOf(CallOp call) const {
    return symbols.lookup<func::FuncOp>(call.getCallee());
  }
  /// The buffer of a tensor, as large as its greatest size.
  MemRefType typeOf(Value tensor) const;
  int64_t bytesOf(Value tensor) const;

private:
  Sizes sizes;
  const SymbolTable &symbols;
};

/// All offsets and sizes are in bytes.
struct EntryPlan {
  EntryPlan(func::FuncOp entry, const SymbolTable &symbols)
      : entry(entry), buffers(entry, symbols) {}

  func::FuncOp entry;
  EntryBuffers buffers;
  int64_t workspaceBytes = 0;
  DenseMap<Value, unsigned> outputs;      // results of kernels written to an output
  DenseMap<Value, int64_t> offsets;       // results of kernels: offset in the workspace
  DenseMap<Operation *, int64_t> scratch; // calls: offset in the workspace
  DenseMap<OpOperand *, int64_t> weights; // operands that are constants: offset in the blob
};

/// The buffer that a tensor is in: its elements in memory order.
MemRefType bufferType(RankedTensorType type);

/// The value whose memory a value shares: reshapes are the same memory.
Value rootOf(Value value);

/// The bytes that each task of a kernel has for itself.
int64_t taskBytes(func::FuncOp kernel);

/// Whether the entry holds calls of kernels on buffers, constants and reshapes only; says on the
/// operation what else it holds.
LogicalResult checkEntry(func::FuncOp entry, const SymbolTable &symbols);

/// Plans an entry that has been checked and adds its constants to the blob; an error on a constant
/// that has no bytes or cannot be packed as its kernel wants.
FailureOr<EntryPlan> planEntry(func::FuncOp entry, const SymbolTable &symbols, WeightsBlob &blob);

/// Adds what the caller sees of the entry: its arguments, its results, the dynamic sizes.
void describeEntry(func::FuncOp entry, ModelInterface &interface);
/// Adds the kernels of a module; the calls of a planned entry.
void describeKernels(ModuleOp module, ModelInterface &interface);
void describeCalls(const EntryPlan &plan, ModelInterface &interface);

/// Makes the entry a function on buffers, with the workspace and the weights as its last two
/// arguments. What they hold is that of all entries together.
void rewriteEntry(const EntryPlan &plan, const ModelInterface &interface);

} // namespace mlir::sepconv
