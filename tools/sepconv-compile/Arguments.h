//===- Arguments.h - the options of sepconv-compile ------------------------------===//
#pragma once

#include "sepconv/Driver/CommandLine.h"
#include "sepconv/Import/Function.h"
#include "sepconv/Import/Preprocess.h"
#include "sepconv/Schedule/TargetDescription.h"

#include "llvm/ADT/StringExtras.h"

namespace mlir::sepconv {

/// The options of the program.
struct Arguments : ModelArguments {
  Arguments() : ModelArguments("Options of sepconv-compile") {}

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
          "shared, header, infer (a C++ header), report (a page, NAME.html), report-json "
          "(NAME.json), and for a GPU ptx, cubin (default: obj,lib,header)")};
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
  cl::opt<std::string> compute{
      "compute", cl::value_desc("bf16|f16|f32"), cl::cat(category),
      cl::desc("Store weights and activations of floats in this type (default: what the model "
               "says); sums are of float32, inputs and outputs stay")};
  cl::opt<std::string> io{"io", cl::value_desc("bf16|f16|f32"), cl::cat(category),
                          cl::desc("Type of the inputs and outputs of floats, likewise")};
  cl::opt<std::string> listOperators{
      "list-operators", cl::value_desc("onnx|tflite|keras"), cl::cat(category),
      cl::desc("List what is supported of a format, and compile nothing")};
  cl::opt<bool> listTargets{
      "list-targets", cl::cat(category),
      cl::desc("List what each target has, and which one this machine is, and compile nothing")};
  std::string preprocessings =
      "Take images of uint8, red first, and scale them as keras.applications' preprocess_input "
      "does for " +
      Preprocessing::names();
  cl::opt<std::string> preprocess{"preprocess", cl::value_desc("NAME"), cl::cat(category),
                                  cl::desc(preprocessings)};
  cl::list<std::string> inputMean{
      "input-mean", cl::value_desc("M,..."), cl::CommaSeparated, cl::cat(category),
      cl::desc(
          "Take images of uint8: a channel of the model's input is (pixel - M) * S; one number, "
          "or one for each channel (default: 0)")};
  cl::list<std::string> inputScale{"input-scale", cl::value_desc("S,..."), cl::CommaSeparated,
                                   cl::cat(category), cl::desc("Likewise (default: 1)")};
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
      cl::desc("Also generate profile (NAME_profile, the times of kernels), selftest "
               "(NAME_selftest, which "
               "compares a run with one of when the product was compiled), and with "
               "--weights=arguments any of init (NAME_init), loss (NAME_regularization_loss, and "
               "the loss of activity regularizers as an output) and constraints "
               "(NAME_apply_constraints)")};
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
  cl::opt<std::string> cache{
      "cache", cl::value_desc("DIR"), cl::cat(category),
      cl::desc("Folder, made if it is not there, that keeps kernels and products for the next "
               "compilation, up to 1 GiB")};
  cl::opt<bool> quiet{"q", cl::cat(category), cl::desc("Do not say which files were written")};
  cl::opt<std::string> ptxas{
      "ptxas", cl::value_desc("FILE"), cl::cat(category),
      cl::desc(
          "Path of CUDA's assembler, for --emit=cubin (default: $PTXAS, or ptxas on the path)")};
  cl::opt<bool> unwindTables{
      "unwind-tables", cl::cat(category),
      cl::desc("Write tables by which profilers and debuggers walk through the calls of the code")};
  cl::opt<bool> remarks{"remarks", cl::cat(category),
                        cl::desc("Report what was fused and which schedules were chosen, and why")};
};

inline constexpr llvm::StringLiteral kOverview = R"(sepconv-compile: compiles a neural network to C

A model, or one call of a TensorFlow function, becomes an object file, a static library and a C
header.

Examples:
  sepconv-compile digits.keras -o build
  sepconv-compile digits.keras -o build --target=x86-64-v3 --emit=obj,header
  sepconv-compile digits.keras --emit=loops
  sepconv-compile --function=tf.keras.backend.depthwise_conv2d --arg x=1x56x56x64xf32
      --arg depthwise_kernel=3x3x64x1xf32 --padding=same -o build
)";

} // namespace mlir::sepconv
