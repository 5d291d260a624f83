//===- ParseFile.cpp - a file in MLIR's syntax -----------------------------------===//

#include "sepconv/IR/ParseFile.h"
#include "sepconv/Support/InputFile.h"

#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace mlir::sepconv;

OwningOpRef<ModuleOp> sepconv::parseModuleFile(StringRef path, MLIRContext *context) {
  auto file = readInputFile(path);
  llvm::Error error = file ? checkMlirText((*file)->getBuffer()) : file.takeError();
  if (error) {
    emitError(UnknownLoc::get(context))
        << "cannot read '" << path << "': " << llvm::toString(std::move(error));
    return {};
  }
  return parseSourceFile<ModuleOp>(path, ParserConfig(context));
}
