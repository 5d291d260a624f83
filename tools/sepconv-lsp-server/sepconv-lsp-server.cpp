//===- sepconv-lsp-server.cpp - MLIR files of sepconv in an editor ---------------===//

#include "sepconv/IR/SepConv.h"

#include "mlir/InitAllDialects.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  registry.insert<mlir::sepconv::SepConvDialect>();
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
