//===- ReadModel.cpp - the module of a model's file or of a function -------------===//

#include "Compilation.h"

#include "sepconv/IR/ParseFile.h"
#include "sepconv/Import/Keras.h"
#include "sepconv/Import/Onnx.h"
#include "sepconv/Import/Tflite.h"
#include "sepconv/Support/InputFile.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace mlir::sepconv;

LogicalResult Compilation::readInput() {
  if (!options.call.function.empty()) {
    FunctionCall call = options.call;
    call.activityLoss = llvm::is_contained(stages.functions, "loss");
    return success(bool(module = importFunction(call, &context)));
  }
  StringRef extension = llvm::sys::path::extension(options.input);
  if (llvm::sys::fs::is_directory(options.input))
    extension = ".keras"; // perhaps a SavedModel, of which the importer has a word to say
  else if (llvm::Error error = checkInputFile(options.input))
    return report(llvm::createStringError("cannot read '" + options.input +
                                          "': " + llvm::toString(std::move(error))));
  if (extension == ".mlir" || extension == ".mlirbc")
    module = parseModule();
  else if (llvm::is_contained({".keras", ".json", ".h5"}, extension))
    module = importModel();
  else if (extension == ".onnx")
    module = importOnnxModel();
  else if (extension == ".tflite")
    module = importTfliteModel();
  else
    return report(llvm::createStringError(
        "unknown kind of model '" + options.input +
        "', expected a name that ends in .keras, .h5, .json, .onnx, .tflite or .mlir"));
  return success(bool(module));
}

OwningOpRef<ModuleOp> Compilation::parseModule() {
  if (!ShapedType::isDynamic(options.batch) && options.batchGiven)
    return (void)report(llvm::createStringError("--batch=" + Twine(options.batch) +
                                                ": the types in a .mlir file determine its batch")),
           nullptr;
  OwningOpRef<ModuleOp> parsed = parseModuleFile(options.input, &context);
  if (parsed && ShapedType::isDynamic(options.batch)) {
    (*parsed)->setAttr(kDynamicBatch, UnitAttr::get(&context));
    if (failed(verify(*parsed)))
      return {};
  }
  return parsed;
}

OwningOpRef<ModuleOp> Compilation::importModel() {
  KerasImportOptions import;
  import.weightsFile = options.weightsFile;
  import.batch = options.batch;
  import.batchGiven = options.batchGiven;
  import.sizes = options.sizes;
  import.weightsAsVariables = stages.weights == "arguments" || options.seed;
  import.activityLoss = llvm::is_contained(stages.functions, "loss");
  import.modelName = stages.name;
  return importKeras(options.input, import, &context);
}

LogicalResult Compilation::readImageSize(StringRef model, std::optional<int64_t> &height,
                                         std::optional<int64_t> &width) {
  std::optional<int64_t> *sizes[] = {&height, &width};
  for (auto [range, size] : llvm::zip_equal(options.sizes, sizes)) {
    if (!range)
      continue;
    if (!range->isKnown())
      return report(llvm::createStringError("--height and --width of " + model +
                                            ": expected one size, found " + range->text()));
    *size = range->least;
  }
  return success();
}

OwningOpRef<ModuleOp> Compilation::importOnnxModel() {
  if (stages.weights == "arguments" || options.seed)
    return (void)report(llvm::createStringError("--weights=arguments and --seed do not apply to an "
                                                "ONNX model, whose weights have no "
                                                "initializers: its inputs are its arguments")),
           nullptr;
  OnnxImportOptions import;
  if (options.batchGiven)
    import.batch = options.batch;
  import.imageSizes = options.sizes;
  import.sizes = options.namedSizes;
  import.channelsLast = options.channelsLast;
  import.modelName = stages.name;
  return importOnnx(options.input, import, &context);
}

OwningOpRef<ModuleOp> Compilation::importTfliteModel() {
  if (stages.weights == "arguments" || options.seed)
    return (void)report(llvm::createStringError(
               "--weights=arguments and --seed do not apply to a TFLite model, whose file has the "
               "weights, and nothing of how they were initialized")),
           nullptr;
  TfliteImportOptions import;
  import.batch = options.batch;
  if (failed(readImageSize("a TFLite model", import.height, import.width)))
    return {};
  import.signature = options.signature;
  import.modelName = stages.name;
  return importTflite(options.input, import, &context);
}
