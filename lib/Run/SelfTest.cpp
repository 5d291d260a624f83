//===- SelfTest.cpp - a test of a product that programs can call -----------------===//

#include "sepconv/Run/SelfTest.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;

/// Of the elements of an output, which the test computes with; empty for what C99 has none for.
static StringRef cType(const Dtype &dtype) {
  return llvm::StringSwitch<StringRef>(dtype.name)
      .Case("float32", "float")
      .Case("float64", "double")
      .Cases({"uint8", "bool"}, "uint8_t")
      .Case("uint16", "uint16_t")
      .Case("uint32", "uint32_t")
      .Case("uint64", "uint64_t")
      .Case("int8", "int8_t")
      .Case("int16", "int16_t")
      .Case("int32", "int32_t")
      .Case("int64", "int64_t")
      .Default("");
}

/// Bytes, which every type has, aligned for every type.
static void writeInput(llvm::raw_ostream &os, size_t index, ArrayRef<char> bytes) {
  os << "static const union {\n  unsigned char bytes[" << bytes.size()
     << "];\n  double aligned;\n} "
     << "input_" << index << " = {{";
  for (auto [position, byte] : llvm::enumerate(bytes))
    os << (position ? "," : "") << (position % 24 ? "" : "\n  ")
       << static_cast<unsigned>(static_cast<unsigned char>(byte));
  os << "}};\n";
}

static void writeNumber(llvm::raw_ostream &os, double number) {
  if (std::isnan(number))
    os << "NAN";
  else if (std::isinf(number))
    os << (number < 0 ? "-INFINITY" : "INFINITY");
  else
    os << llvm::format("%.17g", number);
}

static void writeOutput(llvm::raw_ostream &os, size_t index, const Array &expected) {
  os << "static const double expected_" << index << "[] = {";
  for (int64_t i = 0; i < expected.type.elements(); ++i) {
    os << (i ? "," : "") << (i % 6 ? " " : "\n  ");
    writeNumber(os, expected.get(i));
  }
  os << "};\n";
}

/// What the test needs beside the numbers.
static constexpr llvm::StringLiteral kFunctions = R"(
/* Adds one number to the largest magnitude and the largest error. */
static void compare(double found, double expected, double *largest, double *error) {
  double size = expected < 0 ? -expected : expected;
  double difference = found < expected ? expected - found : found - expected;
  if (size <= DBL_MAX && size > *largest)
    *largest = size;
  if (found == expected || (found != found && expected != expected))
    return;
  if (!(difference <= DBL_MAX)) /* only one is a number, or infinite */
    difference = DBL_MAX;
  if (difference > *error)
    *error = difference;
}

/* Runs the network on a stored input: 0 if the outputs are the stored ones, the number of the first
   output that differs, counted from 1, or -1 if the network refuses to run. */
)";

namespace {
/// The arguments of NAME_run, in C.
struct Arguments {
  std::vector<std::string> texts;
  void add(const Twine &buffer, size_t bytes) {
    texts.push_back((buffer + ", " + Twine(bytes)).str());
  }
};
} // namespace

static Arguments argumentsOf(const Product &product, ArrayRef<Array> outputs) {
  Arguments arguments;
  for (size_t number : product.boundSizes())
    arguments.texts.push_back(std::to_string(number));
  for (auto [index, input] : llvm::enumerate(product.boundInputs()))
    arguments.add("(const void *)input_" + Twine(index) + ".bytes", input.data.size());
  for (auto [index, output] : llvm::enumerate(outputs))
    arguments.add("output_" + Twine(index), output.data.size());
  arguments.texts.push_back("workspace, " + StringRef(product.name()).upper() + "_WORKSPACE_BYTES");
  if (product.weightsAreAFile())
    arguments.texts.push_back("weights, weights_bytes");
  if (product.hasThreads())
    arguments.texts.push_back("NULL, NULL");
  return arguments;
}

static void writeFunction(llvm::raw_ostream &os, const Product &product, ArrayRef<Array> expected,
                          double tolerance) {
  StringRef name = product.name();
  std::string prefix = name.upper();
  StringRef parameters =
      product.weightsAreAFile() ? "const void *weights, size_t weights_bytes" : "void";
  os << kFunctions << "int " << name << "_selftest(" << parameters << ");\n"
     << "int " << name << "_selftest(" << parameters << ") {\n  static unsigned char memory["
     << prefix << "_WORKSPACE_BYTES + " << prefix << "_WORKSPACE_ALIGNMENT];\n"
     << "  size_t past = (size_t)memory % " << prefix << "_WORKSPACE_ALIGNMENT;\n"
     << "  unsigned char *workspace = memory + (past ? " << prefix
     << "_WORKSPACE_ALIGNMENT - past : 0);\n";
  for (auto [index, output] : llvm::enumerate(expected))
    os << "  static " << cType(*product.outputs()[index].dtype) << " output_" << index << "["
       << output.type.elements() << "];\n";
  os << "  if (" << name << "_run("
     << llvm::join(argumentsOf(product, product.results()).texts, ",\n      ") << ") != " << prefix
     << "_OK)\n    return -1;\n  double largest, error;\n";
  for (auto [index, output] : llvm::enumerate(expected))
    os << "  largest = error = 0;\n  for (size_t i = 0; i < " << output.type.elements()
       << "; ++i)\n    compare((double)output_" << index << "[i], expected_" << index
       << "[i], &largest, &error);\n  if (error > " << llvm::format("%.9g", tolerance)
       << " * largest)\n    return " << index + 1 << ";\n";
  os << "  return 0;\n}\n";
}

llvm::Expected<std::string> sepconv::makeSelfTest(const Product &product, ArrayRef<Array> expected,
                                                  double tolerance) {
  if (!product.weights().empty())
    return llvm::createStringError("a self-test needs weights in the product or in its file, found "
                                   "weights that are arguments");
  for (const Port &port : product.outputs())
    if (cType(*port.dtype).empty())
      return llvm::createStringError("output '" + port.name +
                                     "': a self-test needs elements of a "
                                     "type that C99 has, found " +
                                     port.dtype->name);
  for (const auto *arrays : {&product.boundInputs(), &product.results()})
    for (const Array &array : *arrays)
      if (array.data.empty())
        return llvm::createStringError("a self-test needs arrays with elements, found " +
                                       array.type.shown());
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "/* " << product.name() << "_selftest.c - whether " << product.name()
     << " computes here what it does where this was made. */\n#include \"" << product.name()
     << ".h\"\n\n#include <float.h>\n#include <math.h>\n#include <stddef.h>\n#include "
        "<stdint.h>\n\n";
  for (auto [index, input] : llvm::enumerate(product.boundInputs()))
    writeInput(os, index, input.data);
  for (auto [index, output] : llvm::enumerate(expected))
    writeOutput(os, index, output);
  writeFunction(os, product, expected, tolerance);
  return text;
}
