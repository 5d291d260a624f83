//===- InputFile.cpp - files that a user names -----------------------------------===//

#include "sepconv/Support/InputFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"

#include <optional>

using namespace mlir;
using namespace mlir::sepconv;
using llvm::createStringError;
namespace fs = llvm::sys::fs;

llvm::Error sepconv::checkInputFile(const llvm::Twine &path) {
  fs::file_status status;
  if (std::error_code code = fs::status(path, status))
    return createStringError(code, StringRef(code.message()).lower());
  switch (status.type()) {
  case fs::file_type::regular_file:
    return llvm::Error::success();
  case fs::file_type::directory_file:
    return createStringError("it is a folder");
  case fs::file_type::fifo_file:
  case fs::file_type::socket_file:
    return createStringError("it is a pipe or a socket, expected a file");
  default:
    return createStringError("it is a device, expected a file");
  }
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
sepconv::readInputFile(const llvm::Twine &path) {
  if (llvm::Error error = checkInputFile(path))
    return std::move(error);
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(buffer.getError(), StringRef(buffer.getError().message()).lower());
  return std::move(*buffer);
}

//===----------------------------------------------------------------------===//
// MLIR's syntax
//===----------------------------------------------------------------------===//

// People and compilers nest a few tens of levels; the parser's stack suffices for many thousands.
static constexpr size_t kMaxNesting = 256;
// Pages: more is not what elements need, and is taken from the address space.
static constexpr uint32_t kMaxAlignment = 4096;

// Twice the weights that fit beside code, in hexadecimal. A file with a hole can claim more.
static constexpr uint64_t kMaxText = uint64_t(1) << 33;

namespace {
/// Goes through a text without a grammar: it knows strings, comments and brackets.
class TextChecker {
public:
  explicit TextChecker(StringRef text) : text(text), rest(text) {}
  llvm::Error run();

private:
  llvm::Error string();
  llvm::Error error(const llvm::Twine &message) {
    size_t line = 1 + text.take_front(text.size() - rest.size()).count('\n');
    return createStringError("line " + llvm::Twine(line) + ": " + message);
  }

  StringRef text, rest;
  size_t depth = 0;
};
} // namespace

/// A blob of a resource is its alignment, 4 bytes in hexadecimal, and its bytes.
llvm::Error TextChecker::string() {
  size_t end = 0;
  while (end < rest.size() && rest[end] != '"' && rest[end] != '\n')
    end += rest[end] == '\\' ? 2 : 1;
  StringRef content = rest.take_front(end);
  bool isValue = text.take_front(text.size() - rest.size() - 1).rtrim().ends_with(":");
  std::string bytes;
  if (isValue && content.consume_front("0x") && content.size() >= 8 &&
      llvm::tryGetFromHex(content.take_front(8), bytes)) {
    uint32_t alignment = llvm::support::endian::read32le(bytes.data());
    if (!llvm::isPowerOf2_32(alignment) || alignment > kMaxAlignment)
      return error("the blob of a resource claims an alignment of " + llvm::Twine(alignment) +
                   ", expected a power of two up to " + llvm::Twine(kMaxAlignment));
  }
  rest = rest.drop_front(std::min(end + 1, rest.size()));
  return llvm::Error::success();
}

llvm::Error TextChecker::run() {
  while (!rest.empty()) {
    char c = rest.front();
    if (rest.starts_with("//")) {
      rest = rest.drop_while([](char c) { return c != '\n'; });
      continue;
    }
    // Arrows and comparisons are no brackets.
    if (rest.starts_with("->") || rest.starts_with(">=") || rest.starts_with("<=")) {
      rest = rest.drop_front(2);
      continue;
    }
    rest = rest.drop_front();
    if (c == '"') {
      if (llvm::Error wrong = string())
        return wrong;
    } else if (StringRef("([{<").contains(c)) {
      if (++depth > kMaxNesting)
        return error("is nested deeper than " + llvm::Twine(kMaxNesting) + " levels");
    } else if (StringRef(")]}>").contains(c) && depth) {
      --depth;
    }
  }
  return llvm::Error::success();
}

llvm::Error sepconv::checkMlirText(StringRef text) {
  if (text.size() > kMaxText)
    return createStringError("it has " + llvm::Twine(text.size()) + " bytes, more than " +
                             llvm::Twine(kMaxText));
  return text.starts_with("ML\xefR") ? llvm::Error::success() : TextChecker(text).run();
}
