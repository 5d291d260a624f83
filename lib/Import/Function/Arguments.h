//===- Arguments.h - the values of a call's arguments ----------------------------===//
#pragma once

#include "../Problems.h"
#include "Signatures.h"

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringMap.h"

namespace mlir::sepconv::function {

/// A value that has the form of its argument; `text` is how it was given.
struct ArgumentValue {
  std::string text;
  bool isNone = false, boolean = false;
  SmallVector<int64_t> integers; ///< or a tensor's sizes, of one image if the batch is dynamic
  bool isBatchDynamic = false;
  Type element; ///< of a tensor; null if it was not given
  StringRef word;
};

/// How the element type of a tensor is written: f32.
std::string elementName(Type type);

/// The arguments of one call. Those that are unknown, missing, given twice or not of their form
/// are reported when it is made.
class Arguments {
public:
  Arguments(Problems &problems, const Signature &signature,
            ArrayRef<std::pair<std::string, std::string>> given);

  /// The value, given or by default; null if it is None, wrong or the function has no such
  /// argument.
  const ArgumentValue *get(Role role) const;
  const ArgumentValue *get(StringRef name) const;

  /// An error about the argument, to be followed by what was expected.
  InFlightDiagnostic error(Role role) { return error(signature.nameOf(role)); }
  InFlightDiagnostic error(StringRef name);
  /// How the argument's value was given, in quotes.
  std::string found(Role role) const;

private:
  void add(const Argument &argument, StringRef text);
  void readGiven(ArrayRef<std::pair<std::string, std::string>> given);

  Problems &problems;
  const Signature &signature;
  llvm::StringMap<std::string> texts;
  llvm::StringMap<ArgumentValue> values;
};

} // namespace mlir::sepconv::function
