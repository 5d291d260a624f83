//===- Onnx.cpp - reads ONNX models ----------------------------------------------===//

#include "sepconv/Import/Onnx.h"

#include "../Edge.h"
#include "../Operations/Elementwise.h"
#include "Graph.h"
#include "Inputs.h"

#include "sepconv/IR/Buffer.h"

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

/// What the interface says of an argument or a result.
static DictionaryAttr attributesOf(OpBuilder &builder, StringRef name, int32_t dataType,
                                   Type element) {
  NamedAttrList attributes;
  attributes.set("sepconv.name", builder.getStringAttr(name));
  if (StringRef dtype = onnx::dtypeOf(dataType); dtype != sepconv::dtypeOf(element))
    attributes.set(kDtype, builder.getStringAttr(dtype));
  return attributes.getDictionary(builder.getContext());
}

/// A result as a caller wants it: unsigned numbers in their own width.
static Value toOutside(Edge &edge, Value value, int32_t dataType) {
  return ops::convertTo(edge, value,
                        ops::typeNamed(edge.builder.getContext(), onnx::dtypeOf(dataType)));
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
    Location loc = NameLoc::get(builder.getStringAttr(input.name));
    NamedAttrList attributes =
        attributesOf(builder, input.name, input.dataType, type.getElementType());
    if (!input.dynamic.empty())
      attributes.set(kSizes, builder.getArrayAttr(input.dynamic));
    if (failed(function.insertArgument(position, type,
                                       attributes.getDictionary(builder.getContext()), loc)))
      return;
    Edge edge(problems, builder, loc);
    Value value =
        ops::fromOutside(edge, body->getArgument(position), onnx::dtypeOf(input.dataType));
    if (value != body->getArgument(position) && !options.channelsLast)
      graph.narrow[value] = body->getArgument(position);
    if (options.channelsLast)
      value = toChannelsFirst(builder, value);
    graph.setDataType(value, input.dataType);
    scope.values[input.name] = value;
  }
  SmallVector<Value> outputs = graph.run(scope);
  if (problems.any() || llvm::is_contained(outputs, Value()))
    return;
  Edge edge(problems, builder, module.getLoc());
  SmallVector<int32_t> types;
  for (Value &output : outputs) {
    types.push_back(graph.dataType(output));
    output = toOutside(edge, output, types.back());
    if (options.channelsLast)
      output = toChannelsLast(builder, output);
  }
  func::ReturnOp::create(builder, module.getLoc(), outputs);
  function.setFunctionType(
      builder.getFunctionType(body->getArgumentTypes(), ValueRange(outputs).getTypes()));
  for (auto [index, output] : llvm::enumerate(model.graph().output()))
    function.setResultAttrs(
        index, attributesOf(builder, output.name(), types[index], ops::elementOf(outputs[index])));
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
