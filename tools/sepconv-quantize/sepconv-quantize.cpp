//===- sepconv-quantize.cpp - the command line of the quantizer ------------------===//

#include "Arguments.h"
#include "sepconv/Driver/Diagnostics.h"
#include "sepconv/Quantize/Quantize.h"
#include "sepconv/Support/Version.h"

#include "llvm/Support/Path.h"

#include <csignal>

using namespace mlir;
using namespace mlir::sepconv;

static constexpr llvm::StringLiteral kTool = "sepconv-quantize";

static LogicalResult fail(const Twine &message) {
  reportError(kTool, message);
  return failure();
}

/// An option that changes nothing is a mistake.
static LogicalResult checkEffects(const QuantizeArguments &arguments) {
  StringRef extension = llvm::sys::path::extension(arguments.input);
  if (arguments.weightsIn.getNumOccurrences() &&
      !llvm::is_contained({".keras", ".json", ".h5"}, extension))
    return fail("--weights-in has an effect only with a Keras model");
  if (arguments.signature.getNumOccurrences() && extension != ".tflite")
    return fail("--signature has an effect only with a TFLite model");
  return success();
}

static LogicalResult checkNumbers(const QuantizeArguments &arguments) {
  if (!(arguments.heldOut > 0 && arguments.heldOut < 1))
    return fail("--held-out: expected a share between 0 and 1");
  if (arguments.keepAbove.getNumOccurrences() && !(arguments.keepAbove >= 0))
    return fail("--keep-above: expected an error of at least 0, as 0.1 for a tenth");
  if (!arguments.jobs)
    return fail("unknown value '0' of -j, expected a positive integer");
  return success();
}

static FailureOr<QuantizeOptions> readOptions(const QuantizeArguments &arguments) {
  QuantizeOptions options;
  options.model.tool = kTool;
  options.model.input = arguments.input;
  options.model.weightsFile = arguments.weightsIn;
  options.model.signature = arguments.signature;
  options.model.stages.name.clear(); // the model's own
  options.model.stages.jobs = arguments.jobs;
  options.calibration = arguments.calibration;
  options.output = arguments.output;
  options.report = arguments.report;
  options.range = arguments.range;
  options.interface = arguments.interface;
  options.heldOut = arguments.heldOut;
  options.keep.assign(arguments.keep.begin(), arguments.keep.end());
  options.equalize = arguments.equalize;
  options.correctBias = arguments.correctBias;
  options.quiet = arguments.quiet;
  if (arguments.keepAbove.getNumOccurrences())
    options.keepAbove = arguments.keepAbove;
  if (options.output.empty())
    options.output = (llvm::sys::path::stem(options.model.input) + "_int8.mlir").str();
  if (options.calibration.empty())
    return fail("expected --calibration, samples of the model's input");
  if (llvm::sys::path::extension(options.output) != ".mlir")
    return fail("-o: expected a name that ends in .mlir, found '" + options.output + "'");
  if (!isKnownRange(options.range))
    return fail("unknown value '" + options.range + "' of --range, expected " + kRanges +
                ", where P is from 50 to 100");
  if (failed(checkValue(kTool, "io", options.interface, {"float32", "int8", "uint8"})) ||
      failed(checkEffects(arguments)) || failed(checkNumbers(arguments)))
    return failure();
  return options;
}

int main(int argc, char **argv) {
  // A limit on the size of files is reported like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  cl::ResetCommandLineParser();
  cl::SetVersionPrinter(printVersion);
  QuantizeArguments arguments;
  cl::ParseCommandLineOptions(argc, argv, kQuantizeOverview);
  if (failed(applyDiagnostics(kTool, arguments)))
    return 1;
  FailureOr<QuantizeOptions> options = readOptions(arguments);
  if (failed(options))
    return 1;
  return runTool(kTool, arguments.input, arguments,
                 [&](MLIRContext &context) { return quantizeModel(*options, context); });
}
