//===- InferHeader.cpp - a product's functions for C++ ----------------------------===//

#include "HeaderWriter.h"
#include "sepconv/Product/Header.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

namespace {
/// Writes NAME_infer.hpp: one class, which has the workspace and calls NAME_run.
class InferWriter {
public:
  InferWriter(const ProductInterface &product, raw_ostream &os)
      : product(product), model(product.model), os(os), prefix(StringRef(product.name).upper()),
        type(product.name + "_infer") {}

  void write();

private:
  void writeView();
  void writeConstructor();
  void writeCall();
  void addTensors(ArrayRef<TensorInterface> tensors, ArrayRef<std::string> names,
                  StringRef qualifier);

  const ProductInterface &product;
  const ModelInterface &model;
  raw_ostream &os;
  std::string prefix, type;
  std::vector<std::string> parameters, arguments; // of the call, and of NAME_run
};
} // namespace

/// C++17 has no std::span, but what has one can be viewed by the same functions.
void InferWriter::writeView() {
  os << R"(  /* The elements of a std::span, std::vector, std::array, an array or a pointer and a size. */
  template <typename T> class view {
  public:
    view(T *data, std::size_t size) : first(data), count(size) {}
    template <typename Range, typename = decltype(std::data(std::declval<Range &>()) +
                                                  std::size(std::declval<Range &>()))>
    view(Range &&range) : first(std::data(range)), count(std::size(range)) {}
    T *data() const { return first; }
    std::size_t size() const { return count; }
    std::size_t bytes() const { return count * sizeof(T); }

  private:
    T *first;
    std::size_t count;
  };

)";
}

void InferWriter::writeConstructor() {
  std::vector<std::string> given;
  if (product.weightsAreAFile()) {
    os << "  /* The weights are the contents of " << product.name << ".weights, aligned to "
       << prefix << "_WEIGHTS_ALIGNMENT.\n     They are not copied, and must live longer. */\n";
    given.push_back("view<const unsigned char> weights");
  }
  if (model.parallel) {
    os << "  /* `threads` run tasks of one call, by `parallel_for` and its pool. */\n";
    given.push_back(product.name +
                    "_parallel_for parallel_for = nullptr, void *pool = nullptr, std::size_t "
                    "threads = 1");
  }
  os << "  " << (given.empty() ? "" : "explicit ") << type << "(" << llvm::join(given, ", ")
     << ")\n      : workspace_bytes("
     << (model.parallel ? prefix + "_WORKSPACE_BYTES_FOR(threads)" : prefix + "_WORKSPACE_BYTES")
     << "),\n        workspace(::operator new(workspace_bytes + 1, alignment))";
  if (product.weightsAreAFile())
    os << ", weights(weights)";
  if (model.parallel)
    os << ",\n        parallel_for(parallel_for), pool(pool)";
  os << " {}\n\n";
}

void InferWriter::addTensors(ArrayRef<TensorInterface> tensors, ArrayRef<std::string> names,
                             StringRef qualifier) {
  for (auto [tensor, name] : llvm::zip_equal(tensors, names)) {
    // Qualified, as an input may be called view.
    parameters.push_back((type + "::view<" + qualifier + cType(tensor) + "> " + name).str());
    arguments.push_back(name + ".data(), " + name + ".bytes()");
  }
}

void InferWriter::writeCall() {
  std::vector<std::string> sizes;
  if (model.dynamicBatch)
    sizes.push_back("batch");
  for (const SizeInterface &size : model.sizes)
    sizes.push_back(size.name);
  for (const std::string &size : sizes) {
    parameters.push_back("std::size_t " + size);
    arguments.push_back(size);
  }
  addTensors(model.inputs, product.inputNames, "const ");
  addTensors(model.outputs, product.outputNames, "");
  if (!model.weights.empty()) {
    parameters.push_back("const " + product.name + "_weights &weights");
    arguments.push_back("&weights");
  }
  arguments.push_back("workspace.get(), workspace_bytes");
  if (product.weightsAreAFile())
    arguments.push_back("weights.data(), weights.bytes()");
  if (model.parallel)
    arguments.push_back("parallel_for, pool");
  os << "  /* Runs the model. Throws std::runtime_error with the status as a sentence. Objects "
        "have "
        "a\n     workspace each, so that threads with an object each may call at the same time. "
        "*/\n"
     << "  void operator()(" << llvm::join(parameters, ",\n                  ") << ") {\n    "
     << type << "::check(" << product.name << "_run(\n        "
     << llvm::join(arguments, ",\n        ") << "));\n  }\n\n";
}

void InferWriter::write() {
  os << "/* " << type << ".hpp - " << product.name << ".h for C++17 and newer. */\n#ifndef "
     << prefix << "_INFER_HPP\n#define " << prefix << "_INFER_HPP\n\n#include \"" << product.name
     << ".h\"\n\n#include <cstddef>\n#include <iterator>\n#include <memory>\n#include <new>\n"
        "#include <stdexcept>\n#include <string>\n#include <utility>\n\n"
     << "/* The network, with a workspace of its own. */\nclass " << type << " {\npublic:\n";
  writeView();
  writeConstructor();
  writeCall();
  os << "private:\n  static void check(" << product.name
     << "_status status) {\n    if (status != " << prefix
     << "_OK)\n      throw std::runtime_error(\"" << product.name << ": \" + std::string("
     << product.name
     << "_status_message(status)));\n  }\n\n  static constexpr std::align_val_t alignment{"
     << prefix << "_WORKSPACE_ALIGNMENT};\n"
     << "  struct release {\n    void operator()(void *memory) const { ::operator delete(memory, "
        "alignment); }\n  };\n\n  std::size_t workspace_bytes;\n  std::unique_ptr<void, release> "
        "workspace;\n";
  if (product.weightsAreAFile())
    os << "  view<const unsigned char> weights;\n";
  if (model.parallel)
    os << "  " << product.name << "_parallel_for parallel_for;\n  void *pool;\n";
  os << "};\n\n#endif\n";
}

std::string sepconv::makeInferHeader(const ProductInterface &product) {
  std::string text;
  llvm::raw_string_ostream os(text);
  InferWriter(product, os).write();
  return text;
}
