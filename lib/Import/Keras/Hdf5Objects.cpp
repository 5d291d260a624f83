//===- Hdf5Objects.cpp - what a file in HDF5 has ---------------------------------===//

#include "Hdf5Objects.h"
#include "Archive.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir::sepconv;

bool keras::exists(hid_t file, StringRef path) {
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

std::string keras::typeName(hid_t type) {
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

uint64_t keras::chunkBytes(hid_t dataset) {
  Handle plist(H5Dget_create_plist(dataset), H5Pclose);
  hsize_t sizes[H5S_MAX_RANK];
  if (!plist || H5Pget_layout(plist) != H5D_CHUNKED)
    return 0;
  uint64_t bytes = 4;
  for (int i = 0, rank = H5Pget_chunk(plist, H5S_MAX_RANK, sizes); i < rank; ++i)
    bytes = SaturatingMultiply<uint64_t>(bytes, sizes[i]);
  return bytes;
}

Expected<SmallVector<int64_t>> keras::shapeOf(hid_t dataset) {
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

std::vector<std::string> keras::readTexts(hid_t object, const std::string &name) {
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

std::vector<std::string> keras::readList(hid_t object, const std::string &name) {
  std::vector<std::string> all = readTexts(object, name);
  for (unsigned i = 0;; ++i) {
    std::vector<std::string> part = readTexts(object, name + std::to_string(i));
    if (part.empty())
      return all;
    all.insert(all.end(), part.begin(), part.end());
  }
}
