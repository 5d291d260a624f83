//===- ModelFiles.cpp - the files of a Keras model -------------------------------===//

#include "ModelFiles.h"

#include "sepconv/Support/InputFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static bool isKeras2(const json::Value &value) {
  const json::Object *object = value.getAsObject();
  return object && object->getString("keras_version").value_or("").starts_with("2.");
}

/// Text of an archive: Keras's longest are a few MiB.
static constexpr uint64_t kMostText = 64 << 20;
/// Of the weights that an archive is believed to have without a look at the architecture: Keras
/// does not compress them, and trained ones compress to no less than a quarter.
static constexpr uint64_t kMostWeights = 64 << 20, kCompression = 4;

static Expected<json::Value> readJson(const Archive &archive, StringRef entry) {
  Expected<std::vector<char>> text = archive.read(entry, kMostText, "text");
  if (!text)
    return text.takeError();
  Expected<json::Value> value = parseJson(StringRef(text->data(), text->size()));
  if (!value)
    return makeError(entry + " " + toString(value.takeError()));
  return value;
}

/// The weights of an archive; `variableBytes` says what the variables of its architecture need. An
/// optimizer has up to three values for each of them.
static Error readWeights(ModelFiles &files, const Archive &archive, VariableBytes variableBytes) {
  files.weightsName = "model.weights.h5";
  if (!archive.contains(files.weightsName))
    return makeError("expected an entry 'model.weights.h5' with the weights, found none");
  Expected<Archive::Sizes> claimed = archive.sizes(files.weightsName);
  if (!claimed)
    return claimed.takeError();
  uint64_t most = std::max(kMostWeights, kCompression * claimed->packed);
  if (claimed->unpacked > most)
    most = std::max(most, kMostWeights + 4 * variableBytes(files));
  Expected<std::vector<char>> weights =
      archive.read(files.weightsName, most, "the weights of this architecture");
  if (!weights)
    return weights.takeError();
  files.unpackedWeights = std::move(*weights);
  files.weights = StringRef(files.unpackedWeights.data(), files.unpackedWeights.size());
  return Error::success();
}

static Error readArchive(ModelFiles &files, const Archive &archive) {
  if (!archive.contains("config.json"))
    return makeError("is no .keras archive: expected an entry 'config.json', found none");
  Expected<json::Value> config = readJson(archive, "config.json");
  if (!config)
    return config.takeError();
  files.config = std::move(*config);
  if (!archive.contains("metadata.json"))
    return Error::success();
  Expected<json::Value> metadata = readJson(archive, "metadata.json");
  if (!metadata)
    return metadata.takeError();
  files.keras2 = isKeras2(*metadata);
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

Error keras::readModelFile(ModelFiles &files, StringRef path, VariableBytes variableBytes) {
  if (sys::fs::is_directory(path))
    return makeError("is a folder, as TensorFlow's SavedModel, which holds no layers; where the "
                     "model is made, save it with model.save('NAME.keras')");
  Expected<std::unique_ptr<MemoryBuffer>> file = readInputFile(path);
  if (!file)
    return makeError("cannot be read: " + toString(file.takeError()));
  files.file = std::move(*file);
  StringRef bytes = files.file->getBuffer();
  if (bytes.starts_with("\x89HDF"))
    return readHdf5(files, path);
  if (bytes.starts_with("PK")) {
    Expected<Archive> archive = Archive::open(bytes);
    if (!archive)
      return archive.takeError();
    Error wrong = readArchive(files, *archive);
    return wrong || !variableBytes ? std::move(wrong) : readWeights(files, *archive, variableBytes);
  }
  StringRef text = bytes.ltrim(" \t\r\n");
  if (!text.starts_with("{"))
    return makeError(
        bytes.empty()
            ? "is empty, expected a .keras archive, a model in HDF5 or an architecture .json"
            : "is neither a .keras archive nor a model in HDF5 nor an architecture .json");
  if (bytes.size() > kMostText)
    return makeError("has " + Twine(bytes.size()) + " bytes, more than text can have (" +
                     Twine(kMostText) + ")");
  Expected<json::Value> config = parseJson(bytes);
  if (!config)
    return config.takeError();
  files.config = std::move(*config);
  files.keras2 = isKeras2(*files.config);
  return Error::success();
}

bool keras::readWeightsFile(ModelFiles &files, StringRef path, StringRef asked,
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
  Expected<std::unique_ptr<MemoryBuffer>> file = readInputFile(name);
  if (!file) {
    problems.error() << "weights file " << quoted(name)
                     << " cannot be read: " << toString(file.takeError());
    return false;
  }
  files.weightsBuffer = std::move(*file);
  files.weights = files.weightsBuffer->getBuffer();
  files.weightsName = name;
  return true;
}
