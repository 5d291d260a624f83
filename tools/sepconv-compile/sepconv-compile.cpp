//===- sepconv-compile.cpp - the command line of the compiler --------------------===//

#include "CheckOptions.h"
#include "sepconv/Product/ProductInterface.h"
#include "sepconv/Support/Version.h"
#include "sepconv/Target/ResolveTarget.h"

#include "llvm/Support/Path.h"

#include <cmath>
#include <csignal>

using namespace mlir;
using namespace mlir::sepconv;

/// The exit code of --help-function.
static int help(StringRef function) {
  if (describeFunction(function, llvm::outs()))
    return 0;
  (void)fail("unknown function '" + function + "', expected one of " + functionNames());
  return 1;
}

static LogicalResult checkFloats(const cl::opt<std::string> &option) {
  return option.getNumOccurrences() ? check(option.ArgStr, option, {"bf16", "f16", "f32"})
                                    : success();
}

static constexpr int64_t kMaxBatch = 1 << 24; // of any size of an input

static LogicalResult readBatch(StringRef text, int64_t &batch) {
  if (text == "dynamic")
    batch = ShapedType::kDynamic;
  else if (text.getAsInteger(10, batch) || batch < 1 || batch > kMaxBatch)
    return fail("unknown value '" + text + "' of --batch, expected an integer from 1 to " +
                Twine(kMaxBatch) + ", or dynamic");
  return success();
}

static LogicalResult readSize(const cl::opt<std::string> &option, std::optional<SizeRange> &size) {
  if (!option.getNumOccurrences())
    return success();
  size = SizeRange::parse(option);
  if (size)
    return success();
  return fail("unknown value '" + option + "' of --" + option.ArgStr +
              ", expected LEAST..GREATEST, both at least 1, or LEAST..GREATEST/FACTOR, both "
              "multiples of it, or one size");
}

static LogicalResult readNamedSizes(const Arguments &arguments, CompileOptions &options) {
  for (StringRef text : arguments.size) {
    auto [name, value] = text.split('=');
    std::optional<SizeRange> size = SizeRange::parse(value);
    if (name.empty() || !size)
      return fail("unknown value '" + text +
                  "' of --size, expected NAME=N or NAME=LEAST..GREATEST/FACTOR, a dimension's name "
                  "and what --height takes");
    options.namedSizes.push_back({name.str(), *size});
  }
  bool isOnnx = StringRef(arguments.input).ends_with(".onnx");
  if (!isOnnx && !arguments.size.empty())
    return fail("--size applies to ONNX models only");
  if (!isOnnx && arguments.layout.getNumOccurrences())
    return fail("--layout applies to ONNX models only");
  options.channelsLast = arguments.layout == "NHWC";
  return success();
}

/// The numbers of an option, of which there may be one for each channel.
static LogicalResult readNumbers(const cl::list<std::string> &option,
                                 std::vector<double> &numbers) {
  if (!option.getNumOccurrences())
    return success();
  numbers.clear();
  for (StringRef text : option) {
    double number;
    if (text.getAsDouble(number) || !std::isfinite(number))
      return fail("--" + option.ArgStr + ": expected numbers joined by ',', found '" + text + "'");
    numbers.push_back(number);
  }
  return success();
}

/// What pixels become; of a name or of numbers.
static LogicalResult readPreprocessing(const Arguments &arguments, CompileOptions &options) {
  bool hasNumbers =
      arguments.inputMean.getNumOccurrences() || arguments.inputScale.getNumOccurrences();
  if (arguments.preprocess.getNumOccurrences()) {
    options.preprocessing = Preprocessing::named(arguments.preprocess);
    options.preprocessingOptions = {"--preprocess=" + arguments.preprocess};
    if (!options.preprocessing)
      return fail("unknown value '" + arguments.preprocess + "' of --preprocess, expected one of " +
                  Preprocessing::names());
    if (hasNumbers)
      return fail("--preprocess and --input-mean or --input-scale exclude each other");
    return success();
  }
  if (!hasNumbers)
    return success();
  Preprocessing &numbers = options.preprocessing.emplace();
  auto note = [&](const cl::list<std::string> &option) {
    if (option.getNumOccurrences())
      options.preprocessingOptions.push_back(
          ("--" + option.ArgStr + "=" + llvm::join(option.begin(), option.end(), ",")).str());
  };
  note(arguments.inputMean);
  note(arguments.inputScale);
  if (failed(readNumbers(arguments.inputMean, numbers.mean)) ||
      failed(readNumbers(arguments.inputScale, numbers.scale)))
    return failure();
  size_t most = std::max(numbers.mean.size(), numbers.scale.size());
  for (size_t count : {numbers.mean.size(), numbers.scale.size()})
    if (count != 1 && count != most)
      return fail(llvm::join(options.preprocessingOptions, ", ") +
                  ": expected one number, or one for each channel");
  return success();
}

/// The function and its arguments. Its weights are arguments, and its batch is the input's.
static LogicalResult readCall(const Arguments &arguments, ArrayRef<std::string> unknownOptions,
                              CompileOptions &options) {
  options.call.function = arguments.function;
  options.call.sizes = options.sizes;
  if (arguments.function.empty() == arguments.input.empty())
    return fail("expected either a model or --function");
  if (arguments.function.empty())
    return arguments.arguments.empty() ? success() : fail("--arg needs --function");
  if (arguments.batch.getNumOccurrences() || arguments.weightsIn.getNumOccurrences() ||
      (arguments.weights.getNumOccurrences() && arguments.weights != "arguments"))
    return fail("--batch, --weights and --weights-in do not apply to --function: its input has the "
                "batch, and its weights are arguments");
  options.stages.weights = "arguments";
  for (StringRef text : llvm::concat<const std::string>(arguments.arguments, unknownOptions)) {
    auto [name, value] = text.ltrim('-').split('=');
    if (!text.contains('='))
      return fail("expected NAME=VALUE, an argument of the function, found '" + text + "'");
    options.call.arguments.push_back({name.str(), value.str()});
  }
  return success();
}

static FailureOr<CompileOptions> readOptions(const Arguments &arguments,
                                             ArrayRef<std::string> unknownOptions) {
  CompileOptions options;
  options.input = arguments.input;
  options.outputDirectory = arguments.directory;
  options.emit.assign(arguments.emit.begin(), arguments.emit.end());
  options.batchGiven = arguments.batch.getNumOccurrences();
  options.weightsFile = arguments.weightsIn;
  options.signature = arguments.signature;
  options.target = arguments.target;
  options.cpu = arguments.cpu;
  options.features = arguments.features;
  options.ptxas = arguments.ptxas;
  options.unwindTables = arguments.unwindTables;
  options.remarks = arguments.remarks;
  options.stages.name = arguments.name;
  options.stages.weights = arguments.weights;
  options.stages.threads = arguments.threads;
  options.stages.lowering = arguments.lowering;
  options.stages.schedules = arguments.schedules;
  options.stages.jobs = arguments.jobs;
  options.stages.cache = arguments.cache;
  options.stages.floats = {arguments.compute, arguments.io};
  options.stages.functions.assign(arguments.with.begin(), arguments.with.end());
  if (arguments.seed.getNumOccurrences())
    options.seed = arguments.seed;
  if (options.emit.empty())
    options.emit = {"obj", "lib", "header"};
  for (const std::string &what : options.emit)
    if (failed(check("emit", what, emittable())))
      return failure();
  if (failed(check("weights", arguments.weights, {"embedded", "file", "arguments"})) ||
      failed(check("threads", arguments.threads, {"none", "callback"})) ||
      failed(check("lowering", arguments.lowering, {"halide", "reference"})) ||
      failed(check("layout", arguments.layout, {"model", "NHWC"})) ||
      failed(checkFloats(arguments.compute)) || failed(checkFloats(arguments.io)) ||
      failed(readBatch(arguments.batch, options.batch)) ||
      failed(readNamedSizes(arguments, options)) ||
      failed(readSize(arguments.height, options.sizes[0])) ||
      failed(readSize(arguments.width, options.sizes[1])) ||
      failed(readPreprocessing(arguments, options)) ||
      failed(readCall(arguments, unknownOptions, options)))
    return failure();
  options.quiet = arguments.quiet;
  if (failed(checkOptions(arguments, options)))
    return failure();
  if (!arguments.jobs)
    return fail("unknown value '0' of -j, expected a positive integer");
  bool onlyText = llvm::none_of(options.emit, [](StringRef what) {
    return what == "obj" || what == "lib" || what == "shared" || what == "cubin";
  });
  // A single text without a directory is for standard output.
  if (options.outputDirectory.empty() && !(onlyText && options.emit.size() == 1))
    options.outputDirectory = ".";
  return options;
}

int main(int argc, char **argv) {
  // A limit on the size of files is reported like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  cl::ResetCommandLineParser();
  cl::SetVersionPrinter(printVersion);
  Arguments arguments;
  // What is no option of the program is an argument of the function, if there is one.
  std::optional<cl::list<std::string>> unknownOptions;
  if (llvm::any_of(llvm::ArrayRef(argv, argc),
                   [](StringRef text) { return text.ltrim('-').starts_with("function"); }))
    unknownOptions.emplace(cl::Sink);
  cl::ParseCommandLineOptions(argc, argv, kOverview);
  if (failed(applyDiagnostics(kTool, arguments)))
    return 1;
  if (arguments.helpFunction)
    return help(arguments.function);
  if (arguments.listTargets)
    return listTargets(llvm::outs()), 0;
  if (arguments.listOperators.getNumOccurrences())
    return failed(check("list-operators", arguments.listOperators, operatorFormats())) ||
           failed(listOperators(arguments.listOperators, llvm::outs()));
  FailureOr<CompileOptions> options =
      readOptions(arguments, unknownOptions ? *unknownOptions : std::vector<std::string>());
  if (failed(options))
    return 1;
  return runTool(kTool, arguments.input.empty() ? arguments.function : arguments.input, arguments,
                 [&](MLIRContext &context) { return compile(*options, context); });
}
