//===- Hdf5.cpp - the variables of a Keras weights file --------------------------===//

#include "Hdf5.h"

#include "../Problems.h"
#include "Archive.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

#include <hdf5.h>

using namespace llvm;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static_assert(sizeof(hid_t) <= sizeof(int64_t));

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
  return std::unique_ptr<WeightsFile>(new WeightsFile(file, name));
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

Expected<int64_t> WeightsFile::count(StringRef path) const {
  Quiet quiet;
  std::string group = locate(path) + "/vars";
  if (!exists(file, group))
    return 0;
  Handle handle(H5Gopen2(file, group.c_str(), H5P_DEFAULT), H5Gclose);
  H5G_info_t info;
  if (!handle || H5Gget_info(handle, &info) < 0)
    return makeError("group '" + group + "' of " + quoted(name) + " is damaged");
  return info.nlinks;
}

Expected<Variable> WeightsFile::read(StringRef path, int64_t index,
                                     ArrayRef<int64_t> expected) const {
  Quiet quiet;
  std::string dataset = locate(path) + "/vars/" + std::to_string(index);
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
  if (H5Tget_class(type) != H5T_FLOAT || H5Tget_size(type) != 4)
    return problem("has dtype " + typeName(type) + ", expected float32");
  Expected<SmallVector<int64_t>> shape = shapeOf(handle);
  if (!shape)
    return problem(toString(shape.takeError()));
  if (ArrayRef<int64_t>(*shape) != expected)
    return problem("has shape " + shown(*shape) + ", expected " + shown(expected));
  uint64_t size = 4;
  for (int64_t extent : *shape)
    size *= extent;
  // A dataset that was never written, or whose compression claims too much, holds no weights.
  uint64_t stored = H5Dget_storage_size(handle);
  if (stored < size && (stored == 0 || size / stored > 1100))
    return problem("claims " + Twine(size) + " bytes, of which " + Twine(stored) + " are stored");
  Variable result{std::move(*shape), std::vector<char>(size)};
  if (H5Dread(handle, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, result.bytes.data()) < 0)
    return problem("cannot be read");
  return std::move(result);
}
