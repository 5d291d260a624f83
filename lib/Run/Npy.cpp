//===- Npy.cpp - arrays in NumPy's file format -----------------------------------===//
//
// The format is described in numpy.lib.format: a magic string, the version, the length of a header,
// the header, which is a Python dictionary, and the elements.
//
//===----------------------------------------------------------------------===//

#include "sepconv/Run/Npy.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

#include <numeric>

using namespace mlir;
using namespace mlir::sepconv;
using llvm::createStringError;

static constexpr StringLiteral kMagic("\x93NUMPY");
static constexpr StringLiteral kDtype(llvm::endianness::native == llvm::endianness::little ? "<f4"
                                                                                           : ">f4");

int64_t sepconv::elementsOf(ArrayRef<int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<>());
}

std::string sepconv::shown(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(shape, stream << "[");
  stream << "]";
  return text;
}

/// The value of a key, as the pattern's group matches it; empty if there is none.
static StringRef valueOf(StringRef header, StringRef key, StringRef pattern) {
  SmallVector<StringRef, 2> matches;
  llvm::Regex regex(("'" + key + "' *: *" + pattern).str());
  return regex.match(header, &matches) ? matches[1] : StringRef();
}

/// Splits the header off the elements.
static llvm::Expected<StringRef> takeHeader(StringRef &content) {
  if (!content.consume_front(kMagic) || content.size() < 2)
    return createStringError("is no .npy file");
  unsigned version = static_cast<unsigned char>(content[0]);
  if (version < 1 || version > 3)
    return createStringError("has version " + Twine(version) + ", expected 1, 2 or 3");
  content = content.drop_front(2);
  size_t bytes = version == 1 ? 2 : 4;
  if (content.size() < bytes)
    return createStringError("is truncated");
  size_t length = version == 1 ? llvm::support::endian::read16le(content.data())
                               : llvm::support::endian::read32le(content.data());
  content = content.drop_front(bytes);
  if (content.size() < length)
    return createStringError("is truncated");
  StringRef header = content.take_front(length);
  content = content.drop_front(length);
  return header;
}

static llvm::Expected<SmallVector<int64_t>> parseShape(StringRef header) {
  SmallVector<StringRef, 2> matches;
  if (!llvm::Regex("'shape' *: *\\(([0-9, ]*)\\)").match(header, &matches))
    return createStringError("has no shape");
  SmallVector<int64_t> shape;
  SmallVector<StringRef> parts;
  matches[1].split(parts, ',');
  int64_t elements = 1;
  for (StringRef part : parts) {
    int64_t extent;
    if (part.trim().empty())
      continue;
    if (part.trim().getAsInteger(10, extent) || llvm::MulOverflow(elements, extent, elements))
      return createStringError("has a shape that is too large: (" + matches[1] + ")");
    shape.push_back(extent);
  }
  return shape;
}

static llvm::Expected<Array> parse(StringRef content) {
  llvm::Expected<StringRef> header = takeHeader(content);
  if (!header)
    return header.takeError();
  StringRef dtype = valueOf(*header, "descr", "'([^']*)'");
  if (dtype != kDtype)
    return createStringError("has dtype '" + dtype + "', expected '" + kDtype + "' (float32)");
  if (valueOf(*header, "fortran_order", "(True|False)") != "False")
    return createStringError("is in Fortran order, expected C order");
  llvm::Expected<SmallVector<int64_t>> shape = parseShape(*header);
  if (!shape)
    return shape.takeError();
  Array array{*shape, {}};
  int64_t elements = elementsOf(array.shape);
  if (content.size() % sizeof(float) || content.size() / sizeof(float) != size_t(elements))
    return createStringError("has " + Twine(content.size()) + " bytes of elements, shape " +
                             shown(array.shape) + " needs " + Twine(elements) + " times 4");
  array.data.resize(elements);
  llvm::copy(content, reinterpret_cast<char *>(array.data.data()));
  return array;
}

llvm::Expected<Array> sepconv::readNpy(StringRef path) {
  auto file = llvm::MemoryBuffer::getFile(path, false, /*RequiresNullTerminator=*/false);
  if (!file)
    return createStringError(file.getError(),
                             "cannot read '" + path + "': " + file.getError().message());
  llvm::Expected<Array> array = parse((*file)->getBuffer());
  if (!array)
    return createStringError("'" + path + "' " + llvm::toString(array.takeError()));
  return array;
}

llvm::Error sepconv::writeNpy(StringRef path, const Array &array) {
  std::string header = ("{'descr': '" + kDtype + "', 'fortran_order': False, 'shape': (").str();
  for (int64_t extent : array.shape)
    header += std::to_string(extent) + ", ";
  header += "), }";
  // The elements begin at a multiple of 64 bytes, the header ends with a newline.
  header.append(63 - (kMagic.size() + 4 + header.size()) % 64, ' ');
  header += "\n";
  return llvm::writeToOutput(path, [&](raw_ostream &stream) {
    char length[2];
    llvm::support::endian::write16le(length, header.size());
    stream << kMagic << StringRef("\x01\x00", 2) << StringRef(length, 2) << header;
    stream.write(reinterpret_cast<const char *>(array.data.data()),
                 array.data.size() * sizeof(float));
    return llvm::Error::success();
  });
}
