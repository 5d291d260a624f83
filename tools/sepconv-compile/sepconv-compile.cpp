//===- sepconv-compile.cpp - the command line of the compiler --------------------===//

#include "sepconv/Driver/Compile.h"
#include "sepconv/Driver/Diagnostics.h"
#include "sepconv/Product/ProductInterface.h"
#include "sepconv/Schedule/TargetDescription.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"

#include <csignal>

using namespace mlir;
using namespace mlir::sepconv;
namespace cl = llvm::cl;

namespace {
/// The options of the program. They are made after those that LLVM's libraries register have been
/// forgotten: a user needs none of them, and some have the same names.
struct Arguments {
  cl::OptionCategory category{"Options of sepconv-compile"};
  cl::opt<std::string> input{cl::Positional, cl::desc("MODEL"), cl::cat(category)};
  std::string functions = "Compile one call of a function: " + functionNames();
  cl::opt<std::string> function{"function", cl::value_desc("FUNCTION"), cl::cat(category),
                                cl::desc(functions)};
  cl::list<std::string> arguments{
      "arg", cl::value_desc("NAME=VALUE"), cl::cat(category),
      cl::desc("An argument of the function, named and written as in its documentation; "
               "--NAME=VALUE is the same")};
  cl::opt<bool> helpFunction{
      "help-function", cl::cat(category),
      cl::desc("List the arguments of --function, or of all functions, and compile nothing")};
  cl::opt<std::string> directory{
      "o", cl::value_desc("DIR"), cl::cat(category),
      cl::desc("Directory for the output files, created if necessary (default: the current one)")};
  cl::opt<std::string> name{
      "name", cl::value_desc("NAME"), cl::cat(category),
      cl::desc("Prefix of the C functions and of the files (default: the model's name)")};
  cl::list<std::string> emit{
      "emit", cl::value_desc("WHAT,..."), cl::CommaSeparated, cl::cat(category),
      cl::desc(
          "What to write: any of import, graph, kernels, scheduled, loops, llvm, asm, obj, lib, "
          "shared, header, report, and for a GPU ptx, cubin (default: obj,lib,header)")};
  cl::opt<std::string> weightsIn{
      "weights-in", cl::value_desc("FILE"), cl::cat(category),
      cl::desc("Weights file of a .json model (default: NAME.weights.h5 beside it)")};
  cl::opt<uint64_t> seed{
      "seed", cl::value_desc("N"), cl::cat(category),
      cl::desc("Initialize the weights by the model's initializers, from the seed N, instead of "
               "reading them")};
  cl::opt<std::string> batch{
      "batch", cl::value_desc("N|dynamic"), cl::init("1"), cl::cat(category),
      cl::desc("Size of the batch (default: 1); dynamic makes it an argument of NAME_run")};
  cl::opt<std::string> height{
      "height", cl::value_desc("LEAST..GREATEST[/FACTOR]"), cl::cat(category),
      cl::desc(
          "Range of the image heights that NAME_run accepts, multiples of FACTOR; or one height")};
  cl::opt<std::string> width{"width", cl::value_desc("LEAST..GREATEST[/FACTOR]"), cl::cat(category),
                             cl::desc("Range of the image widths, likewise")};
  cl::list<std::string> size{"size", cl::value_desc("NAME=N"), cl::cat(category),
                             cl::desc("Size of the dimensions that an ONNX model calls NAME")};
  cl::opt<std::string> layout{
      "layout", cl::value_desc("model|NHWC"), cl::init("model"), cl::cat(category),
      cl::desc("Layout of images that are inputs and outputs of an ONNX model: the model's "
               "(default), or with the channels last")};
  cl::opt<std::string> listOperators{
      "list-operators", cl::value_desc("onnx|keras"), cl::cat(category),
      cl::desc("List what is supported of a format, and compile nothing")};
  std::string targets = "Machine to compile for: host (default), " +
                        llvm::join(knownTargets(), ", ") +
                        "; join GPUs to a processor by +, as in x86-64-v4+nvptx-sm_80+nvptx-sm_90a";
  cl::opt<std::string> target{"target", cl::value_desc("TARGET"), cl::init("host"),
                              cl::cat(category), cl::desc(targets)};
  cl::opt<std::string> cpu{"cpu", cl::value_desc("CPU"), cl::cat(category),
                           cl::desc("Processor of the target, as LLVM names it")};
  cl::opt<std::string> features{"features", cl::value_desc("+A,-B,..."), cl::cat(category),
                                cl::desc("Instruction sets to add or remove, as LLVM names them")};
  cl::opt<std::string> weights{
      "weights", cl::init("embedded"), cl::cat(category), cl::value_desc("embedded|file|arguments"),
      cl::desc("Where the weights are: in the object (default), in the file NAME.weights, or in "
               "arguments of NAME_run")};
  cl::list<std::string> with{
      "with", cl::value_desc("WHAT,..."), cl::CommaSeparated, cl::cat(category),
      cl::desc("With --weights=arguments, also generate any of init (NAME_init), loss "
               "(NAME_regularization_loss, and the loss of activity regularizers as an output) and "
               "constraints (NAME_apply_constraints)")};
  cl::opt<std::string> threads{
      "threads", cl::init("none"), cl::cat(category), cl::value_desc("none|callback"),
      cl::desc("callback makes a parallel-for an argument of NAME_run (default: none)")};
  cl::opt<std::string> lowering{
      "lowering", cl::init("halide"), cl::cat(category), cl::value_desc("halide|reference"),
      cl::desc(
          "How kernels are lowered to loops: by their schedules (default), or to plain loops by "
          "upstream MLIR")};
  cl::opt<std::string> schedules{
      "schedules", cl::value_desc("DIR"), cl::cat(category),
      cl::desc("Folder of schedules that take precedence over those of the target")};
  cl::opt<std::string> ptxas{
      "ptxas", cl::value_desc("FILE"), cl::cat(category),
      cl::desc(
          "Path of CUDA's assembler, for --emit=cubin (default: $PTXAS, or ptxas on the path)")};
  cl::opt<bool> remarks{"remarks", cl::cat(category),
                        cl::desc("Report what was fused and which schedules were chosen, and why")};
};
} // namespace

static constexpr llvm::StringLiteral kOverview = R"(sepconv-compile: compiles a neural network to C

A model, or one call of a TensorFlow function, becomes an object file, a static library and a C
header.

Examples:
  sepconv-compile digits.keras -o build
  sepconv-compile digits.keras -o build --target=x86-64-v3 --emit=obj,header
  sepconv-compile digits.keras --emit=loops
  sepconv-compile --function=tf.keras.backend.depthwise_conv2d --arg x=1x56x56x64xf32
      --arg depthwise_kernel=3x3x64x1xf32 --padding=same -o build
)";

static LogicalResult fail(const Twine &message) {
  llvm::WithColor::error(llvm::errs(), "sepconv-compile") << message << "\n";
  return failure();
}

/// The exit code of --help-function.
static int help(StringRef function) {
  if (describeFunction(function, llvm::outs()))
    return 0;
  (void)fail("unknown function '" + function + "', expected one of " + functionNames());
  return 1;
}

/// An option whose value is one of a few.
static LogicalResult check(StringRef option, StringRef value, ArrayRef<StringRef> known) {
  if (llvm::is_contained(known, value))
    return success();
  return fail("unknown value '" + value + "' of --" + option + ", expected one of " +
              llvm::join(known, ", "));
}

static LogicalResult readBatch(StringRef text, int64_t &batch) {
  if (text == "dynamic")
    batch = ShapedType::kDynamic;
  else if (text.getAsInteger(10, batch) || batch < 1)
    return fail("unknown value '" + text + "' of --batch, expected a positive integer or dynamic");
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
    int64_t size;
    if (name.empty() || value.getAsInteger(10, size) || size < 1)
      return fail("unknown value '" + text +
                  "' of --size, expected NAME=N, a dimension's name and a positive integer");
    options.namedSizes.push_back({name.str(), size});
  }
  bool isOnnx = StringRef(arguments.input).ends_with(".onnx");
  if (!isOnnx && !arguments.size.empty())
    return fail("--size applies to ONNX models only");
  if (!isOnnx && arguments.layout.getNumOccurrences())
    return fail("--layout applies to ONNX models only");
  options.channelsLast = arguments.layout == "NHWC";
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

/// Options about variables: who has their values.
static LogicalResult checkVariables(const CompileOptions &options) {
  bool areArguments = options.stages.weights == "arguments";
  for (const std::string &what : options.stages.functions)
    if (failed(check("with", what, {"init", "loss", "constraints"})))
      return failure();
  if (!options.stages.functions.empty() && !areArguments)
    return fail("--with needs --weights=arguments, found --weights=" + options.stages.weights);
  if (options.seed && areArguments)
    return fail("--seed and --weights=arguments exclude each other: the compiler initializes the "
                "weights, or the caller passes them");
  if (options.seed && !options.weightsFile.empty())
    return fail("--seed and --weights-in exclude each other: the weights are initialized, or read "
                "from a file");
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
  options.target = arguments.target;
  options.cpu = arguments.cpu;
  options.features = arguments.features;
  options.ptxas = arguments.ptxas;
  options.remarks = arguments.remarks;
  options.stages.name = arguments.name;
  options.stages.weights = arguments.weights;
  options.stages.threads = arguments.threads;
  options.stages.lowering = arguments.lowering;
  options.stages.schedules = arguments.schedules;
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
      failed(readBatch(arguments.batch, options.batch)) ||
      failed(readNamedSizes(arguments, options)) ||
      failed(readSize(arguments.height, options.sizes[0])) ||
      failed(readSize(arguments.width, options.sizes[1])) ||
      failed(readCall(arguments, unknownOptions, options)))
    return failure();
  if (failed(checkVariables(options)))
    return failure();
  bool onlyText = llvm::none_of(options.emit, [](StringRef what) {
    return what == "obj" || what == "lib" || what == "shared" || what == "cubin";
  });
  // A single text without a directory is for standard output.
  if (options.outputDirectory.empty() && !(onlyText && options.emit.size() == 1))
    options.outputDirectory = ".";
  return options;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  // A limit on the size of files is reported like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  cl::ResetCommandLineParser();
  Arguments arguments;
  // What is no option of the program is an argument of the function, if there is one.
  std::optional<cl::list<std::string>> unknownOptions;
  if (llvm::any_of(llvm::ArrayRef(argv, argc),
                   [](StringRef text) { return text.ltrim('-').starts_with("function"); }))
    unknownOptions.emplace(cl::Sink);
  cl::ParseCommandLineOptions(argc, argv, kOverview);
  if (arguments.helpFunction)
    return help(arguments.function);
  if (arguments.listOperators.getNumOccurrences())
    return failed(check("list-operators", arguments.listOperators, operatorFormats())) ||
           failed(listOperators(arguments.listOperators, llvm::outs()));
  FailureOr<CompileOptions> options =
      readOptions(arguments, unknownOptions ? *unknownOptions : std::vector<std::string>());
  if (failed(options))
    return 1;
  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  DiagnosticPrinter printer(&context);
  return failed(compile(*options, context));
}
