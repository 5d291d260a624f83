//===- RepeatCommand.cpp - how to see a failure again ----------------------------===//

#include "RepeatCommand.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace mlir::sepconv;

static void print(llvm::raw_ostream &os, const Twine &argument) {
  llvm::sys::printArg(os << " ", argument.str(), /*Quote=*/false);
}

static void printSizes(llvm::raw_ostream &os, const ImageSizes &sizes) {
  for (auto [name, size] : llvm::zip_equal(kImageSizeNames, sizes))
    if (size)
      print(os, "--" + name + "=" + size->text());
}

/// What makes the `import` stage of a model or a function.
static void printImport(llvm::raw_ostream &os, const CompileOptions &options,
                        const StageOptions &stages) {
  os << "sepconv-compile";
  if (!options.call.function.empty()) {
    print(os, "--function=" + options.call.function);
    for (const auto &[name, value] : options.call.arguments)
      print(os, "--arg=" + name + "=" + value);
    printSizes(os, options.sizes);
    os << " --emit=import";
    return;
  }
  print(os, options.input);
  os << " --emit=import --name=" << stages.name;
  if (!options.weightsFile.empty())
    print(os, "--weights-in=" + options.weightsFile);
  if (!options.signature.empty())
    print(os, "--signature=" + options.signature);
  if (options.seed)
    os << " --seed=" << *options.seed;
  if (stages.has("loss"))
    os << " --with=loss";
  if (options.batchGiven)
    os << " --batch="
       << (ShapedType::isDynamic(options.batch) ? "dynamic" : std::to_string(options.batch));
  os << " --weights=" << stages.weights;
  for (const auto &[name, size] : options.namedSizes)
    print(os, "--size=" + name + "=" + size.text());
  if (options.channelsLast)
    os << " --layout=NHWC";
  printSizes(os, options.sizes);
  for (const std::string &option : options.preprocessingOptions)
    print(os, option);
}

std::string sepconv::repeatCommand(const CompileOptions &options, const StageOptions &stages,
                                   Stage stage) {
  std::string text;
  llvm::raw_string_ostream os(text);
  StringRef extension = llvm::sys::path::extension(options.input);
  bool isImported = (extension == ".mlir" || extension == ".mlirbc") &&
                    !ShapedType::isDynamic(options.batch) && !options.preprocessing;
  if (!isImported) {
    printImport(os, options, stages);
    os << " | ";
  }
  os << "sepconv-opt '--sepconv-to-" << stringify(stage) << "=name=" << stages.name
     << " weights=" << stages.weights << " seed=" << stages.seed
     << (stages.functions.empty() ? "" : " with=" + llvm::join(stages.functions, ","))
     << " threads=" << stages.threads << " lowering=" << stages.lowering
     << " target=" << stages.target
     << (stages.schedules.empty() ? "" : " schedules=" + stages.schedules)
     << (stages.floats.compute.empty() ? "" : " compute=" + stages.floats.compute)
     << (stages.floats.io.empty() ? "" : " io=" + stages.floats.io) << "'";
  if (isImported)
    print(os, options.input);
  return text;
}
