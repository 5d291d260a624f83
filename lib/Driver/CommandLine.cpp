//===- CommandLine.cpp - what the command lines of the tools share ---------------===//

#include "sepconv/Driver/CommandLine.h"
#include "sepconv/Driver/Compile.h"
#include "sepconv/Driver/Diagnostics.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

LogicalResult sepconv::checkValue(StringRef tool, StringRef option, StringRef value,
                                  ArrayRef<StringRef> known) {
  if (llvm::is_contained(known, value))
    return success();
  reportError(tool, "unknown value '" + value + "' of --" + option + ", expected one of " +
                        llvm::join(known, ", "));
  return failure();
}

LogicalResult sepconv::applyDiagnostics(StringRef tool, const ModelArguments &arguments) {
  if (failed(checkValue(tool, "diagnostics", arguments.diagnostics, {"text", "json"})))
    return failure();
  if (arguments.diagnostics == "json")
    setDiagnosticsJson();
  return success();
}

int sepconv::runTool(StringRef tool, const Twine &what, const ModelArguments &arguments,
                     llvm::function_ref<LogicalResult(MLIRContext &)> work) {
  Guard guard{tool.str(), ("'" + what + "'").str(), defaultMemory(),
              "; --max-memory=SIZE is the limit"};
  if (arguments.maxMemory.getNumOccurrences())
    guard.memory = parseMemory(arguments.maxMemory);
  if (arguments.maxMemory.getNumOccurrences() && !guard.memory) {
    reportError(tool, "unknown value '" + arguments.maxMemory +
                          "' of --max-memory, expected a size as 512M or 4G");
    return 1;
  }
  return runGuarded(guard, [&] {
    DialectRegistry registry;
    registerDialects(registry);
    MLIRContext context(registry);
    context.printOpOnDiagnostic(false);
    DiagnosticPrinter printer(&context);
    return failed(work(context));
  });
}
