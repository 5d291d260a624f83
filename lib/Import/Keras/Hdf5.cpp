//===- Hdf5.cpp - the variables of a Keras weights file --------------------------===//

#include "Hdf5.h"
#include "Numbers.h"

#include "../Problems.h"
#include "Archive.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

#include <hdf5.h>

using namespace llvm;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static_assert(sizeof(hid_t) <= sizeof(int64_t));

/// HDF5 makes chunks of about this size.
static constexpr uint64_t kSmallChunk = 1 << 20;

namespace {

/// A handle of HDF5 and the function that closes it.
class Handle {
public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id(id), close(close) {}
  Handle(const Handle &) = delete;
  ~Handle() {
    if (id >= 0)
      close(id);
  }
  operator hid_t() const { return id; }
  explicit operator bool() const { return id >= 0; }

private:
  hid_t id;
  herr_t (*close)(hid_t);
};

/// HDF5 prints its errors; here they are answers.
class Quiet {
public:
  Quiet() {
    H5Eget_auto2(H5E_DEFAULT, &function, &data);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Quiet() { H5Eset_auto2(H5E_DEFAULT, function, data); }

private:
  H5E_auto2_t function = nullptr;
  void *data = nullptr;
};

} // namespace

/// Whether every part of `path` is there and none is a link that leads elsewhere, perhaps out of
/// the file.
static bool exists(hid_t file, StringRef path) {
  std::string upTo;
  for (StringRef part : split(path, '/')) {
    upTo += (upTo.empty() ? "" : "/") + part.str();
    H5L_info_t info;
    if (H5Lexists(file, upTo.c_str(), H5P_DEFAULT) <= 0 ||
        H5Lget_info(file, upTo.c_str(), &info, H5P_DEFAULT) < 0 || info.type != H5L_TYPE_HARD)
      return false;
  }
  return true;
}

static std::string typeName(hid_t type) {
  std::string bits = std::to_string(H5Tget_size(type) * 8);
  switch (H5Tget_class(type)) {
  case H5T_FLOAT:
    return "float" + bits;
  case H5T_INTEGER:
    return (H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int") + bits;
  default:
    return "no number";
  }
}

/// The bytes of a chunk, which is unpacked as a whole; 0 if the dataset has none.
static uint64_t chunkBytes(hid_t dataset) {
  Handle plist(H5Dget_create_plist(dataset), H5Pclose);
  hsize_t sizes[H5S_MAX_RANK];
  if (!plist || H5Pget_layout(plist) != H5D_CHUNKED)
    return 0;
  uint64_t bytes = 4;
  for (int i = 0, rank = H5Pget_chunk(plist, H5S_MAX_RANK, sizes); i < rank; ++i)
    bytes = SaturatingMultiply<uint64_t>(bytes, sizes[i]);
  return bytes;
}

/// The dataset's shape, or why its data may not be read.
static Expected<SmallVector<int64_t>> shapeOf(hid_t dataset) {
  Handle space(H5Dget_space(dataset), H5Sclose);
  Handle plist(H5Dget_create_plist(dataset), H5Pclose);
  if (!space || !plist || H5Sget_simple_extent_type(space) == H5S_NULL)
    return makeError("is damaged");
  if (H5Pget_layout(plist) == H5D_VIRTUAL || H5Pget_external_count(plist) != 0)
    return makeError("has its data outside of this file");
  int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0 || rank > H5S_MAX_RANK)
    return makeError("is damaged");
  hsize_t sizes[H5S_MAX_RANK];
  if (H5Sget_simple_extent_dims(space, sizes, nullptr) < 0)
    return makeError("is damaged");
  return SmallVector<int64_t>(sizes, sizes + rank);
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

/// Reads one text or a list of them, of fixed or of variable length; none if there is no such
/// attribute or it is something else.
static std::vector<std::string> readTexts(hid_t object, const std::string &name) {
  constexpr hssize_t most = 1 << 20;
  if (H5Aexists(object, name.c_str()) <= 0)
    return {};
  Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
  Handle type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  hssize_t count = H5Sget_simple_extent_npoints(space);
  if (!attribute || !type || !space || H5Tget_class(type) != H5T_STRING || count < 1 ||
      count > most)
    return {};
  std::vector<std::string> texts;
  if (H5Tis_variable_str(type) > 0) {
    std::vector<char *> pointers(count, nullptr);
    if (H5Aread(attribute, type, pointers.data()) < 0)
      return {};
    for (const char *pointer : pointers)
      texts.push_back(pointer ? pointer : "");
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
    return texts;
  }
  hssize_t size = H5Tget_size(type);
  if (size < 1 || size > most / count * 16)
    return {};
  std::vector<char> bytes(size * count);
  if (H5Aread(attribute, type, bytes.data()) < 0)
    return {};
  for (hssize_t i = 0; i < count; ++i)
    texts.push_back(StringRef(bytes.data() + i * size, size).split('\0').first.str());
  return texts;
}

/// What is too long for one attribute is in several, NAME0, NAME1, ...
static std::vector<std::string> readList(hid_t object, const std::string &name) {
  std::vector<std::string> all = readTexts(object, name);
  for (unsigned i = 0;; ++i) {
    std::vector<std::string> part = readTexts(object, name + std::to_string(i));
    if (part.empty())
      return all;
    all.insert(all.end(), part.begin(), part.end());
  }
}

std::optional<std::string> WeightsFile::text(StringRef attribute) const {
  Quiet quiet;
  std::vector<std::string> texts = readTexts(file, attribute.str());
  return texts.size() == 1 ? std::optional(texts.front()) : std::nullopt;
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

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
    // Of a model's, those of the layer: "conv/kernel:0" or "model/conv/kernel".
    StringRef owner = StringRef(name).rsplit('/').first;
    if (last.empty() || owner == last || owner.ends_with(("/" + last).str()))
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
