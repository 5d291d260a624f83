//===- Header.cpp - the C header of a product ------------------------------------===//

#include "sepconv/Product/Header.h"
#include "HeaderWriter.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::sepconv;

StringRef sepconv::cType(const TensorInterface &tensor) {
  return llvm::StringSwitch<StringRef>(tensor.dtype)
      .Case("float32", "float")
      .Case("float64", "double")
      .Cases({"float16", "bfloat16", "uint16"}, "uint16_t")
      .Cases({"uint8", "bool"}, "uint8_t")
      .Case("uint32", "uint32_t")
      .Case("uint64", "uint64_t")
      .Case("int8", "int8_t")
      .Case("int16", "int16_t")
      .Case("int32", "int32_t")
      .Case("int64", "int64_t")
      .Default("void");
}

/// A text for a comment: nothing in it may begin or end a comment, or continue the line.
static std::string commentText(StringRef text) {
  std::string result;
  for (char c : text) {
    bool joins = !result.empty() &&
                 ((result.back() == '*' && c == '/') || (result.back() == '/' && c == '*'));
    result += llvm::isPrint(c) && c != '\\' && !joins ? c : '?';
  }
  return result;
}

bool HeaderWriter::hasTensor(llvm::function_ref<bool(const TensorInterface &)> holds) const {
  return llvm::any_of(
      llvm::concat<const TensorInterface>(model.inputs, model.outputs, model.weights), holds);
}

void HeaderWriter::writeTensors(ArrayRef<TensorInterface> tensors, ArrayRef<std::string> names,
                                StringRef what) {
  for (auto [tensor, name] : llvm::zip_equal(tensors, names)) {
    std::vector<std::string> sizes = product.extents(tensor, /*inC=*/false);
    if (model.dynamicBatch && what != "weight")
      sizes.front() = "batch";
    os << "/* " << what << " " << commentText(tensor.name) << ": " << tensor.dtype << "["
       << llvm::join(sizes, "][") << "]";
    if (!tensor.axes.empty())
      os << ": [" << commentText(tensor.axes) << "]";
    os << " */\n";
    std::string upper = StringRef(name).upper();
    writeQuantization(upper, tensor);
    if (tensor.extents) {
      writeElements(upper, tensor);
      continue;
    }
    writeConstant(upper + "_ELEMENTS", tensor.elements());
    writeConstant(upper + "_BYTES", tensor.bytes());
  }
}

/// What its integers stand for.
void HeaderWriter::writeQuantization(StringRef name, const TensorInterface &tensor) {
  if (!tensor.scale)
    return;
  os << "/* An integer q stands for SCALE * (q - ZERO_POINT). */\n"
     << "#define " << prefix << "_" << name << "_SCALE " << llvm::format("%.9ef", tensor.scale)
     << "\n";
  writeConstant(name + "_ZERO_POINT", tensor.zeroPoint);
}

/// What depends on sizes takes them.
void HeaderWriter::writeElements(StringRef name, const TensorInterface &tensor) {
  std::string parameters = "(";
  for (auto [index, size] : llvm::enumerate(model.sizes))
    parameters += (index ? ", " : "") + size.name;
  parameters += ")";
  std::vector<std::string> extents = product.extents(tensor, /*inC=*/true);
  os << "#define " << prefix << "_" << name << "_ELEMENTS" << parameters << " ("
     << llvm::join(extents, " * ") << ")\n"
     << "#define " << prefix << "_" << name << "_BYTES" << parameters << " (" << prefix << "_"
     << name << "_ELEMENTS" << parameters << " * " << tensor.elementBytes << ")\n";
}

/// The sizes that NAME_run takes.
void HeaderWriter::writeSizes() {
  for (const SizeInterface &size : model.sizes) {
    os << "/* " << size.name << ": " << size.least << " to " << size.greatest;
    if (size.factor > 1)
      os << ", a multiple of " << size.factor;
    os << " */\n";
    std::string upper = StringRef(size.name).upper();
    writeConstant("LEAST_" + upper, size.least);
    writeConstant("GREATEST_" + upper, size.greatest);
  }
}

void HeaderWriter::writeStatus() {
  os << "\ntypedef enum " << product.name << "_status {\n";
  ArrayRef<Status> statuses = product.statuses();
  for (auto [value, status] : llvm::enumerate(statuses))
    os << "  " << prefix << "_" << status.constant << " = " << value
       << (value + 1 < statuses.size() ? "," : "") << " /* " << status.message << " */\n";
  os << "} " << product.name << "_status;\n\n"
     << "/* A status as a message. */\n"
     << "const char *" << product.name << "_status_message(" << product.name
     << "_status status);\n\n"
     << "/* The model's name, target, inputs, outputs, weights, workspace and kernels, as JSON. "
        "*/\n"
     << "const char *" << product.name << "_description(void);\n\n";
}

void HeaderWriter::writeThreads() {
  if (!model.parallel)
    return;
  os << "/* One task of a parallel loop. */\n"
     << "typedef void (*" << product.name << "_task)(void *context, size_t index);\n"
     << "/* Calls task(context, index) for each index below count, from any threads in any order,\n"
     << "   and returns when all are done. */\n"
     << "typedef void (*" << product.name << "_parallel_for)(void *pool, size_t count, "
     << product.name << "_task task,\n                             void *context);\n\n";
}

void HeaderWriter::addParameters(ArrayRef<TensorInterface> tensors, ArrayRef<std::string> names,
                                 StringRef qualifier, std::vector<std::string> &lines) {
  for (auto [tensor, name] : llvm::zip_equal(tensors, names))
    lines.push_back(
        (qualifier + cType(tensor) + " *" + name + ", size_t " + name + "_bytes").str());
}

void HeaderWriter::writeFunction(StringRef name, ArrayRef<std::string> parameters) {
  os << product.name << "_status " << product.name << "_" << name << "(\n    "
     << llvm::join(parameters, ",\n    ") << ");\n";
}

/// A structure, as functions of hundreds of parameters are beyond what C promises.
void HeaderWriter::writeWeights() {
  if (model.weights.empty())
    return;
  bool areWritten =
      llvm::any_of(model.functions, [](StringRef name) { return name != "regularization_loss"; });
  std::vector<std::string> members;
  addParameters(model.weights, product.weightNames, areWritten ? "" : "const ", members);
  os << "/* The weights: an address, and how many bytes are there. */\n"
     << "typedef struct " << product.name << "_weights {\n";
  for (StringRef member : members) {
    auto [data, size] = member.split(", ");
    os << "  " << data << "; " << size << ";\n";
  }
  os << "} " << product.name << "_weights;\n\n";
}

void HeaderWriter::writeRun() {
  os << "/* Runs the model"
     << (model.dynamicBatch ? " on batch images, which are contiguous in each input and output. A "
                              "batch of 0\n   does nothing. "
                            : ". ")
     << "Sizes are in bytes and may be larger than necessary. Buffers must not overlap.\n"
        "   No state is kept between calls; calls with different workspaces may run at the same\n"
        "   time.";
  if (model.parallel)
    os << "\n   With parallel_for NULL everything runs in the calling thread.";
  os << " */\n";
  std::vector<std::string> lines;
  if (model.dynamicBatch)
    lines.push_back("size_t batch");
  for (const SizeInterface &size : model.sizes)
    lines.push_back("size_t " + size.name);
  addParameters(model.inputs, product.inputNames, "const ", lines);
  addParameters(model.outputs, product.outputNames, "", lines);
  if (!model.weights.empty())
    lines.push_back("const " + product.name + "_weights *weights");
  lines.push_back("void *workspace, size_t workspace_bytes");
  if (product.weightsAreAFile())
    lines.push_back("const void *weights, size_t weights_bytes");
  if (model.parallel)
    lines.push_back(product.name + "_parallel_for parallel_for, void *pool");
  writeFunction("run", lines);
}

void HeaderWriter::writeProfile() {
  writeConstant("PROFILE_CALLS", model.calls.size());
  os << "\n/* How long the calls of kernels have taken since the program began, in ticks of a\n"
        "   processor's counter: each call, in the order of \"calls\" in the description, and\n"
        "   last all runs as a whole. The counters can be set to 0; runs at the same time\n"
        "   disturb each other's. */\n"
     << "uint64_t *" << product.name << "_profile(void);\n";
}

void HeaderWriter::writeSelfTest() {
  os << "\n/* Runs the model on an input by a formula"
     << (model.weights.empty() ? "" : ", with weights by one,")
     << (model.sizes.empty() ? "" : " of the least sizes")
     << " and compares sums of the\n   outputs' elements with those of a plain implementation: "
     << prefix
     << "_ERROR_WRONG_RESULT if one differs\n   by more than TOLERANCE times the output's "
        "largest magnitude. The memory is aligned as a\n   workspace is. */\n";
  writeConstant("SELFTEST_BYTES", model.selfTestBytes);
  for (auto [name, tolerance] : llvm::zip_equal(product.outputNames, model.selfTestTolerances))
    os << "#define " << prefix << "_" << StringRef(name).upper() << "_TOLERANCE "
       << llvm::format("%g", tolerance) << "\n";
  std::vector<std::string> lines{"void *memory, size_t memory_bytes"};
  if (product.weightsAreAFile())
    lines.push_back("const void *weights, size_t weights_bytes");
  writeFunction("selftest", lines);
}

void HeaderWriter::write(StringRef more) {
  auto isOfStdint = [](const TensorInterface &tensor) { return cType(tensor).ends_with("_t"); };
  os << "/* " << product.name << ".h - a neural network compiled by sepconv for "
     << commentText(product.target) << ". */\n"
     << "#ifndef " << prefix << "_H\n#define " << prefix << "_H\n\n#include <stddef.h>\n"
     << (hasTensor(isOfStdint) || llvm::is_contained(model.functions, "init") || product.isProfiled
             ? "#include <stdint.h>\n"
             : "")
     << "\n"
     << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  if (model.dynamicBatch)
    os << "/* ELEMENTS and BYTES of inputs and outputs are those of one image. */\n";
  writeSizes();
  writeTensors(model.inputs, product.inputNames, "input");
  writeTensors(model.outputs, product.outputNames, "output");
  if (!model.weights.empty())
    os << "/* The weights are the model's variables, named, shaped and stored as in the model. "
          "*/\n";
  writeTensors(model.weights, product.weightNames, "weight");
  os << "/* Inputs" << (model.weights.empty() ? " and outputs" : ", outputs and weights")
     << " only need the alignment of their elements. */\n";
  if (hasTensor([](auto &tensor) { return StringRef(tensor.dtype).ends_with("float16"); }))
    os << "/* A float16 or bfloat16 is stored as a uint16_t of its bits: IEEE 754's binary16, and\n"
          "   the upper half of a float. */\n";
  if (hasTensor([](auto &tensor) { return tensor.dtype == "bool"; }))
    os << "/* A bool is a uint8_t: 0 or 1, of an input 0 or anything else. */\n";
  writeConstant("WORKSPACE_BYTES", model.workspaceBytes);
  writeConstant("WORKSPACE_ALIGNMENT", kBufferAlignment);
  if (model.parallel)
    os << "/* The workspace of that many threads that run tasks at the same time. With less, tasks "
          "wait\n   for each other. */\n"
       << "#define " << prefix << "_WORKSPACE_BYTES_FOR(threads) \\\n  ((size_t)" << prefix
       << "_WORKSPACE_BYTES + ((threads) > 1 ? (size_t)(threads) - 1 : 0) * " << model.threadBytes
       << ")\n";
  os << "/* The stack that a thread needs which calls a function of this header"
     << (model.parallel ? " or runs a task" : "") << ". */\n";
  writeConstant("STACK_BYTES", product.stackBytes);
  if (product.weightsAreAFile()) {
    os << "/* The contents of " << product.name << ".weights. */\n";
    writeConstant("WEIGHTS_BYTES", model.weightsBytes);
    writeConstant("WEIGHTS_ALIGNMENT", kBufferAlignment);
  }
  writeStatus();
  writeThreads();
  writeWeights();
  writeRun();
  if (!model.functions.empty())
    writeVariables();
  writeVariableFunctions();
  if (product.isProfiled)
    writeProfile();
  if (model.selfTestBytes)
    writeSelfTest();
  os << more << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
}

std::string sepconv::makeHeader(const ProductInterface &product, StringRef more) {
  std::string text;
  llvm::raw_string_ostream os(text);
  HeaderWriter(product, os).write(more);
  return text;
}
