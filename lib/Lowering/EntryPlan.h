//===- EntryPlan.h - where every tensor of an entry is in memory -----------------===//
//
// The steps of sepconv-plan-memory. Private to lib/Lowering.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/IR/SepConv.h"
#include "sepconv/Lowering/WeightsBlob.h"
#include "sepconv/Product/ModelInterface.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::sepconv {

/// All offsets and sizes are in bytes.
struct EntryPlan {
  func::FuncOp entry;
  int64_t workspaceBytes = 0;
  DenseMap<Value, unsigned> outputs;      // results of kernels written to an output
  DenseMap<Value, int64_t> offsets;       // results of kernels: offset in the workspace
  DenseMap<Operation *, int64_t> scratch; // calls: offset in the workspace
  DenseMap<OpOperand *, int64_t> weights; // operands that are constants: offset in the blob
};

/// The buffer that a tensor is in: its elements in memory order.
MemRefType bufferType(RankedTensorType type);
/// That of a tensor of the entry, as large as its greatest size.
MemRefType bufferType(Value tensor);
/// Likewise of an entry's result.
MemRefType resultBufferType(func::FuncOp entry, unsigned index);

/// The value whose memory a value shares: reshapes are the same memory.
Value rootOf(Value value);

/// The function that a call of a kernel means, or null.
func::FuncOp kernelOf(CallOp call);

/// The bytes that each task of a kernel has for itself.
int64_t taskBytes(func::FuncOp kernel);

/// Whether the entry holds calls of kernels on buffers, constants and reshapes only; says on the
/// operation what else it holds.
LogicalResult checkEntry(func::FuncOp entry);

/// Plans an entry that has been checked and adds its constants to the blob; an error on a constant
/// that has no bytes or cannot be packed as its kernel wants.
FailureOr<EntryPlan> planEntry(func::FuncOp entry, WeightsBlob &blob);

/// Makes the entry a function on buffers, with the workspace and the weights as its last two
/// arguments. What they hold is that of all entries together.
void rewriteEntry(const EntryPlan &plan, const ModelInterface &interface);

} // namespace mlir::sepconv
