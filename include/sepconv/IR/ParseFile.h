//===- ParseFile.h - a file in MLIR's syntax -------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace mlir::sepconv {

/// Parses and verifies a file that a user named, whatever is in it; null after an error.
OwningOpRef<ModuleOp> parseModuleFile(StringRef path, MLIRContext *context);

} // namespace mlir::sepconv
