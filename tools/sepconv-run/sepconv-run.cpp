//===- sepconv-run.cpp - the command line that runs compiled models --------------===//

#include "Arguments.h"
#include "sepconv/Run/Benchmark.h"
#include "sepconv/Run/Compare.h"
#include "sepconv/Run/Product.h"
#include "sepconv/Run/Profile.h"
#include "sepconv/Run/SelfTest.h"
#include "sepconv/Runtime/Emulator.h"
#include "sepconv/Support/Guard.h"
#include "sepconv/Support/InputFile.h"
#include "sepconv/Support/OutputFiles.h"
#include "sepconv/Support/Version.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace mlir::sepconv;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

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
                                         ArrayRef<std::string> files, bool quantize = false) {
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
    if (quantize)
      array = port.quantize(std::move(*array));
    if (!port.accepts(array->type))
      return createStringError("'" + path + "' for " + what + " '" + port.name + "': expected " +
                               port.shown() + ", found " + array->type.shown());
    arrays.push_back(std::move(*array));
  }
  return arrays;
}

static Expected<std::unique_ptr<llvm::MemoryBuffer>> readWeightsFile(const RunArguments &arguments,
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

static Error bind(const RunArguments &arguments, Product &product) {
  bool random = arguments.benchmark && arguments.inputs.empty();
  Expected<std::vector<Array>> inputs =
      random ? randomArrays(product.inputs(), product, -1)
             : read("input", product.inputs(), arguments.inputs, arguments.quantize);
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

static Error makeDirectory(StringRef directory) {
  if (std::error_code code = llvm::sys::fs::create_directories(directory, /*IgnoreExisting=*/true,
                                                               llvm::sys::fs::perms::all_all))
    return createStringError(code,
                             "cannot create the directory '" + directory + "': " + code.message());
  return Error::success();
}

/// Keeps the files of a directory, and says so.
static Error keep(OutputFiles &files, StringRef directory, bool quiet) {
  if (Error error = files.keep())
    return error;
  if (!quiet)
    llvm::outs() << "wrote " << llvm::join(files.names(), ", ") << " to '" << directory << "'\n";
  return Error::success();
}

/// What an output is outside: numbers, where they are wanted instead of integers.
static Array shownOutput(const Port &port, const Array &array, bool quantize) {
  return quantize ? port.dequantize(array) : array;
}

static Error writeOutputs(const RunArguments &arguments, const Product &product) {
  const std::string &directory = arguments.directory;
  if (Error error = makeDirectory(directory))
    return error;
  OutputFiles files;
  for (auto [port, array] : llvm::zip_equal(product.outputs(), product.results())) {
    SmallString<128> path(directory);
    llvm::sys::path::append(path, port.cName + ".npy");
    if (Error error =
            files.add(path, StringRef(toNpy(shownOutput(port, array, arguments.quantize)))))
      return error;
  }
  return keep(files, directory, arguments.quiet);
}

/// The outputs are expected to be those that --compare names, and otherwise those of this run.
static Error writeSelfTest(const RunArguments &arguments, const Product &product) {
  Expected<std::vector<std::string>> paths = assign("output", product.outputs(), arguments.compare);
  if (!paths)
    return paths.takeError();
  std::vector<Array> expected = product.results();
  for (auto [array, path] : llvm::zip_equal(expected, *paths)) {
    if (path.empty())
      continue;
    Expected<Array> reference = readNpy(path);
    if (!reference)
      return reference.takeError();
    array = std::move(*reference);
  }
  Expected<std::string> text = makeSelfTest(product, expected, arguments.tolerance);
  if (!text)
    return text.takeError();
  if (Error error = makeDirectory(arguments.selfTest))
    return error;
  OutputFiles files;
  SmallString<128> path(arguments.selfTest);
  llvm::sys::path::append(path, product.name() + "_selftest.c");
  if (Error error = files.add(path, StringRef(*text)))
    return error;
  return keep(files, arguments.selfTest, arguments.quiet);
}

/// Prints the errors of the outputs that are to be compared; an error names all that are too large.
static Error compareOutputs(const RunArguments &arguments, const Product &product) {
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
    Array found = shownOutput(port, result, arguments.quantize);
    wrong = llvm::joinErrors(
        std::move(wrong), compare(port.name, found, *reference, arguments.tolerance, llvm::outs()));
  }
  return wrong;
}

/// An error if the kernels of an emulated GPU have shown faults, which are printed already.
static Error checkEmulation(const RunArguments &arguments) {
  if (!arguments.gpuReport.empty())
    if (int code = sepconv_emulator_write_report(arguments.gpuReport.c_str()))
      return createStringError("cannot write '" + arguments.gpuReport +
                               "': " + std::generic_category().message(code));
  if (size_t findings = sepconv_emulator_findings())
    return createStringError("the emulated GPU found " + Twine(findings) + " faults at " +
                             Twine(sepconv_emulator_places()) + " source locations");
  return Error::success();
}

static Error run(const RunArguments &arguments) {
  Expected<std::unique_ptr<Product>> loaded = Product::load(arguments.product);
  if (!loaded)
    return loaded.takeError();
  Product &product = **loaded;
  if (arguments.describe) {
    product.describe(llvm::outs(), arguments.json);
    return Error::success();
  }
  auto hasScale = [](const Port &port) { return port.scale != 0; };
  if (arguments.quantize && llvm::none_of(product.inputs(), hasScale) &&
      llvm::none_of(product.outputs(), hasScale))
    return createStringError("--quantize has an effect only on a product whose inputs or outputs "
                             "are integers that have a scale");
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
    if (Error error = writeOutputs(arguments, product))
      return error;
  if (Error error = compareOutputs(arguments, product))
    return error;
  if (!arguments.selfTest.empty())
    if (Error error = writeSelfTest(arguments, product))
      return error;
  if (arguments.perKernel)
    return profileKernels(product, arguments.seconds, arguments.json, arguments.page, llvm::outs());
  return arguments.benchmark ? benchmark(product, arguments.seconds, llvm::outs())
                             : Error::success();
}

/// An option that changes nothing is a mistake.
static Error checkEffects(const RunArguments &arguments) {
  bool runs = !arguments.describe;
  const std::tuple<const cl::Option &, bool, StringRef> rules[] = {
      {arguments.json, !runs || arguments.perKernel, "with --describe or --per-kernel"},
      {arguments.perKernel, arguments.benchmark, "with --benchmark"},
      {arguments.page, arguments.perKernel, "with --per-kernel"},
      {arguments.seconds, arguments.benchmark, "with --benchmark"},
      {arguments.tolerance, !arguments.compare.empty() || !arguments.selfTest.empty(),
       "with --compare or --selftest"},
      {arguments.quiet, !arguments.directory.empty() || !arguments.selfTest.empty(),
       "with -o or --selftest"},
      {arguments.selfTest, runs, "without --describe"},
      {arguments.directory, runs, "without --describe"},
      {arguments.compare, runs, "without --describe"},
      {arguments.quantize, runs && arguments.selfTest.empty(),
       "without --describe and --self-test"},
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
static int runAndReport(const RunArguments &arguments) {
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
  RunArguments arguments;
  cl::ParseCommandLineOptions(argc, argv, kRunOverview);
  Guard guard{"sepconv-run", "'" + arguments.product + "'", std::nullopt, ""};
  return runGuarded(guard, [&] { return runAndReport(arguments); });
}
