//===- Hdf5.cpp - the variables of a Keras weights file --------------------------===//

#include "Hdf5.h"
#include "Hdf5Objects.h"
#include "Numbers.h"

#include "../Problems.h"
#include "Archive.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static_assert(sizeof(hid_t) <= sizeof(int64_t));

/// HDF5 makes chunks of about this size.
static constexpr uint64_t kSmallChunk = 1 << 20;

std::optional<std::string> WeightsFile::text(StringRef attribute) const {
  Quiet quiet;
  std::vector<std::string> texts = readTexts(file, attribute.str());
  return texts.size() == 1 ? std::optional(texts.front()) : std::nullopt;
}

Expected<std::unique_ptr<WeightsFile>> WeightsFile::open(StringRef bytes, StringRef name) {
  // At exit HDF5 closes what is open; after a damaged file that may never end, and says so. It
  // counts only before anything else is called.
  [[maybe_unused]] static const herr_t closesNothing = H5dont_atexit();
  Quiet quiet;
  H5PLset_loading_state(0); // a filter that is not built in must not load code
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  // HDF5 copies the image, and changes nothing as it is opened for reading.
  if (!access || H5Pset_fapl_core(access, 1 << 16, false) < 0 ||
      H5Pset_file_image(access, const_cast<char *>(bytes.data()), bytes.size()) < 0)
    return makeError("cannot be held in memory");
  hid_t file = H5Fopen("weights", H5F_ACC_RDONLY, access);
  if (file < 0)
    return makeError("is no valid HDF5 file");
  std::unique_ptr<WeightsFile> result(new WeightsFile(file, name));
  for (StringRef prefix : {"", "model_weights/"}) {
    StringRef group = prefix.empty() ? "/" : prefix.drop_back();
    if (!prefix.empty() && !exists(file, group))
      continue;
    Handle handle(H5Gopen2(file, group.str().c_str(), H5P_DEFAULT), H5Gclose);
    if (handle && !readList(handle, "layer_names").empty())
      result->layers = prefix.str();
  }
  return std::move(result);
}

WeightsFile::~WeightsFile() {
  Quiet quiet;
  H5Fclose(file);
}

std::string WeightsFile::locate(StringRef path) const {
  if (exists(file, path) || !exists(file, "_layer_checkpoint_dependencies"))
    return path.str();
  SmallVector<StringRef> parts(split(path, '/'));
  for (StringRef &part : parts)
    if (part == "layers")
      part = "_layer_checkpoint_dependencies";
  return join(parts, "/");
}

std::vector<std::string> WeightsFile::datasets(StringRef path) const {
  StringRef first = path.split('/').first, last = path.rsplit('/').second;
  std::string group = *layers + first.str();
  if (!exists(file, group))
    return {};
  Handle handle(H5Gopen2(file, group.c_str(), H5P_DEFAULT), H5Gclose);
  std::vector<std::string> names;
  if (!handle)
    return names;
  for (const std::string &name : readList(handle, "weight_names")) {
    // Of a model's, those of the layer: "conv/kernel:0" or "model/lstm/cell/kernel".
    StringRef owner = StringRef(name).rsplit('/').first;
    if (last.empty() || llvm::is_contained(split(owner, '/'), last))
      names.push_back(group + "/" + name);
  }
  return names;
}

std::string WeightsFile::datasetOf(StringRef path, int64_t index) const {
  if (!isByName())
    return locate(path) + "/vars/" + std::to_string(index);
  std::vector<std::string> names = datasets(path);
  return size_t(index) < names.size()
             ? names[index]
             : *layers + path.split('/').first.str() + "/" + std::to_string(index);
}

Expected<int64_t> WeightsFile::count(StringRef path) const {
  Quiet quiet;
  if (isByName())
    return datasets(path).size();
  std::string group = locate(path) + "/vars";
  if (!exists(file, group))
    return 0;
  Handle handle(H5Gopen2(file, group.c_str(), H5P_DEFAULT), H5Gclose);
  H5G_info_t info;
  if (!handle || H5Gget_info(handle, &info) < 0)
    return makeError("group '" + group + "' of " + quoted(name) + " is damaged");
  return info.nlinks;
}

/// Whether elements are bfloat16, which HDF5 has no type for: two bytes.
static bool isBfloat16(hid_t dataset, hid_t type) {
  std::vector<std::string> texts = readTexts(dataset, "dtype");
  return H5Tget_class(type) == H5T_OPAQUE && H5Tget_size(type) == 2 && texts.size() == 1 &&
         texts.front() == "bfloat16";
}

Expected<Variable> WeightsFile::read(StringRef path, int64_t index, ArrayRef<int64_t> expected,
                                     bool wide) const {
  Quiet quiet;
  std::string dataset = datasetOf(path, index);
  auto problem = [&](const Twine &what) {
    return makeError("dataset '" + dataset + "' of " + quoted(name) + " " + what);
  };
  if (!exists(file, dataset))
    return problem("is missing");
  Handle handle(H5Dopen2(file, dataset.c_str(), H5P_DEFAULT), H5Dclose);
  if (!handle)
    return problem("is damaged");
  Handle type(H5Dget_type(handle), H5Tclose);
  if (!type)
    return problem("is damaged");
  bool isNarrow = isBfloat16(handle, type);
  if (H5Tget_class(type) != H5T_FLOAT && !isNarrow)
    return problem("has dtype " + typeName(type) +
                   ", expected float16, bfloat16, float32 or float64");
  Expected<SmallVector<int64_t>> shape = shapeOf(handle);
  if (!shape)
    return problem(toString(shape.takeError()));
  if (ArrayRef<int64_t>(*shape) != expected)
    return problem("has shape " + shown(*shape) + ", expected " + shown(expected));
  uint64_t elements = 1;
  for (int64_t extent : *shape)
    elements *= extent;
  uint64_t size = elements * H5Tget_size(type);
  // A dataset that was never written, or whose compression claims too much, holds no weights.
  uint64_t stored = H5Dget_storage_size(handle);
  if (stored < size && (stored == 0 || size / stored > 1100))
    return problem("claims " + Twine(size) + " bytes, of which " + Twine(stored) + " are stored");
  if (uint64_t chunk = chunkBytes(handle); chunk > std::max<uint64_t>(kSmallChunk, 2 * size))
    return problem("has chunks of " + Twine(chunk) + " bytes for data of " + Twine(size));
  wide &= !isNarrow;
  Variable result{std::move(*shape), std::vector<char>(elements * (wide ? 8 : 4))};
  hid_t wanted = wide ? H5T_NATIVE_DOUBLE : H5T_NATIVE_FLOAT;
  if (H5Dread(handle, isNarrow ? hid_t(type) : wanted, H5S_ALL, H5S_ALL, H5P_DEFAULT,
              result.bytes.data()) < 0)
    return problem("cannot be read");
  if (isNarrow)
    widenBfloat16(result.bytes);
  return std::move(result);
}
