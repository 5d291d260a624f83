//===- sepconv-opt.cpp - runs passes and stages on MLIR files --------------------===//

#include "sepconv/Driver/Compile.h"
#include "sepconv/Lowering/Pipelines.h"
#include "sepconv/Passes.h"
#include "sepconv/Support/Guard.h"
#include "sepconv/Support/InputFile.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/WithColor.h"

using namespace mlir::sepconv;

/// Upstream opens and parses whatever the name is of.
static llvm::Error check(llvm::StringRef input) {
  if (input == "-")
    return llvm::Error::success();
  auto file = readInputFile(input);
  return file ? checkMlirText((*file)->getBuffer()) : file.takeError();
}

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::sepconv::registerDialects(registry);
  mlir::registerTransformsPasses();
  mlir::registerReconcileUnrealizedCastsPass();
  mlir::sepconv::registerSepConvPasses();
  mlir::sepconv::registerLoweringPipelines();
  mlir::sepconv::registerStagePipelines();
  auto [input, output] = mlir::registerAndParseCLIOptions(
      argc, argv, "sepconv optimizer and stage driver\n", registry);
  if (llvm::Error error = check(input)) {
    llvm::WithColor::error(llvm::errs(), "sepconv-opt")
        << "cannot read '" << input << "': " << llvm::toString(std::move(error)) << "\n";
    return 1;
  }
  Guard guard{"sepconv-opt", "'" + input + "'", defaultMemory(), ""};
  return runGuarded(guard, [&, input = input, output = output] {
    return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, input, output, registry));
  });
}
