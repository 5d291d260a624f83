//===- CheckOptions.h - which options go together --------------------------------===//
#pragma once

#include "Arguments.h"
#include "sepconv/Driver/Compile.h"
#include "sepconv/Driver/Diagnostics.h"

namespace mlir::sepconv {

inline constexpr llvm::StringLiteral kTool = "sepconv-compile";

inline LogicalResult fail(const Twine &message) {
  reportError(kTool, message);
  return failure();
}

/// Whether the value of an option is one of a few.
inline LogicalResult check(StringRef option, StringRef value, ArrayRef<StringRef> known) {
  return checkValue(kTool, option, value, known);
}

/// Reports options that exclude each other, and those without an effect.
LogicalResult checkOptions(const Arguments &arguments, const CompileOptions &options);

} // namespace mlir::sepconv
