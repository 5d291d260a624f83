//===- sepconv-run.cpp - the command line that runs compiled models --------------===//

#include "sepconv/Run/Benchmark.h"
#include "sepconv/Run/Compare.h"
#include "sepconv/Run/Product.h"
#include "sepconv/Runtime/Emulator.h"
#include "sepconv/Support/Guard.h"
#include "sepconv/Support/InputFile.h"
#include "sepconv/Support/OutputFiles.h"
#include "sepconv/Support/Version.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace mlir::sepconv;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
namespace cl = llvm::cl;

namespace {
/// The options of the program, made after those of LLVM's libraries have been forgotten.
struct Arguments {
  cl::OptionCategory category{"Options of sepconv-run"};
  cl::opt<std::string> product{cl::Positional, cl::Required, cl::desc("PRODUCT")};
  cl::list<std::string> inputs{cl::Positional, cl::desc("[INPUT.npy | NAME=INPUT.npy ...]")};
  cl::opt<bool> describe{"describe", cl::cat(category),
                         cl::desc("Print what the product is, and run nothing")};
  cl::opt<bool> json{"json", cl::cat(category), cl::desc("Print the description as JSON")};
  cl::opt<std::string> directory{"o", cl::value_desc("DIR"), cl::cat(category),
                                 cl::desc("Write each output to DIR/NAME.npy")};
  cl::opt<bool> quiet{"q", cl::cat(category), cl::desc("Do not say which files were written")};
  cl::list<std::string> compare{
      "compare", cl::value_desc("[NAME=]FILE.npy"), cl::cat(category),
      cl::desc("Compare an output with a file; the exit code is 1 if it differs by more than the "
               "tolerance")};
  cl::opt<double> tolerance{"tolerance", cl::value_desc("T"), cl::init(1e-5), cl::cat(category),
                            cl::desc("Largest error allowed, relative to the largest magnitude of "
                                     "the reference (default: 1e-5)")};
  cl::opt<bool> benchmark{
      "benchmark", cl::cat(category),
      cl::desc("Measure the time of a run; without inputs, on random numbers, where sizes are "
               "dynamic on one image of the maximum size")};
  cl::opt<double> seconds{"seconds", cl::value_desc("S"), cl::init(1), cl::cat(category),
                          cl::desc("How long to measure (default: 1)")};
  cl::opt<unsigned> threads{
      "threads", cl::value_desc("N"), cl::init(0), cl::cat(category),
      cl::desc(
          "Number of threads, for a product compiled with --threads=callback (default: none)")};
  cl::opt<bool> cuda{"cuda", cl::cat(category),
                     cl::desc("Run the product's GPU code, on the first GPU of the CUDA driver")};
  cl::opt<std::string> gpuReport{
      "gpu-report", cl::value_desc("FILE"), cl::cat(category),
      cl::desc("Write the counters of each launch on an emulated GPU, as JSON")};
  cl::list<std::string> weights{
      "weights", cl::value_desc("[NAME=]FILE"), cl::cat(category),
      cl::desc("For a product compiled with --weights=file, its NAME.weights or NAME_cuda.weights "
               "(default: beside the product); with --weights=arguments, an .npy file per weight")};
};
} // namespace

static constexpr llvm::StringLiteral kOverview = R"(sepconv-run: runs a compiled model

PRODUCT is a libNAME.so, NAME.o or libNAME.a written by sepconv-compile. Inputs and weights are .npy
files of the product's element types, in its order or by name; bfloat16 is NumPy's V2.
A batch that is dynamic is the first size of the inputs, and other dynamic sizes are theirs too.

Examples:
  sepconv-run libdigits.so --describe
  sepconv-run libdigits.so images.npy --compare probabilities.npy
  sepconv-run libdigits.a input=images.npy -o results
  sepconv-run libdigits.so --benchmark --seconds=5
  sepconv-run libdigits.so images.npy --cuda --compare probabilities.npy
)";

/// The files of an option by the position of the port that each is for: "NAME=FILE", or the next
/// one that has none.
static Expected<std::vector<std::string>> assign(StringRef what, ArrayRef<Port> ports,
                                                 ArrayRef<std::string> files) {
  std::vector<std::string> result(ports.size());
  size_t next = 0;
  for (StringRef file : files) {
    StringRef name = file.split('=').first, path = file.split('=').second;
    auto isNamed = [&](const Port &port) { return port.name == name || port.cName == name; };
    size_t at = llvm::find_if(ports, isNamed) - ports.begin();
    if (path.empty()) {
      path = file;
      while (next < ports.size() && !result[next].empty())
        ++next;
      at = next;
    }
    if (at == ports.size()) {
      std::string names;
      for (const Port &port : ports)
        names += (names.empty() ? "'" : ", '") + port.name + "'";
      return createStringError("no " + what + " for '" + file + "', " +
                               (names.empty() ? "there are none" : "expected one of " + names));
    }
    if (!result[at].empty())
      return createStringError(what + " '" + ports[at].name + "' is given twice");
    result[at] = path.str();
  }
  return result;
}

static Expected<std::vector<Array>> read(StringRef what, ArrayRef<Port> ports,
                                         ArrayRef<std::string> files) {
  Expected<std::vector<std::string>> paths = assign(what, ports, files);
  if (!paths)
    return paths.takeError();
  std::vector<Array> arrays;
  for (auto [port, path] : llvm::zip_equal(ports, *paths)) {
    if (path.empty())
      return createStringError("missing file for " + what + " '" + port.name + "', expected " +
                               port.shown());
    Expected<Array> array = readNpy(path);
    if (!array)
      return array.takeError();
    if (!port.accepts(array->type))
      return createStringError("'" + path + "' for " + what + " '" + port.name + "': expected " +
                               port.shown() + ", found " + array->type.shown());
    arrays.push_back(std::move(*array));
  }
  return arrays;
}

static Expected<std::unique_ptr<llvm::MemoryBuffer>> readWeightsFile(const Arguments &arguments,
                                                                     const Product &product) {
  SmallString<128> path(llvm::sys::path::parent_path(arguments.product));
  llvm::sys::path::append(path, product.name() + (arguments.cuda ? "_cuda.weights" : ".weights"));
  if (!arguments.weights.empty())
    path = arguments.weights.front();
  auto file = readInputFile(path);
  if (!file)
    return createStringError("cannot read the weights '" + path +
                             "': " + llvm::toString(file.takeError()));
  return std::move(*file);
}

static Error bind(const Arguments &arguments, Product &product) {
  bool random = arguments.benchmark && arguments.inputs.empty();
  Expected<std::vector<Array>> inputs = random ? randomArrays(product.inputs(), product, -1)
                                               : read("input", product.inputs(), arguments.inputs);
  if (!inputs)
    return inputs.takeError();
  std::vector<Array> weights;
  std::unique_ptr<llvm::MemoryBuffer> file;
  if (product.weightsAreAFile()) {
    auto opened = readWeightsFile(arguments, product);
    if (!opened)
      return opened.takeError();
    file = std::move(*opened);
  } else {
    // Variances must not be negative.
    bool made = random && arguments.weights.empty();
    Expected<std::vector<Array>> found = made
                                             ? randomArrays(product.weights(), product, 0)
                                             : read("weight", product.weights(), arguments.weights);
    if (!found)
      return found.takeError();
    weights = std::move(*found);
  }
  return product.bind(std::move(*inputs), std::move(weights), file ? file->getBuffer() : "",
                      arguments.threads);
}

static Error writeOutputs(StringRef directory, const Product &product, bool quiet) {
  if (std::error_code code = llvm::sys::fs::create_directories(directory, /*IgnoreExisting=*/true,
                                                               llvm::sys::fs::perms::all_all))
    return createStringError(code,
                             "cannot create the directory '" + directory + "': " + code.message());
  OutputFiles files;
  for (auto [port, array] : llvm::zip_equal(product.outputs(), product.results())) {
    SmallString<128> path(directory);
    llvm::sys::path::append(path, port.cName + ".npy");
    if (Error error = files.add(path, StringRef(toNpy(array))))
      return error;
  }
  if (Error error = files.keep())
    return error;
  if (!quiet)
    llvm::outs() << "wrote " << llvm::join(files.names(), ", ") << " to '" << directory << "'\n";
  return Error::success();
}

/// Prints the errors of the outputs that are to be compared; an error names all that are too large.
static Error compareOutputs(const Arguments &arguments, const Product &product) {
  Expected<std::vector<std::string>> paths = assign("output", product.outputs(), arguments.compare);
  if (!paths)
    return paths.takeError();
  Error wrong = Error::success();
  for (auto [port, path, result] : llvm::zip_equal(product.outputs(), *paths, product.results())) {
    if (path.empty())
      continue;
    Expected<Array> reference = readNpy(path);
    if (!reference)
      return llvm::joinErrors(std::move(wrong), reference.takeError());
    wrong = llvm::joinErrors(std::move(wrong), compare(port.name, result, *reference,
                                                       arguments.tolerance, llvm::outs()));
  }
  return wrong;
}

/// An error if the kernels of an emulated GPU have shown faults, which are printed already.
static Error checkEmulation(const Arguments &arguments) {
  if (!arguments.gpuReport.empty())
    if (int code = sepconv_emulator_write_report(arguments.gpuReport.c_str()))
      return createStringError("cannot write '" + arguments.gpuReport +
                               "': " + std::generic_category().message(code));
  if (size_t findings = sepconv_emulator_findings())
    return createStringError("the emulated GPU found " + Twine(findings) + " faults at " +
                             Twine(sepconv_emulator_places()) + " source locations");
  return Error::success();
}

static Error run(const Arguments &arguments) {
  Expected<std::unique_ptr<Product>> loaded = Product::load(arguments.product);
  if (!loaded)
    return loaded.takeError();
  Product &product = **loaded;
  if (arguments.describe) {
    product.describe(llvm::outs(), arguments.json);
    return Error::success();
  }
  if (arguments.cuda)
    if (Error error = product.useGpu())
      return error;
  if (Error error = bind(arguments, product))
    return error;
  if (Error error = product.run())
    return error;
  if (Error error = product.fetch())
    return error;
  if (Error error = checkEmulation(arguments))
    return error;
  if (!arguments.directory.empty())
    if (Error error = writeOutputs(arguments.directory, product, arguments.quiet))
      return error;
  if (Error error = compareOutputs(arguments, product))
    return error;
  return arguments.benchmark ? benchmark(product, arguments.seconds, llvm::outs())
                             : Error::success();
}

/// An option that changes nothing is a mistake.
static Error checkEffects(const Arguments &arguments) {
  bool runs = !arguments.describe;
  const std::tuple<const cl::Option &, bool, StringRef> rules[] = {
      {arguments.json, !runs, "with --describe"},
      {arguments.seconds, arguments.benchmark, "with --benchmark"},
      {arguments.tolerance, !arguments.compare.empty(), "with --compare"},
      {arguments.quiet, !arguments.directory.empty(), "with -o"},
      {arguments.directory, runs, "without --describe"},
      {arguments.compare, runs, "without --describe"},
      {arguments.benchmark, runs, "without --describe"},
      {arguments.threads, runs, "without --describe"},
      {arguments.weights, runs, "without --describe"}};
  for (const auto &[option, hasEffect, where] : rules)
    if (option.getNumOccurrences() && !hasEffect)
      return createStringError((option.ArgStr.size() > 1 ? "--" : "-") + option.ArgStr +
                               " has an effect only " + where);
  if (!runs && !arguments.inputs.empty())
    return createStringError("inputs have an effect only without --describe");
  return Error::success();
}

/// The exit code.
static int runAndReport(const Arguments &arguments) {
  Error error = checkEffects(arguments);
  if (!error)
    error = run(arguments);
  bool failed = static_cast<bool>(error);
  llvm::handleAllErrors(std::move(error), [](const llvm::ErrorInfoBase &problem) {
    llvm::WithColor::error(llvm::errs(), "sepconv-run") << problem.message() << "\n";
  });
  return failed;
}

int main(int argc, char **argv) {
  cl::ResetCommandLineParser();
  cl::SetVersionPrinter(printVersion);
  Arguments arguments;
  cl::ParseCommandLineOptions(argc, argv, kOverview);
  Guard guard{"sepconv-run", "'" + arguments.product + "'", std::nullopt, ""};
  return runGuarded(guard, [&] { return runAndReport(arguments); });
}
