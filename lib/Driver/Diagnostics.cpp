//===- Diagnostics.cpp - problems as a user reads them ---------------------------===//

#include "sepconv/Driver/Diagnostics.h"
#include "sepconv/Driver/Progress.h"

#include "mlir/IR/Location.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// What a location says that a user knows.
struct Place {
  FileLineColLoc file;
  llvm::SetVector<StringRef> layers;

  explicit Place(Location loc) { collect(loc); }

  void collect(Location loc) {
    llvm::TypeSwitch<LocationAttr>(loc)
        .Case<FileLineColLoc>([&](auto at) { file = file ? file : at; })
        .Case<NameLoc>([&](auto name) { layers.insert(name.getName().getValue()); })
        .Case<FusedLoc>([&](auto fused) {
          for (Location inner : fused.getLocations())
            collect(inner);
        })
        .Case<CallSiteLoc>([&](auto call) { collect(call.getCallee()); });
  }
};
} // namespace

static void print(const Diagnostic &diagnostic) {
  Place place(diagnostic.getLocation());
  llvm::raw_ostream &os = llvm::errs();
  if (place.file)
    os << place.file.getFilename().getValue() << ":" << place.file.getLine() << ":"
       << place.file.getColumn() << ": ";
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
  if (!place.file && !place.layers.empty()) {
    os << "layer ";
    llvm::interleaveComma(place.layers, os, [&](StringRef name) { os << "'" << name << "'"; });
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
