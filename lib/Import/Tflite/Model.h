//===- Model.h - a verified TFLite file ------------------------------------------===//
#pragma once

#include "../Problems.h"
#include "schema_generated.h"

#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <optional>

namespace mlir::sepconv::tflite {

/// The elements of a vector of numbers, which a file can leave out.
template <typename T> ArrayRef<T> numbers(const flatbuffers::Vector<T> *vector) {
  return vector ? ArrayRef<T>(vector->data(), vector->size()) : ArrayRef<T>();
}

/// The elements of a vector of tables, which a file can leave out.
template <typename T>
SmallVector<const T *> tables(const flatbuffers::Vector<flatbuffers::Offset<T>> *vector) {
  return vector ? SmallVector<const T *>(vector->begin(), vector->end()) : SmallVector<const T *>();
}

inline StringRef textOf(const flatbuffers::String *text) {
  return text ? StringRef(text->data(), text->size()) : StringRef();
}

/// One of the graphs of a model. Of another the operators can call it.
struct Graph {
  SmallVector<const schema::Tensor *> tensors;
  SmallVector<const schema::Operator *> operators;
  ArrayRef<int32_t> inputs, outputs;
};

/// What an operator code stands for.
struct Code {
  schema::BuiltinOperator builtin;
  /// The name: a custom operator's own.
  std::string name;
  int32_t version;
};

/// A file whose offsets and indices lead to where they may.
class Model {
public:
  /// Null after reporting what is wrong with the file.
  static std::unique_ptr<Model> open(StringRef path, Problems &problems);

  ArrayRef<Graph> getGraphs() const { return graphs; }
  const Code &codeOf(const schema::Operator &op) const { return codes[op.opcode_index()]; }
  ArrayRef<const schema::SignatureDef *> getSignatures() const { return signatures; }

  /// The bytes of a tensor that is a constant; nothing if it is computed.
  std::optional<ArrayRef<uint8_t>> bytesOf(const schema::Tensor &tensor) const;

private:
  explicit Model(std::unique_ptr<llvm::MemoryBuffer> file) : file(std::move(file)) {}
  void read(const schema::Model &model, Problems &problems);
  void check(const Graph &graph, size_t index, Problems &problems) const;
  void check(const schema::Tensor &tensor, llvm::function_ref<InFlightDiagnostic()> error) const;
  void checkSignatures(Problems &problems) const;

  std::unique_ptr<llvm::MemoryBuffer> file;
  std::vector<Graph> graphs;
  std::vector<Code> codes;
  SmallVector<const schema::Buffer *> buffers;
  SmallVector<const schema::SignatureDef *> signatures;
};

} // namespace mlir::sepconv::tflite
