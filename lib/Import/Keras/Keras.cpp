//===- Keras.cpp - reads Keras models --------------------------------------------===//

#include "sepconv/Import/Keras.h"

#include "../Operations/Elementwise.h"
#include "ModelFiles.h"
#include "Network.h"

#include "sepconv/IR/Buffer.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

/// What NumPy calls an InputLayer's elements, by its arguments besides its shape.
static StringRef checkInput(Problems &problems, const Layer &layer, MLIRContext *context) {
  if (!layer.config)
    return "float32";
  for (StringRef name : {"sparse", "ragged", "optional"})
    if (layer.config->getBoolean(name).value_or(false))
      problems.error(layer.path, layer.className)
          << "argument '" << name << "': expected false, found true";
  const json::Value *dtype = layer.config->get("dtype");
  StringRef name = dtype ? dtype->getAsString().value_or("") : "float32";
  if (!dtype || dtype->getAsNull() || ops::typeNamed(context, name))
    return name.empty() ? "float32" : name;
  problems.error(layer.path, layer.className)
      << "argument 'dtype': expected a type such as 'float32' or 'uint8', found " << shown(dtype);
  return "float32";
}

static NamedAttrList nameAttribute(OpBuilder &builder, StringRef name) {
  NamedAttrList attributes;
  attributes.set("sepconv.name", builder.getStringAttr(name));
  return attributes;
}

/// Builds `main` with the model's inputs and outputs.
static void buildFunction(ModuleOp module, const Model &model, const WeightsFile *weightsFile,
                          const KerasImportOptions &options, bool keras2, Problems &problems) {
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto function =
      func::FuncOp::create(builder, module.getLoc(), "main", builder.getFunctionType({}, {}));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  Weights weights(problems, weightsFile);
  SmallVector<Value> inputs;
  std::array<bool, 2> used = {false, false};
  for (const Port &port : model.inputs) {
    const Layer &layer = model.layers[model.indices.lookup(port.tensor.layer)];
    StringRef dtype = checkInput(problems, layer, builder.getContext());
    auto shape = readInputShape(problems, layer, options, used, builder.getContext());
    inputs.push_back(Value());
    if (!shape)
      continue;
    Location loc = NameLoc::get(builder.getStringAttr(layer.path));
    unsigned position = function.getNumArguments();
    Type element = ops::typeNamed(builder.getContext(), dtype);
    NamedAttrList attributes = nameAttribute(builder, port.name);
    if (!shape->dynamic.empty())
      attributes.set(kSizes, builder.getArrayAttr(SmallVector<Attribute>(shape->dynamic.begin(),
                                                                         shape->dynamic.end())));
    if (dtype != dtypeOf(element))
      attributes.set(kDtype, builder.getStringAttr(dtype));
    if (succeeded(function.insertArgument(position, RankedTensorType::get(shape->sizes, element),
                                          attributes.getDictionary(builder.getContext()), loc))) {
      LayerContext context(problems, weights, builder, layer, {}, keras2);
      inputs.back() = ops::fromOutside(context, body->getArgument(position), dtype);
    }
  }
  for (auto [name, size, isUsed] : llvm::zip_equal(kImageSizeNames, options.sizes, used))
    if (size && !isUsed)
      problems.error() << "--" << name << " has no effect: no input's " << name
                       << " is left open by the model";
  ActivityLoss activityLoss;
  NetworkImporter importer(problems, weights, builder, keras2,
                           options.activityLoss ? &activityLoss : nullptr);
  SmallVector<Value> outputs = importer.run(model, inputs);
  if (problems.any() || llvm::is_contained(outputs, Value()))
    return;
  if (Value loss = activityLoss.total(builder, module.getLoc()))
    outputs.push_back(loss);
  func::ReturnOp::create(builder, module.getLoc(), outputs);
  function.setFunctionType(
      builder.getFunctionType(body->getArgumentTypes(), ValueRange(outputs).getTypes()));
  for (auto [index, port] : llvm::enumerate(model.outputs))
    function.setResultAttrs(index, nameAttribute(builder, port.name));
  if (outputs.size() > model.outputs.size())
    function.setResultAttrs(outputs.size() - 1,
                            nameAttribute(builder, "activity_regularization_loss"));
}

/// Null if there are problems.
static OwningOpRef<ModuleOp> buildModule(StringRef path, const ModelFiles &files,
                                         const WeightsFile *weights,
                                         const KerasImportOptions &options, Problems &problems) {
  MLIRContext *context = problems.getContext();
  context->loadDialect<SepConvDialect, arith::ArithDialect, func::FuncDialect,
                       linalg::LinalgDialect, math::MathDialect, tensor::TensorDialect>();
  std::unique_ptr<Model> model = readGraph(*files.config, problems);
  if (!model)
    return {};
  Location loc = FileLineColLoc::get(context, path, 0, 0);
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  StringRef name = options.modelName.empty() ? sys::path::stem(path) : options.modelName;
  (*module)->setAttr("sepconv.model", StringAttr::get(context, name));
  if (ShapedType::isDynamic(options.batch))
    (*module)->setAttr(kDynamicBatch, UnitAttr::get(context));
  buildFunction(*module, *model, weights, options, files.keras2, problems);
  if (problems.any())
    return {};
  return module;
}

/// 0 for an architecture with problems, which are reported without its weights too.
static uint64_t variableBytes(StringRef path, const ModelFiles &files,
                              const KerasImportOptions &options) {
  MLIRContext context;
  ScopedDiagnosticHandler quiet(&context, [](Diagnostic &) { return success(); });
  Problems problems(&context, path);
  OwningOpRef<ModuleOp> module = buildModule(path, files, nullptr, options, problems);
  uint64_t bytes = 0;
  if (module)
    module->walk([&](VariableOp variable) {
      bytes += 4 * cast<RankedTensorType>(variable.getType()).getNumElements();
    });
  return bytes;
}

OwningOpRef<ModuleOp> sepconv::importKeras(StringRef path, const KerasImportOptions &options,
                                           MLIRContext *context) {
  Problems problems(context, path);
  bool wantWeights = !options.weightsAsVariables;
  ModelFiles files;
  auto bytesOf = [&](const ModelFiles &read) { return variableBytes(path, read, options); };
  VariableBytes bounds = nullptr;
  if (wantWeights && options.weightsFile.empty())
    bounds = bytesOf;
  if (Error error = readModelFile(files, path, bounds)) {
    problems.error() << toString(std::move(error));
    return {};
  }
  std::unique_ptr<WeightsFile> weights;
  if (wantWeights && files.whole && options.weightsFile.empty())
    weights = std::move(files.whole);
  else if (wantWeights && (!files.weights.empty() ||
                           readWeightsFile(files, path, options.weightsFile, problems))) {
    Expected<std::unique_ptr<WeightsFile>> opened =
        WeightsFile::open(files.weights, files.weightsName);
    if (opened)
      weights = std::move(*opened);
    else
      problems.error() << "weights file " << quoted(files.weightsName) << " "
                       << toString(opened.takeError());
  }
  OwningOpRef<ModuleOp> module = buildModule(path, files, weights.get(), options, problems);
  if (module && failed(verify(*module))) {
    problems.error() << "the imported model is not valid; this is an error of the importer";
    return {};
  }
  return module;
}
