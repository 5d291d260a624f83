//===- Npy.h - arrays in NumPy's file format -------------------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace llvm {
struct fltSemantics;
}

namespace mlir::sepconv {

/// A type of elements.
struct Dtype {
  StringLiteral name; // as products and NumPy call it: float32
  char kind;          // in an .npy file, between the byte order and the size: <f4
  int64_t bytes;
  const llvm::fltSemantics &(*semantics)(); // null of integers

  /// Of a name, or null.
  static const Dtype *get(StringRef name);
  /// A number's nearest one of this type.
  double round(double number) const;
};

/// What an array is: "float32[1, 8, 8, 3]" in messages.
struct ArrayType {
  const Dtype *dtype;
  SmallVector<int64_t> shape;

  int64_t elements() const;
  std::string shown() const;
  bool operator==(const ArrayType &other) const {
    return dtype == other.dtype && shape == other.shape;
  }
};

/// An array in C order.
struct Array {
  explicit Array(ArrayType type) : type(type), data(type.elements() * type.dtype->bytes) {}

  double get(int64_t index) const;
  void set(int64_t index, double number);

  ArrayType type;
  std::vector<char> data;
};

/// Reads an .npy file of version 1, 2 or 3 with elements of a type that products have, in this
/// machine's byte order and in C order. Everything else is an error that names the file, what was
/// expected and what was found.
llvm::Expected<Array> readNpy(StringRef path);

/// The contents of an .npy file of version 1.
std::string toNpy(const Array &array);

} // namespace mlir::sepconv
