//===- Arguments.h - the options of sepconv-quantize -----------------------------===//
#pragma once

#include "sepconv/Driver/CommandLine.h"

namespace mlir::sepconv {

/// The options of the program.
struct QuantizeArguments : ModelArguments {
  QuantizeArguments() : ModelArguments("Options of sepconv-quantize") {}

  cl::opt<std::string> input{cl::Positional, cl::Required, cl::desc("MODEL"), cl::cat(category)};
  cl::opt<std::string> calibration{
      "calibration", cl::value_desc("DIR|FILE.npy"), cl::cat(category),
      cl::desc("Samples of the input: an .npy file of [samples, ...], or a folder of such files; "
               "for several inputs a folder with NAME.npy, or a folder NAME, for each")};
  cl::opt<std::string> output{
      "o", cl::value_desc("FILE.mlir"), cl::cat(category),
      cl::desc("The quantized model, which sepconv-compile compiles (default: NAME_int8.mlir in "
               "the current directory)")};
  cl::opt<std::string> range{
      "range", cl::value_desc("minmax|percentile[=P]|entropy"), cl::init("minmax"),
      cl::cat(category),
      cl::desc("What integers stand for: all numbers that the samples have (default), P percent of "
               "them (99.99), or those that lose the least information")};
  cl::opt<std::string> interface{
      "io", cl::value_desc("float32|int8|uint8"), cl::init("float32"), cl::cat(category),
      cl::desc("What the model's inputs and outputs are (default: float32); integers have a scale "
               "and a zero point, which the header of the product says")};
  cl::opt<double> heldOut{
      "held-out", cl::value_desc("SHARE"), cl::init(0.2), cl::cat(category),
      cl::desc("Share of the samples, the last ones, that are not for finding ranges but for "
               "measuring errors (default: 0.2)")};
  cl::list<std::string> keep{"keep", cl::value_desc("NAME,..."), cl::CommaSeparated,
                             cl::cat(category), cl::desc("Layers that stay in float32")};
  cl::opt<double> keepAbove{
      "keep-above", cl::value_desc("E"), cl::cat(category),
      cl::desc("Layers stay in float32 whose own relative error, with all others in float32, is "
               "greater than E")};
  cl::opt<bool> equalize{
      "equalize", cl::init(true), cl::cat(category),
      cl::desc("Bring the channels of a tensor between layers to one range, where they differ much "
               "(default: true)")};
  cl::opt<bool> correctBias{
      "correct-bias", cl::init(true), cl::cat(category),
      cl::desc("Add to biases what rounding the weights changes on average (default: true)")};
  cl::opt<std::string> report{"report", cl::value_desc("FILE.json"), cl::cat(category),
                              cl::desc("Also write the errors as JSON")};
  cl::opt<bool> quiet{"q", cl::cat(category),
                      cl::desc("Print neither the errors nor which files were written")};
};

inline constexpr llvm::StringLiteral kQuantizeOverview =
    R"(sepconv-quantize: makes a model of 8-bit integers from one of floats

The ranges of its tensors are found by running it on samples of its input. The result is a model for
sepconv-compile. What each layer and each output loses is measured on other samples, and printed.

Examples:
  sepconv-quantize digits.keras --calibration images.npy -o digits_int8.mlir
  sepconv-quantize net.onnx --calibration samples --range=percentile=99.9 --report=errors.json
  sepconv-quantize net.tflite --calibration samples --keep-above 0.1 --io=uint8
)";

} // namespace mlir::sepconv
