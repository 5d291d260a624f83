//===- Problems.cpp - what is wrong with a model ---------------------------------===//

#include "Problems.h"

#include "mlir/IR/BuiltinTypeInterfaces.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace mlir::sepconv;

/// A damaged file can be wrong in very many places; nobody reads more than this many.
static constexpr unsigned maxReported = 100;

InFlightDiagnostic Problems::error() {
  if (++count > maxReported + 1)
    return InFlightDiagnostic();
  InFlightDiagnostic diag = emitError(UnknownLoc::get(context));
  diag << file << ": ";
  if (count <= maxReported)
    return diag;
  diag << "there are more problems than these " << maxReported;
  diag.report();
  return InFlightDiagnostic();
}

InFlightDiagnostic Problems::error(StringRef layer, StringRef className) {
  InFlightDiagnostic diag = error();
  diag << "layer " << quoted(layer);
  if (!className.empty())
    diag << " (" << className << ")";
  diag << ": ";
  return diag;
}

StringRef sepconv::adviceFor(ArrayRef<Advice> table, StringRef name) {
  for (const Advice &advice : table)
    if (llvm::is_contained(advice.names, name))
      return advice.text;
  return "";
}

/// At most `limit` characters, cut where a UTF-8 sequence begins.
static StringRef cut(StringRef text, size_t limit) {
  if (text.size() <= limit)
    return text;
  while (limit && (text[limit] & 0xC0) == 0x80)
    --limit;
  return text.take_front(limit);
}

std::string sepconv::quoted(StringRef text) {
  std::string result = "'";
  for (char c : cut(text, 100))
    result += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  return result + (text.size() > 100 ? "...'" : "'");
}

std::string sepconv::shown(const llvm::json::Value *value) {
  if (!value)
    return "nothing";
  if (std::optional<StringRef> text = value->getAsString())
    return quoted(*text);
  if (const llvm::json::Object *object = value->getAsObject())
    if (std::optional<StringRef> name = object->getString("class_name"))
      return "an object of class " + quoted(*name);
  std::string text;
  llvm::raw_string_ostream(text) << *value;
  return text.size() <= 100 ? text : cut(text, 100).str() + "...";
}

std::string sepconv::shown(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "[";
  llvm::interleaveComma(shape, stream, [&](int64_t size) {
    if (ShapedType::isDynamic(size))
      stream << "None";
    else
      stream << size;
  });
  stream << "]";
  return text;
}
