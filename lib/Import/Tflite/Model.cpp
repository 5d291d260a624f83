//===- Model.cpp - a verified TFLite file ----------------------------------------===//

#include "Model.h"

#include "sepconv/IR/Window.h"
#include "sepconv/Support/InputFile.h"

#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;

/// What the format calls its version, of which there has been no other since 2018.
static constexpr uint32_t schemaVersion = 3;

/// Tables that a file may have, so that one that shares them cannot stand for endlessly many.
static constexpr flatbuffers::uoffset_t maxTables = 1 << 22, maxDepth = 64;

std::unique_ptr<Model> Model::open(StringRef path, Problems &problems) {
  auto opened = readInputFile(path);
  if (!opened) {
    problems.error() << "cannot be read: " << llvm::toString(opened.takeError());
    return nullptr;
  }
  std::unique_ptr<Model> model(new Model(std::move(*opened)));
  const auto *bytes = reinterpret_cast<const uint8_t *>(model->file->getBufferStart());
  size_t size = model->file->getBufferSize();
  if (size < 8 || !schema::ModelBufferHasIdentifier(bytes)) {
    problems.error() << (size ? "is not a TFLite model, whose bytes 4 to 7 are 'TFL3'"
                              : "is empty, expected a TFLite model");
    return nullptr;
  }
  // What lies further behind is no part of the tables.
  flatbuffers::Verifier verifier(bytes, std::min<size_t>(size, FLATBUFFERS_MAX_BUFFER_SIZE - 1),
                                 maxDepth, maxTables);
  if (!schema::VerifyModelBuffer(verifier)) {
    problems.error() << "is damaged: an offset or a length in it leads outside of the file";
    return nullptr;
  }
  model->read(*schema::GetModel(bytes), problems);
  return problems.any() ? nullptr : std::move(model);
}

/// Old files have the code in another field, which holds what is below 127.
static schema::BuiltinOperator builtinOf(const schema::OperatorCode &code) {
  return std::max(code.builtin_code(), schema::BuiltinOperator(code.deprecated_builtin_code()));
}

static Code readCode(const schema::OperatorCode &code) {
  schema::BuiltinOperator builtin = builtinOf(code);
  std::string name = schema::EnumNameBuiltinOperator(builtin);
  if (builtin == schema::BuiltinOperator::CUSTOM)
    name = textOf(code.custom_code()).str();
  else if (name.empty())
    name = "builtin " + std::to_string(int32_t(builtin));
  return {builtin, name, code.version()};
}

void Model::read(const schema::Model &model, Problems &problems) {
  if (model.version() != schemaVersion)
    problems.error() << "expected version " << schemaVersion << " of the format, found "
                     << model.version();
  for (const schema::OperatorCode *code : tables(model.operator_codes()))
    codes.push_back(readCode(*code));
  buffers = tables(model.buffers());
  signatures = tables(model.signature_defs());
  for (const schema::SubGraph *graph : tables(model.subgraphs()))
    graphs.push_back({tables(graph->tensors()), tables(graph->operators()),
                      numbers(graph->inputs()), numbers(graph->outputs())});
  if (graphs.empty())
    problems.error() << "has no graph";
  for (auto [index, graph] : llvm::enumerate(graphs))
    check(graph, index, problems);
  checkSignatures(problems);
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

void Model::check(const schema::Tensor &tensor,
                  llvm::function_ref<InFlightDiagnostic()> error) const {
  if (tensor.buffer() >= buffers.size() && tensor.buffer() != 0) {
    error() << "expected a buffer below " << buffers.size() << ", found " << tensor.buffer();
    return;
  }
  SmallVector<int64_t> shape(numbers(tensor.shape()));
  if (llvm::any_of(shape, [](int64_t size) { return size < 0; }) || isTooLarge(shape))
    error() << "shape " << shown(shape) << " is negative or too large";
  if (const schema::Buffer *buffer = tensor.buffer() ? buffers[tensor.buffer()] : nullptr)
    if (buffer->offset() > 1 && (buffer->offset() > file->getBufferSize() ||
                                 buffer->size() > file->getBufferSize() - buffer->offset()))
      error() << "its " << buffer->size() << " bytes at " << buffer->offset()
              << " lie outside of the file, which has " << file->getBufferSize();
}

void Model::check(const Graph &graph, size_t index, Problems &problems) const {
  auto error = [&]() -> InFlightDiagnostic {
    InFlightDiagnostic diag = problems.error();
    diag << "graph " << index << ": ";
    return diag;
  };
  auto checkIndices = [&](ArrayRef<int32_t> indices, int32_t least, const Twine &what) {
    for (int32_t tensor : indices)
      if (tensor < least || tensor >= int64_t(graph.tensors.size()))
        error() << what << ": expected the index of one of " << graph.tensors.size()
                << " tensors, found " << tensor;
  };
  for (auto [number, tensor] : llvm::enumerate(graph.tensors))
    check(*tensor, [&, number = number, tensor = tensor]() -> InFlightDiagnostic {
      InFlightDiagnostic diag = error();
      diag << "tensor " << number << " " << quoted(textOf(tensor->name())) << ": ";
      return diag;
    });
  checkIndices(graph.inputs, 0, "inputs");
  checkIndices(graph.outputs, 0, "outputs");
  for (auto [number, op] : llvm::enumerate(graph.operators)) {
    if (op->opcode_index() >= codes.size())
      error() << "operator " << number << ": expected a code below " << codes.size() << ", found "
              << op->opcode_index();
    checkIndices(numbers(op->inputs()), -1, "operator " + Twine(number) + ": inputs");
    checkIndices(numbers(op->outputs()), 0, "operator " + Twine(number) + ": outputs");
  }
}

void Model::checkSignatures(Problems &problems) const {
  for (const schema::SignatureDef *signature : signatures) {
    auto error = [&]() -> InFlightDiagnostic {
      InFlightDiagnostic diag = problems.error();
      diag << "signature " << quoted(textOf(signature->signature_key())) << ": ";
      return diag;
    };
    if (signature->subgraph_index() >= graphs.size()) {
      error() << "expected the index of one of " << graphs.size() << " graphs, found "
              << signature->subgraph_index();
      continue;
    }
    size_t count = graphs[signature->subgraph_index()].tensors.size();
    for (const auto *list : {signature->inputs(), signature->outputs()})
      for (const schema::TensorMap *tensor : tables(list))
        if (tensor->tensor_index() >= count)
          error() << "expected the index of one of " << count << " tensors, found "
                  << tensor->tensor_index();
  }
}

std::optional<ArrayRef<uint8_t>> Model::bytesOf(const schema::Tensor &tensor) const {
  const schema::Buffer *buffer = tensor.buffer() ? buffers[tensor.buffer()] : nullptr;
  if (!buffer || tensor.is_variable())
    return std::nullopt;
  if (buffer->offset() > 1)
    return ArrayRef(reinterpret_cast<const uint8_t *>(file->getBufferStart()) + buffer->offset(),
                    buffer->size());
  if (!buffer->data() || buffer->data()->size() == 0)
    return std::nullopt;
  return numbers(buffer->data());
}
