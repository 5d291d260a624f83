//===- Keras.cpp - reads Keras models --------------------------------------------===//

#include "sepconv/Import/Keras.h"

#include "Archive.h"
#include "Network.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

namespace {

/// The files of a model in memory, and what was read from them.
struct ModelFiles {
  std::unique_ptr<MemoryBuffer> file;
  std::optional<json::Value> config;
  /// A whole model in one file of HDF5.
  std::unique_ptr<WeightsFile> whole;
  /// The bytes of the weights file, read or unpacked; empty if there are none.
  std::unique_ptr<MemoryBuffer> weightsBuffer;
  std::vector<char> unpackedWeights;
  StringRef weights;
  /// Where the weights come from, as a message names it.
  std::string weightsName;
  bool keras2 = false;
};

} // namespace

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

static bool isKeras2(const json::Value &value) {
  const json::Object *object = value.getAsObject();
  return object && object->getString("keras_version").value_or("").starts_with("2.");
}

static Error readArchive(ModelFiles &files, bool wantWeights) {
  Expected<Archive> archive = Archive::open(files.file->getBuffer());
  if (!archive)
    return archive.takeError();
  if (!archive->contains("config.json"))
    return makeError("is no .keras archive: expected an entry 'config.json', found none");
  Expected<std::vector<char>> text = archive->read("config.json");
  if (!text)
    return text.takeError();
  Expected<json::Value> config = parseJson(StringRef(text->data(), text->size()));
  if (!config)
    return makeError("config.json " + toString(config.takeError()));
  files.config = std::move(*config);
  if (archive->contains("metadata.json")) {
    Expected<std::vector<char>> metadata = archive->read("metadata.json");
    if (!metadata)
      return metadata.takeError();
    Expected<json::Value> value = parseJson(StringRef(metadata->data(), metadata->size()));
    if (!value)
      return makeError("metadata.json " + toString(value.takeError()));
    files.keras2 = isKeras2(*value);
  }
  if (!wantWeights)
    return Error::success();
  if (!archive->contains("model.weights.h5"))
    return makeError("expected an entry 'model.weights.h5' with the weights, found none");
  Expected<std::vector<char>> weights = archive->read("model.weights.h5");
  if (!weights)
    return weights.takeError();
  files.unpackedWeights = std::move(*weights);
  files.weights = StringRef(files.unpackedWeights.data(), files.unpackedWeights.size());
  files.weightsName = "model.weights.h5";
  return Error::success();
}

/// Reads a whole model in HDF5, whose architecture is an attribute.
static Error readHdf5(ModelFiles &files, StringRef path) {
  Expected<std::unique_ptr<WeightsFile>> file =
      WeightsFile::open(files.file->getBuffer(), sys::path::filename(path));
  if (!file)
    return file.takeError();
  std::optional<std::string> text = (*file)->text("model_config");
  if (!text)
    return makeError("is an HDF5 file without an architecture (attribute 'model_config'), which "
                     "holds weights alone; compile the architecture .json and name this file with "
                     "--weights-in");
  Expected<json::Value> config = parseJson(*text);
  if (!config)
    return makeError("model_config " + toString(config.takeError()));
  files.config = std::move(*config);
  files.keras2 = StringRef((*file)->text("keras_version").value_or("")).starts_with("2.");
  files.whole = std::move(*file);
  return Error::success();
}

/// Reads the model's file, whatever its name says.
static Error readModelFile(ModelFiles &files, StringRef path, bool wantWeights) {
  if (sys::fs::is_directory(path))
    return makeError("is a folder, as TensorFlow's SavedModel, which holds no layers; where the "
                     "model is made, save it with model.save('NAME.keras')");
  Expected<std::unique_ptr<MemoryBuffer>> file = readFile(path);
  if (!file)
    return file.takeError();
  files.file = std::move(*file);
  StringRef bytes = files.file->getBuffer();
  if (bytes.starts_with("\x89HDF"))
    return readHdf5(files, path);
  if (bytes.starts_with("PK"))
    return readArchive(files, wantWeights);
  StringRef text = bytes.ltrim(" \t\r\n");
  if (!text.starts_with("{"))
    return makeError(
        bytes.empty()
            ? "is empty, expected a .keras archive, a model in HDF5 or an architecture .json"
            : "is neither a .keras archive nor a model in HDF5 nor an architecture .json");
  Expected<json::Value> config = parseJson(bytes);
  if (!config)
    return config.takeError();
  files.config = std::move(*config);
  files.keras2 = isKeras2(*files.config);
  return Error::success();
}

/// Reads the weights file that was asked for or that lies beside an architecture.
static bool readWeightsFile(ModelFiles &files, StringRef path, StringRef asked,
                            Problems &problems) {
  std::string name = asked.str();
  if (name.empty()) {
    SmallString<128> beside(path);
    sys::path::replace_extension(beside, "weights.h5");
    if (!sys::fs::exists(beside)) {
      problems.error() << "holds no weights, and there is no file " << quoted(beside)
                       << "; name the weights file, make the weights arguments or give a seed to "
                          "initialize them";
      return false;
    }
    name = beside.str().str();
  }
  Expected<std::unique_ptr<MemoryBuffer>> file = readFile(name);
  if (!file) {
    problems.error() << "weights file " << quoted(name) << ": " << toString(file.takeError());
    return false;
  }
  files.weightsBuffer = std::move(*file);
  files.weights = files.weightsBuffer->getBuffer();
  files.weightsName = name;
  return true;
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

std::optional<SmallVector<int64_t>>
sepconv::keras::readInputShape(Problems &problems, const Layer &layer, int64_t batch) {
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
    auto shape = readInputShape(problems, layer, options.batch);
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

OwningOpRef<ModuleOp> sepconv::importKeras(StringRef path, const KerasImportOptions &options,
                                           MLIRContext *context) {
  context->loadDialect<SepConvDialect, arith::ArithDialect, func::FuncDialect,
                       linalg::LinalgDialect, math::MathDialect, tensor::TensorDialect>();
  Problems problems(context, path);
  bool wantWeights = !options.weightsAsVariables;
  ModelFiles files;
  if (Error error = readModelFile(files, path, wantWeights && options.weightsFile.empty())) {
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
  std::unique_ptr<Model> model = readGraph(*files.config, problems);
  if (!model)
    return {};
  Location loc = FileLineColLoc::get(context, path, 0, 0);
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  StringRef name = options.modelName.empty() ? sys::path::stem(path) : options.modelName;
  (*module)->setAttr("sepconv.model", StringAttr::get(context, name));
  if (ShapedType::isDynamic(options.batch))
    (*module)->setAttr(kDynamicBatch, UnitAttr::get(context));
  buildFunction(*module, *model, weights.get(), options, files.keras2, problems);
  if (problems.any())
    return {};
  if (failed(verify(*module))) {
    problems.error() << "the imported model is not valid; this is an error of the importer";
    return {};
  }
  return module;
}
