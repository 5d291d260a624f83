//===- sepconv-run.cpp - the command line that runs compiled models --------------===//

#include "Files.h"
#include "sepconv/Run/Benchmark.h"
#include "sepconv/Run/Compare.h"
#include "sepconv/Run/Product.h"
#include "sepconv/Run/Profile.h"
#include "sepconv/Runtime/Emulator.h"
#include "sepconv/Support/Guard.h"
#include "sepconv/Support/InputFile.h"
#include "sepconv/Support/Version.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace mlir::sepconv;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// Null for a product that needs none.
static Expected<std::unique_ptr<llvm::MemoryBuffer>> readWeightsFile(const RunArguments &arguments,
                                                                     const Product &product) {
  if (!product.weightsAreAFile())
    return nullptr;
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

static StringRef contents(const std::unique_ptr<llvm::MemoryBuffer> &file) {
  return file ? file->getBuffer() : "";
}

static Error bind(const RunArguments &arguments, Product &product) {
  bool random = arguments.benchmark && arguments.inputs.empty();
  Expected<std::vector<Array>> inputs =
      random ? randomArrays(product.inputs(), product, -1)
             : readArrays("input", product.inputs(), arguments.inputs, arguments.quantize);
  if (!inputs)
    return inputs.takeError();
  std::vector<Array> weights;
  auto file = readWeightsFile(arguments, product);
  if (!file)
    return file.takeError();
  if (!*file) {
    // Variances must not be negative.
    bool made = random && arguments.weights.empty();
    Expected<std::vector<Array>> found =
        made ? randomArrays(product.weights(), product, 0)
             : readArrays("weight", product.weights(), arguments.weights);
    if (!found)
      return found.takeError();
    weights = std::move(*found);
  }
  return product.bind(std::move(*inputs), std::move(weights), contents(*file), arguments.threads);
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

static Error selfTest(const RunArguments &arguments, Product &product) {
  auto file = readWeightsFile(arguments, product);
  if (!file)
    return file.takeError();
  if (Error error = product.selfTest(contents(*file)))
    return error;
  if (Error error = checkEmulation(arguments))
    return error;
  llvm::outs() << product.name() << "_selftest: success\n";
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
  if (arguments.selfTest)
    return selfTest(arguments, product);
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
  if (arguments.perKernel)
    return profileKernels(product, arguments.seconds, arguments.json, arguments.page, llvm::outs());
  return arguments.benchmark ? benchmark(product, arguments.seconds, llvm::outs())
                             : Error::success();
}

/// An option that changes nothing is a mistake.
static Error checkEffects(const RunArguments &arguments) {
  bool runs = !arguments.describe && !arguments.selfTest;
  const std::tuple<const cl::Option &, bool, StringRef> rules[] = {
      {arguments.json, arguments.describe || arguments.perKernel,
       "with --describe or --per-kernel"},
      {arguments.perKernel, arguments.benchmark, "with --benchmark"},
      {arguments.page, arguments.perKernel, "with --per-kernel"},
      {arguments.seconds, arguments.benchmark, "with --benchmark"},
      {arguments.tolerance, !arguments.compare.empty(), "with --compare"},
      {arguments.quiet, !arguments.directory.empty(), "with -o"},
      {arguments.selfTest, !arguments.describe, "without --describe"},
      {arguments.cuda, runs, "without --describe and --selftest"},
      {arguments.directory, runs, "without --describe and --selftest"},
      {arguments.compare, runs, "without --describe and --selftest"},
      {arguments.quantize, runs, "without --describe and --selftest"},
      {arguments.benchmark, runs, "without --describe and --selftest"},
      {arguments.threads, runs, "without --describe and --selftest"},
      {arguments.weights, !arguments.describe, "without --describe"}};
  for (const auto &[option, hasEffect, where] : rules)
    if (option.getNumOccurrences() && !hasEffect)
      return createStringError((option.ArgStr.size() > 1 ? "--" : "-") + option.ArgStr +
                               " has an effect only " + where);
  if (!runs && !arguments.inputs.empty())
    return createStringError("inputs have an effect only without --describe and --selftest");
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
