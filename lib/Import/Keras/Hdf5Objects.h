//===- Hdf5Objects.h - what a file in HDF5 has -----------------------------------===//
//
// The calls of HDF5's interface in C, guarded: a damaged file, one that leads out of itself and one
// that claims too much are answers.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <hdf5.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mlir::sepconv::keras {

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

/// Whether every part of `path` is there and none is a link that leads elsewhere, perhaps out of
/// the file.
bool exists(hid_t file, llvm::StringRef path);
/// What NumPy calls a type of numbers.
std::string typeName(hid_t type);
/// The bytes of a chunk, which is unpacked as a whole; 0 if the dataset has none.
uint64_t chunkBytes(hid_t dataset);
/// The dataset's shape, or why its data may not be read.
llvm::Expected<llvm::SmallVector<int64_t>> shapeOf(hid_t dataset);
/// Reads one text or a list of them, of fixed or of variable length; none if there is no such
/// attribute or it is something else.
std::vector<std::string> readTexts(hid_t object, const std::string &name);
/// What is too long for one attribute is in several, NAME0, NAME1, ...
std::vector<std::string> readList(hid_t object, const std::string &name);

} // namespace mlir::sepconv::keras
