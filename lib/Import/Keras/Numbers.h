//===- Numbers.h - constants in a model's config ---------------------------------===//
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/JSON.h"

#include <optional>

namespace mlir::sepconv::keras {

/// A number or an array of them.
struct Numbers {
  llvm::SmallVector<int64_t> shape;
  llvm::SmallVector<float> values;
};

/// Reads a number, nested lists of numbers or a serialized array of float32; nothing if `value` is
/// something else.
std::optional<Numbers> readNumbers(const llvm::json::Value &value);

} // namespace mlir::sepconv::keras
