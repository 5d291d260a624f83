//===- Arguments.h - the options of sepconv-run ----------------------------------===//
#pragma once

#include "llvm/Support/CommandLine.h"

namespace mlir::sepconv {
namespace cl = llvm::cl;

/// The options of the program (its name is not that of the compiler's, as one program can be
/// both), made after those of LLVM's libraries have been forgotten.
struct RunArguments {
  cl::OptionCategory category{"Options of sepconv-run"};
  cl::opt<std::string> product{cl::Positional, cl::Required, cl::desc("PRODUCT")};
  cl::list<std::string> inputs{cl::Positional, cl::desc("[INPUT.npy | NAME=INPUT.npy ...]")};
  cl::opt<bool> describe{"describe", cl::cat(category),
                         cl::desc("Print what the product is, and run nothing")};
  cl::opt<bool> json{"json", cl::cat(category),
                     cl::desc("Print the description, or the times of kernels, as JSON")};
  cl::opt<std::string> directory{"o", cl::value_desc("DIR"), cl::cat(category),
                                 cl::desc("Write each output to DIR/NAME.npy")};
  cl::opt<bool> selfTest{
      "selftest", cl::cat(category),
      cl::desc("Call NAME_selftest, of a product compiled with --with=selftest, and run nothing "
               "else; the exit code is 1 if it fails")};
  cl::opt<bool> quantize{
      "quantize", cl::cat(category),
      cl::desc("Take inputs of floats for integers that have a scale, and give such outputs as "
               "float32")};
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
  cl::opt<bool> perKernel{
      "per-kernel", cl::cat(category),
      cl::desc("With --benchmark, print the time of each call of a kernel, of a product compiled "
               "with --with=profile")};
  cl::opt<std::string> page{
      "page", cl::value_desc("FILE"), cl::cat(category),
      cl::desc("With --per-kernel, also write the report of the product, with these times, as an "
               "HTML page")};
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
inline constexpr llvm::StringLiteral kRunOverview = R"(sepconv-run: runs a compiled model

PRODUCT is a libNAME.so, NAME.o or libNAME.a written by sepconv-compile. Inputs and weights are .npy
files of the product's element types, in its order or by name; bfloat16 is NumPy's V2.
A batch that is dynamic is the first size of the inputs, and other dynamic sizes are theirs too.

Examples:
  sepconv-run libdigits.so --describe
  sepconv-run libdigits.so images.npy --compare probabilities.npy
  sepconv-run libdigits.a input=images.npy -o results
  sepconv-run libdigits.so --benchmark --seconds=5
  sepconv-run libdigits.so --benchmark --per-kernel --page=digits.html
  sepconv-run libdigits.so images.npy --cuda --compare probabilities.npy
)";

} // namespace mlir::sepconv
