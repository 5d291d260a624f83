//===- Function.h - calls of TensorFlow's functions ------------------------------===//
//
// One call of a function, by its name and arguments as TensorFlow documents them, becomes the
// `import` stage: one function on tensors whose weights are arguments.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "sepconv/IR/Sizes.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>
#include <utility>
#include <vector>

namespace mlir::sepconv {

struct FunctionCall {
  /// The name, such as tf.nn.separable_conv2d.
  std::string function;
  /// Names of arguments and their values as text, in any order.
  std::vector<std::pair<std::string, std::string>> arguments;
  /// Whether a layer's activity regularizer becomes an output.
  bool activityLoss = false;
  /// What a height and a width of the input that are ? can be.
  ImageSizes sizes;
};

/// Imports the call. On failure every problem found has been emitted as a diagnostic that names the
/// function, the argument, what is expected and what was found.
OwningOpRef<ModuleOp> importFunction(const FunctionCall &call, MLIRContext *context);

/// Describes the arguments of a function, their defaults and values; of all functions if the name
/// is empty. False if there is no such function.
bool describeFunction(StringRef function, raw_ostream &os);

/// The names of all functions, for messages.
std::string functionNames();

} // namespace mlir::sepconv
