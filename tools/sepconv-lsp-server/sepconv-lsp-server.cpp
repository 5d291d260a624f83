//===- sepconv-lsp-server.cpp - MLIR files of sepconv in an editor ---------------===//

#include "sepconv/Driver/Compile.h"

#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::sepconv::registerDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
