//===- Problems.h - what is wrong with a model -----------------------------------===//
#pragma once

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace mlir::sepconv {

/// Emits the problems of one model, all of them, and remembers that there were some.
class Problems {
public:
  Problems(MLIRContext *context, StringRef file) : context(context), file(file.str()) {}

  InFlightDiagnostic error();
  InFlightDiagnostic error(StringRef layer, StringRef className);

  bool any() const { return count != 0; }
  MLIRContext *getContext() const { return context; }
  StringRef getFile() const { return file; }

private:
  MLIRContext *context;
  std::string file;
  unsigned count = 0;
};

/// Why some layers or operators are not supported, and what helps.
struct Advice {
  llvm::StringLiteral text;
  std::vector<StringRef> names;
};
/// What a format's table says of a name; empty if it is not there.
StringRef adviceFor(ArrayRef<Advice> table, StringRef name);

/// A text from the file as a message may hold it: in quotes, printable, not too long.
std::string quoted(StringRef text);

/// A value from the file as a message may hold it.
std::string shown(const llvm::json::Value *value);

/// [1, 8, 8, 3]; an unknown size is negative and printed as None, which is Keras's word for it.
std::string shown(ArrayRef<int64_t> shape);

} // namespace mlir::sepconv
