//===- sepconv-opt.cpp - runs passes and stages on MLIR files --------------------===//

#include "sepconv/IR/SepConv.h"
#include "sepconv/Lowering/Pipelines.h"
#include "sepconv/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  registry.insert<mlir::sepconv::SepConvDialect>();
  mlir::registerAllPasses();
  mlir::sepconv::registerSepConvPasses();
  mlir::sepconv::registerLoweringPipelines();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "sepconv optimizer and stage driver\n", registry));
}
