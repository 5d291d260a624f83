//===- Legacy.h - what Keras 2 calls TFOpLambda ----------------------------------===//
#pragma once

#include "llvm/Support/JSON.h"

#include <optional>

namespace mlir::sepconv::keras {

/// The entry of a layer that is one of TensorFlow's functions, as Keras 3 writes an operation;
/// nothing if the entry is another layer. A function that no operation stands for keeps its name.
std::optional<llvm::json::Value> modernized(const llvm::json::Object &entry);

} // namespace mlir::sepconv::keras
