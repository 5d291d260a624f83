//===- Npy.h - arrays in NumPy's file format -------------------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace mlir::sepconv {

/// A float32 array in C order.
struct Array {
  SmallVector<int64_t> shape;
  std::vector<float> data;
};

/// Reads an .npy file of version 1, 2 or 3 with float32 elements of this machine's byte order in C
/// order. Everything else is an error that names the file, what was expected and what was found.
llvm::Expected<Array> readNpy(StringRef path);

/// Writes an .npy file of version 1; the file is there whole or not at all.
llvm::Error writeNpy(StringRef path, const Array &array);

int64_t elementsOf(ArrayRef<int64_t> shape);

/// "[1, 8, 8, 3]".
std::string shown(ArrayRef<int64_t> shape);

} // namespace mlir::sepconv
