//===- CheckOptions.cpp - which options go together ------------------------------===//

#include "CheckOptions.h"

#include "llvm/Support/Path.h"

using namespace mlir;
using namespace mlir::sepconv;

/// Options about variables: who has their values.
static LogicalResult checkVariables(const CompileOptions &options) {
  bool areArguments = options.stages.weights == "arguments";
  for (const std::string &what : options.stages.functions)
    if (failed(check("with", what, {"init", "loss", "constraints", kProfile, kSelfTest})))
      return failure();
  for (const std::string &what : options.stages.functions)
    if (what != kProfile && what != kSelfTest && !areArguments)
      return fail("--with=" + what +
                  " needs --weights=arguments, found --weights=" + options.stages.weights);
  if (options.seed && areArguments)
    return fail("--seed and --weights=arguments exclude each other: the compiler initializes the "
                "weights, or the caller passes them");
  if (options.seed && !options.weightsFile.empty())
    return fail("--seed and --weights-in exclude each other: the weights are initialized, or read "
                "from a file");
  return success();
}

/// What counts time or tests is made late, and for the processor.
static LogicalResult checkInstrumentation(const CompileOptions &options) {
  if (options.stages.has(kSelfTest) && StringRef(options.target).contains("nvptx-sm_"))
    return fail("--with=selftest tests NAME_run, which runs on the processor, found GPUs in "
                "--target=" +
                options.target + "; compile for the processor alone");
  for (auto [function, first] :
       {std::pair(kSelfTest, Stage::Loops), std::pair(kProfile, Stage::LLVM)})
    if (options.stages.has(function) && llvm::none_of(options.emit, [&](StringRef what) {
          return parseStage(what).value_or(Stage::LLVM) >= first;
        }))
      return fail("--with=" + function + " has an effect only for what is emitted from the stage " +
                  stringify(first) + " on");
  return success();
}

/// An option that changes nothing is a mistake.
static LogicalResult checkEffects(const Arguments &arguments, const CompileOptions &options) {
  auto isLate = [](StringRef what) {
    return parseStage(what).value_or(Stage::LLVM) > Stage::Kernels;
  };
  bool isScheduled = llvm::any_of(options.emit, isLate);
  StringRef extension = llvm::sys::path::extension(options.input);
  bool isKeras = llvm::is_contained({".keras", ".json", ".h5"}, extension);
  bool isTflite = extension == ".tflite";
  bool takesSizes = !options.call.function.empty() || isKeras || extension == ".onnx" || isTflite;
  bool isGpu = StringRef(options.target).contains("nvptx");
  bool isCode = llvm::any_of(options.emit, [](StringRef what) {
    return llvm::is_contained({"asm", "obj", "lib", "shared"}, what);
  });
  const std::tuple<const cl::Option &, bool, StringRef> rules[] = {
      {arguments.unwindTables, isCode, "for what is emitted as asm, obj, lib or shared"},
      {arguments.schedules, isScheduled && options.stages.lowering == "halide",
       "with the lowering halide, and what is emitted from the stage scheduled on"},
      {arguments.threads, isScheduled, "for what is emitted from the stage scheduled on"},
      {arguments.lowering, isScheduled, "for what is emitted from the stage scheduled on"},
      {arguments.jobs, isScheduled, "for what is emitted from the stage scheduled on"},
      {arguments.cache, isScheduled, "for what is emitted from the stage scheduled on"},
      {arguments.ptxas, isGpu, "with a GPU among the targets"},
      {arguments.height, takesSizes, "with --function, a Keras, an ONNX or a TFLite model"},
      {arguments.width, takesSizes, "with --function, a Keras, an ONNX or a TFLite model"},
      {arguments.signature, isTflite, "with a TFLite model"},
      {arguments.weightsIn, isKeras, "with a Keras model"}};
  for (const auto &[option, hasEffect, where] : rules)
    if (option.getNumOccurrences() && !hasEffect)
      return fail("--" + option.ArgStr + " has an effect only " + where);
  return success();
}

LogicalResult sepconv::checkOptions(const Arguments &arguments, const CompileOptions &options) {
  return success(succeeded(checkVariables(options)) && succeeded(checkInstrumentation(options)) &&
                 succeeded(checkEffects(arguments, options)));
}
