//===- ParallelCall.h - tasks in the LLVM dialect ---------------------------------===//
#pragma once

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::sepconv {

/// Lowers sepconv.parallel_call: the captured values go into a structure on the stack, whose
/// address is the context of the caller's parallel-for.
/// A task that has memory for itself claims a slot for it, and releases it at its end.
void populateParallelCallPatterns(const LLVMTypeConverter &converter, RewritePatternSet &patterns);

/// Adds the functions of lib/Runtime/slots.mlir if tasks of the module have memory for themselves.
LogicalResult addSlotFunctions(ModuleOp module);

} // namespace mlir::sepconv
