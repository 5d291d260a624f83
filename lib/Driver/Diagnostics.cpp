//===- Diagnostics.cpp - problems as a user reads them ---------------------------===//

#include "sepconv/Driver/Diagnostics.h"
#include "sepconv/Driver/Progress.h"
#include "sepconv/IR/ModelLocation.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace mlir::sepconv;

static bool asJson = false;

void sepconv::setDiagnosticsJson() { asJson = true; }
bool sepconv::diagnosticsAreJson() { return asJson; }

void sepconv::reportError(StringRef tool, const Twine &message) {
  if (!asJson) {
    llvm::WithColor::error(llvm::errs(), tool) << message << "\n";
    return;
  }
  llvm::json::Object object{{"severity", "error"}, {"message", llvm::json::fixUTF8(message.str())}};
  llvm::errs() << llvm::json::Value(std::move(object)) << "\n";
}

static StringRef stringify(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Remark:
    return "remark";
  case DiagnosticSeverity::Note:
    return "note";
  }
  llvm_unreachable("all severities are handled");
}

static llvm::json::Object toJson(const Diagnostic &diagnostic) {
  ModelLocation location(diagnostic.getLocation());
  llvm::json::Object object{{"severity", stringify(diagnostic.getSeverity())},
                            {"message", llvm::json::fixUTF8(diagnostic.str())}};
  if (location.file) {
    object["file"] = llvm::json::fixUTF8(location.file.getFilename().getValue());
    object["line"] = location.file.getLine();
    object["column"] = location.file.getColumn();
  }
  llvm::json::Array layers, notes;
  for (StringRef name : location.layers)
    layers.push_back(llvm::json::fixUTF8(name));
  for (const Diagnostic &note : diagnostic.getNotes())
    notes.push_back(toJson(note));
  if (!layers.empty())
    object["layers"] = std::move(layers);
  if (!notes.empty())
    object["notes"] = std::move(notes);
  return object;
}

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
        if (asJson)
          llvm::errs() << llvm::json::Value(toJson(diagnostic)) << "\n";
        else
          print(diagnostic);
      }) {}
