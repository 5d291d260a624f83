//===- ParallelCall.h - tasks in the LLVM dialect ---------------------------------===//
#pragma once

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::sepconv {

/// Lowers sepconv.parallel_call: the captured values go into a structure on the stack, whose
/// address is the context of the caller's parallel-for.
void populateParallelCallPatterns(const LLVMTypeConverter &converter, RewritePatternSet &patterns);

} // namespace mlir::sepconv
