//===- Diagnostics.cpp - problems as a user reads them ---------------------------===//

#include "sepconv/Driver/Diagnostics.h"
#include "Progress.h"
#include "sepconv/IR/ModelLocation.h"

#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace mlir::sepconv;

static void print(const Diagnostic &diagnostic) {
  ModelLocation location(diagnostic.getLocation());
  llvm::raw_ostream &os = llvm::errs();
  if (location.file)
    os << location.file.getFilename().getValue() << ":" << location.file.getLine() << ":"
       << location.file.getColumn() << ": ";
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Error:
    llvm::WithColor::error(os);
    break;
  case DiagnosticSeverity::Warning:
    llvm::WithColor::warning(os);
    break;
  case DiagnosticSeverity::Remark:
    llvm::WithColor::remark(os);
    break;
  case DiagnosticSeverity::Note:
    llvm::WithColor::note(os);
    break;
  }
  if (!location.file && !location.layers.empty()) {
    os << "layer ";
    llvm::interleaveComma(location.layers, os, [&](StringRef name) { os << "'" << name << "'"; });
    os << ": ";
  }
  os << diagnostic << "\n";
  for (const Diagnostic &note : diagnostic.getNotes())
    print(note);
}

DiagnosticPrinter::DiagnosticPrinter(MLIRContext *context)
    : ScopedDiagnosticHandler(context, [](Diagnostic &diagnostic) {
        clearProgress();
        print(diagnostic);
      }) {}
