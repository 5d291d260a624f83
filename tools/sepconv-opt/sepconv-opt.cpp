//===- sepconv-opt.cpp - runs passes and stages on MLIR files --------------------===//

#include "sepconv/Driver/Compile.h"
#include "sepconv/Lowering/Pipelines.h"
#include "sepconv/Passes.h"

#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::sepconv::registerDialects(registry);
  mlir::registerAllPasses();
  mlir::sepconv::registerSepConvPasses();
  mlir::sepconv::registerLoweringPipelines();
  mlir::sepconv::registerStagePipelines();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "sepconv optimizer and stage driver\n", registry));
}
