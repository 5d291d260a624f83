//===- Files.h - the files that sepconv-run reads and writes ---------------===//
#pragma once

#include "Arguments.h"
#include "sepconv/Run/Product.h"

namespace mlir::sepconv {

/// The files of an option by the position of the port that each is for: "NAME=FILE", or the next
/// one that has none.
llvm::Expected<std::vector<std::string>> assign(StringRef what, ArrayRef<Port> ports,
                                                ArrayRef<std::string> files);

/// The array of each port, quantized where that is wanted.
llvm::Expected<std::vector<Array>> readArrays(StringRef what, ArrayRef<Port> ports,
                                              ArrayRef<std::string> files, bool quantize = false);

/// What an output is outside: numbers, where they are wanted instead of integers.
Array shownOutput(const Port &port, const Array &array, bool quantize);

/// Writes each output to a file of -o.
llvm::Error writeOutputs(const RunArguments &arguments, const Product &product);

} // namespace mlir::sepconv
