//===- Tflite.h - reads TFLite models --------------------------------------------===//
//
// What comes out is the `import` stage: one function on tensors, whose operations carry the names
// of the file's tensors as locations.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>

namespace mlir::sepconv {

struct TfliteImportOptions {
  /// What a dynamic batch of the model becomes; ShapedType::kDynamic if it stays dynamic, and the
  /// function is for one image.
  int64_t batch = 1;
  /// What an open height and width of an image become.
  std::optional<int64_t> height, width;
  /// Which of the model's signatures; empty means the only one, or `serving_default`.
  std::string signature;
  /// The `sepconv.model` attribute; empty means the file's name without its extension.
  std::string modelName;
};

/// Reads the model. On failure every problem found has been emitted as a diagnostic that names the
/// file, the tensor that an operator computes, the operator and its input or option.
OwningOpRef<ModuleOp> importTflite(llvm::StringRef path, const TfliteImportOptions &options,
                                   MLIRContext *context);

/// Prints the operators that are supported, with their versions and the type of their options.
void listTfliteOperators(llvm::raw_ostream &os);

} // namespace mlir::sepconv
