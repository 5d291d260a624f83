//===- Diagnostics.h - problems as a user reads them -----------------------------===//
#pragma once

#include "mlir/IR/Diagnostics.h"

namespace mlir::sepconv {

/// Prints diagnostics to standard error while it lives: "file:line:column: error: ..." for what has
/// a place in a file, "error: layer 'a', 'b': ..." for what has the names of layers, notes below.
class DiagnosticPrinter : public ScopedDiagnosticHandler {
public:
  explicit DiagnosticPrinter(MLIRContext *context);
};

} // namespace mlir::sepconv
