//===- Onnx.cpp - reads ONNX models ----------------------------------------------===//

#include "sepconv/Import/Onnx.h"

#include "Graph.h"
#include "Inputs.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;
using onnxproto::ModelProto;
using onnxproto::ValueInfoProto;

/// The whole file as a message; protobuf itself limits its size to 2 GiB, and how deep it is.
static bool readModel(StringRef path, ModelProto &model, Problems &problems) {
  auto file = MemoryBuffer::getFile(path, false, /*RequiresNullTerminator=*/false);
  if (!file) {
    problems.error() << "cannot be read: " << file.getError().message();
    return false;
  }
  StringRef bytes = (*file)->getBuffer();
  if (bytes.size() > std::numeric_limits<int32_t>::max() ||
      !model.ParseFromArray(bytes.data(), bytes.size())) {
    problems.error() << "is no ONNX model: expected its protobuf message, found other bytes, or "
                        "some are missing";
    return false;
  }
  if (!model.has_graph() || model.opset_import_size() == 0) {
    problems.error() << "is no ONNX model: expected a graph and the versions of its operators";
    return false;
  }
  return true;
}

static DictionaryAttr nameAttribute(OpBuilder &builder, StringRef name) {
  return builder.getDictionaryAttr(
      builder.getNamedAttr("sepconv.name", builder.getStringAttr(name)));
}

/// Builds `main` with the model's inputs and outputs.
static void buildFunction(ModuleOp module, const ModelProto &model,
                          const OnnxImportOptions &options, Problems &problems) {
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto function =
      func::FuncOp::create(builder, module.getLoc(), "main", builder.getFunctionType({}, {}));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  GraphImporter graph(model, problems, builder);
  if (!graph.checkOperators())
    return;
  Inputs inputs(model.graph(), options, problems);
  if (!inputs.read())
    return;
  Scope scope;
  for (const Input &input : inputs.list) {
    unsigned position = function.getNumArguments();
    RankedTensorType type = input.type;
    if (options.channelsLast)
      type = channelsLast(type);
    if (failed(function.insertArgument(position, type, nameAttribute(builder, input.name),
                                       NameLoc::get(builder.getStringAttr(input.name)))))
      return;
    Value value = body->getArgument(position);
    if (options.channelsLast)
      value = toChannelsFirst(builder, value);
    graph.setDataType(value, input.dataType);
    scope.values[input.name] = value;
  }
  SmallVector<Value> outputs = graph.run(scope);
  if (problems.any() || llvm::is_contained(outputs, Value()))
    return;
  if (options.channelsLast)
    for (Value &output : outputs)
      output = toChannelsLast(builder, output);
  func::ReturnOp::create(builder, module.getLoc(), outputs);
  function.setFunctionType(
      builder.getFunctionType(body->getArgumentTypes(), ValueRange(outputs).getTypes()));
  for (auto [index, output] : llvm::enumerate(model.graph().output()))
    function.setResultAttrs(index, nameAttribute(builder, output.name()));
}

OwningOpRef<ModuleOp> sepconv::importOnnx(StringRef path, const OnnxImportOptions &options,
                                          MLIRContext *context) {
  context->loadDialect<SepConvDialect, arith::ArithDialect, func::FuncDialect,
                       linalg::LinalgDialect, math::MathDialect, tensor::TensorDialect>();
  Problems problems(context, path);
  ModelProto model;
  if (!readModel(path, model, problems))
    return {};
  Location loc = FileLineColLoc::get(context, path, 0, 0);
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  StringRef name = options.modelName.empty() ? sys::path::stem(path) : options.modelName;
  (*module)->setAttr("sepconv.model", StringAttr::get(context, name));
  if (options.batch && ShapedType::isDynamic(*options.batch))
    (*module)->setAttr(kDynamicBatch, UnitAttr::get(context));
  buildFunction(*module, model, options, problems);
  if (problems.any())
    return {};
  if (failed(verify(*module))) {
    problems.error() << "the imported model is not valid; this is an error of the importer";
    return {};
  }
  return module;
}
