//===- Signatures.h - functions and their arguments, as documented ---------------===//
//
// A function is an entry in a table: the arguments that its page lists, in its order, with their
// forms, defaults and allowed values. What an argument means is its role, whatever its name; one
// builder serves all functions.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"

#include <array>
#include <string>
#include <vector>

namespace mlir::sepconv::function {

enum class Role {
  Input,
  DepthwiseFilter,
  PointwiseFilter,
  Filters,
  KernelSize,
  Strides,
  Padding,
  DataFormat,
  Dilations,
  DepthMultiplier,
  Activation,
  UseBias,
  Name,
  Other ///< looked up by its name: what is said of a variable, or nothing about the values
};

/// What the text of a value must look like.
enum class Form {
  Tensor,   ///< of rank 4: 1x224x224x32xf32
  Integer,  ///< positive
  Integers, ///< so many positive ones: 1,2,2,1 or (1, 2, 2, 1)
  Pair,     ///< a positive integer or two of them
  OneOf,    ///< one of several words
  Boolean,
  Text
};

struct Argument {
  StringRef name;
  Role role;
  Form form;
  /// As the page writes it; empty means that the argument must be given.
  StringRef otherwise;
  /// Words that are values, and None where it is one.
  std::vector<StringRef> words = {};
  unsigned count = 0;   ///< of Integers
  bool anyCase = false; ///< of words

  bool isRequired() const { return otherwise.empty(); }
  /// What is allowed, for a person.
  std::string allowed() const;
};

/// What a page calls the dimensions, in the order of NHWC.
struct Axes {
  std::array<StringRef, 4> input, output;
  std::array<StringRef, 4> depthwise, pointwise;
};

struct Signature {
  StringRef name;
  std::vector<StringRef> aliases;
  std::vector<Argument> arguments;
  Axes axes;

  /// The first argument of a role, null if the function has none.
  const Argument *find(Role role) const;
  const Argument *find(StringRef name) const;
  StringRef nameOf(Role role) const { return find(role)->name; }
};

ArrayRef<Signature> signatures();
/// By name or alias; null if there is none.
const Signature *findSignature(StringRef name);

} // namespace mlir::sepconv::function
