//===- Keras.cpp - reads Keras models --------------------------------------------===//

#include "sepconv/Import/Keras.h"

#include "ModelFiles.h"
#include "Network.h"

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

std::optional<SmallVector<int64_t>>
sepconv::keras::readInputShape(Problems &problems, const Layer &layer,
                               const KerasImportOptions &options) {
  int64_t batch = options.batch;
  const json::Array *sizes = layer.inputShape ? layer.inputShape->getAsArray() : nullptr;
  auto error = [&]() { return problems.error(layer.path, layer.className) << "input shape: "; };
  if (!sizes || sizes->empty()) {
    error() << "expected a list of sizes, found " << shown(layer.inputShape);
    return std::nullopt;
  }
  SmallVector<int64_t> shape;
  uint64_t elements = 1;
  for (auto [dim, size] : llvm::enumerate(*sizes)) {
    std::optional<int64_t> known = size.getAsInteger();
    if (dim == 0 && size.getAsNull()) {
      known = ShapedType::isDynamic(batch) ? 1 : batch;
    } else if (dim == 0 && ShapedType::isDynamic(batch)) {
      error() << "expected null in dimension 0, for a batch that is dynamic, found "
              << shown(layer.inputShape);
      return std::nullopt;
    } else if (dim == 0 && options.batchGiven && known != batch) {
      error() << "expected null or " << batch << " in dimension 0, for --batch=" << batch
              << ", found " << shown(layer.inputShape);
      return std::nullopt;
    }
    if (!known || *known <= 0 || *known > 1 << 24) {
      error() << "expected a known size in dimension " << dim << ", found " << shown(&size)
              << " in " << shown(layer.inputShape);
      return std::nullopt;
    }
    shape.push_back(*known);
    elements *= *known;
    if (elements > uint64_t(1) << 36) {
      error() << "is too large: " << shown(layer.inputShape);
      return std::nullopt;
    }
  }
  return shape;
}

/// An InputLayer's arguments besides its shape.
static void checkInput(Problems &problems, const Layer &layer) {
  if (!layer.config)
    return;
  for (StringRef name : {"sparse", "ragged", "optional"})
    if (layer.config->getBoolean(name).value_or(false))
      problems.error(layer.path, layer.className)
          << "argument '" << name << "': expected false, found true";
  const json::Value *dtype = layer.config->get("dtype");
  if (dtype && !dtype->getAsNull() && dtype->getAsString() != StringRef("float32"))
    problems.error(layer.path, layer.className)
        << "argument 'dtype': expected 'float32', found " << shown(dtype);
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
  SmallVector<Value> inputs;
  for (const Port &port : model.inputs) {
    const Layer &layer = model.layers[model.indices.lookup(port.tensor.layer)];
    checkInput(problems, layer);
    auto shape = readInputShape(problems, layer, options);
    inputs.push_back(Value());
    if (!shape)
      continue;
    Location loc = NameLoc::get(builder.getStringAttr(layer.path));
    unsigned position = function.getNumArguments();
    if (succeeded(function.insertArgument(
            position, RankedTensorType::get(*shape, builder.getF32Type()),
            nameAttribute(builder, port.name).getDictionary(builder.getContext()), loc)))
      inputs.back() = body->getArgument(position);
  }
  Weights weights(problems, weightsFile);
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
