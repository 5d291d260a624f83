//===- Numbers.h - constants in a model's config ---------------------------------===//
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/JSON.h"

#include <optional>
#include <vector>

namespace mlir::sepconv::keras {

/// A number or an array of them.
struct Numbers {
  llvm::SmallVector<int64_t> shape;
  llvm::SmallVector<float> values;
  /// Whether they stand as such in a program, and have the type of what they are computed with.
  bool isWeak = true;
};

/// Reads a number, nested lists of numbers or a serialized array of float32; nothing if `value` is
/// something else.
std::optional<Numbers> readNumbers(const llvm::json::Value &value);

/// Makes of bfloat16, which fill the first half of the bytes, float32: they are its upper halves.
void widenBfloat16(std::vector<char> &bytes);

} // namespace mlir::sepconv::keras
