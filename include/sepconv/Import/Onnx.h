//===- Onnx.h - reads ONNX models ------------------------------------------------===//
//
// What comes out is the `import` stage: one function on tensors, whose operations carry the nodes'
// names as locations. The function's arguments and results keep the model's layout.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/IR/Sizes.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mlir::sepconv {

struct OnnxImportOptions {
  /// What an unknown dimension 0 of an input becomes; ShapedType::kDynamic if it stays dynamic, and
  /// the function is for one image. Absent: 1.
  std::optional<int64_t> batch;
  /// What an unknown height and width of an image can be.
  ImageSizes imageSizes;
  /// The same of dimensions that have names.
  std::vector<std::pair<std::string, SizeRange>> sizes;
  /// Whether the images of the function's arguments and results have their channels last.
  bool channelsLast = false;
  /// The `sepconv.model` attribute; empty means the file's name without its extension.
  std::string modelName;
};

/// Reads the model. On failure every problem found has been emitted as a diagnostic that names the
/// file, the node, its operator and the attribute or input.
OwningOpRef<ModuleOp> importOnnx(llvm::StringRef path, const OnnxImportOptions &options,
                                 MLIRContext *context);

/// Prints the table of operators: names, versions, attributes.
void listOnnxOperators(llvm::raw_ostream &os);

} // namespace mlir::sepconv
