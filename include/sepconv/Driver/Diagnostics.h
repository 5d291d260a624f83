//===- Diagnostics.h - problems as a user reads them -----------------------------===//
#pragma once

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/Twine.h"

namespace mlir::sepconv {

/// Writes everything that is reported as JSON from now on, one object in each line of standard
/// error, for programs that call the compiler.
void setDiagnosticsJson();
bool diagnosticsAreJson();

/// Reports an error that has no place in a model.
void reportError(StringRef tool, const Twine &message);

/// Prints diagnostics to standard error while it lives: "file:line:column: error: ..." for what has
/// a place in a file, "error: layer 'a', 'b': ..." for what has the names of layers, notes below.
class DiagnosticPrinter : public ScopedDiagnosticHandler {
public:
  explicit DiagnosticPrinter(MLIRContext *context);
};

} // namespace mlir::sepconv
