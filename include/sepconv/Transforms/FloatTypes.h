//===- FloatTypes.h - the types of floats that a network computes in -------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace mlir::sepconv {

/// "f16", "bf16" or "f32"; null for another name.
FloatType floatTypeNamed(MLIRContext *context, StringRef name);

/// Whether sepconv-convert-floats can give a model these types, and whether that changes anything;
/// empty names stand for the model's own. The error names the option.
llvm::Error checkFloatTypes(ModuleOp module, StringRef compute, StringRef io);

} // namespace mlir::sepconv
