//===- Keras.h - reads Keras models ----------------------------------------------===//
//
// A model is a `.keras` archive, or an architecture `.json` with its weights in a `.weights.h5`
// beside it. What comes out is the `import` stage: one function on tensors, whose operations carry
// the layers' names as locations.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/IR/Sizes.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace mlir::sepconv {

struct KerasImportOptions {
  /// The weights of an architecture; empty means the archive's own, or NAME.weights.h5 beside
  /// NAME.json.
  std::string weightsFile;
  /// What a dynamic batch of the model becomes; ShapedType::kDynamic if it stays dynamic,
  /// and the function is for one image.
  int64_t batch = 1;
  /// Whether the user asked for this batch: a model whose batch is another one is an error.
  bool batchGiven = false;
  /// What a height and a width of the inputs that are null can be.
  ImageSizes sizes;
  /// Make the weights variables instead of constants; no weights are read then.
  bool weightsAsVariables = false;
  /// Make the loss of the activity regularizers, if there are some, an output of the function.
  bool activityLoss = false;
  /// The `sepconv.model` attribute; empty means the file's name without its extension.
  std::string modelName;
};

/// Reads the model. On failure every problem found has been emitted as a diagnostic that names the
/// file, the layer, its class and the argument or variable.
OwningOpRef<ModuleOp> importKeras(llvm::StringRef path, const KerasImportOptions &options,
                                  MLIRContext *context);

/// Prints the classes of layers and the operations that are supported, with their arguments.
void listKerasLayers(llvm::raw_ostream &os);

} // namespace mlir::sepconv
