//===- Preprocess.h - images of bytes instead of a model's numbers ---------------===//
//
// What stands before a model where it is trained, pixels scaled and moved, becomes a part of it:
// the product takes pixels, an image of uint8.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace mlir::sepconv {

/// A channel of the model's input is (pixel - mean) * scale.
struct Preprocessing {
  /// One number for all channels, or one for each.
  std::vector<double> mean{0}, scale{1};
  /// Whether the model's channels are the pixels' in the opposite order: blue first.
  bool reversesChannels = false;

  /// That of a family of keras.applications ("mobilenet_v2") or one of its modes ("tf", "torch",
  /// "caffe"); nothing for another name.
  static std::optional<Preprocessing> named(StringRef name);
  /// The names, for messages.
  static std::string names();
};

/// Makes the model's only image an image of uint8. An error says why there is none.
llvm::Error preprocess(ModuleOp module, const Preprocessing &preprocessing);

} // namespace mlir::sepconv
