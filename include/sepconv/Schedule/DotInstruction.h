//===- DotInstruction.h - instructions that add up products of bytes -------------===//
#pragma once

#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <optional>

namespace mlir::sepconv {

/// An instruction that adds products of bytes to each 32-bit lane of a vector.
struct DotInstruction {
  llvm::StringLiteral name;
  llvm::StringLiteral feature; // of a processor that has it, as LLVM calls it
  int64_t terms;               // for each lane
  bool hasUnsignedInput;       // the weights are signed
};

ArrayRef<DotInstruction> dotInstructions();

/// The instruction of this name, or null.
const DotInstruction *findDotInstruction(StringRef name);

/// The form of a sum that such instructions compute.
struct DotForm {
  bool hasUnsignedInput;
};

/// Says how a reduction adds products of 8-bit integers, its first operand by its second one, whose
/// numbers are signed, in 32 bits; nothing of one that does anything else.
std::optional<DotForm> dotForm(linalg::LinalgOp op);

} // namespace mlir::sepconv
