//===- Npy.cpp - arrays in NumPy's file format -----------------------------------===//
//
// The format is described in numpy.lib.format: a magic string, the version, the length of a header,
// the header, which is a Python dictionary, and the elements.
//
//===----------------------------------------------------------------------===//

#include "sepconv/Run/Npy.h"
#include "sepconv/Support/InputFile.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APSInt.h"
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
static constexpr char kByteOrder = llvm::endianness::native == llvm::endianness::little ? '<' : '>';

/// NumPy has no bfloat16: what is written of ml_dtypes' arrays are two bytes, V2.
static const Dtype kDtypes[] = {
    {"float16", 'f', 2, llvm::APFloat::IEEEhalf},
    {"bfloat16", 'V', 2, llvm::APFloat::BFloat},
    {"float32", 'f', 4, llvm::APFloat::IEEEsingle},
    {"float64", 'f', 8, llvm::APFloat::IEEEdouble},
    {"bool", 'b', 1, nullptr},
    {"uint8", 'u', 1, nullptr},
    {"uint16", 'u', 2, nullptr},
    {"uint32", 'u', 4, nullptr},
    {"uint64", 'u', 8, nullptr},
    {"int8", 'i', 1, nullptr},
    {"int16", 'i', 2, nullptr},
    {"int32", 'i', 4, nullptr},
    {"int64", 'i', 8, nullptr},
};

static std::string descrOf(const Dtype &dtype) {
  return {dtype.bytes == 1 ? '|' : kByteOrder, dtype.kind, static_cast<char>('0' + dtype.bytes)};
}

static const Dtype *dtypeOf(StringRef descr) {
  // Bytes have an order or none.
  std::string ordered =
      descr.starts_with("|V") ? kByteOrder + descr.drop_front().str() : descr.str();
  for (const Dtype &dtype : kDtypes)
    if (descrOf(dtype) == ordered)
      return &dtype;
  return nullptr;
}

static std::string knownDtypes() {
  std::string text;
  for (const Dtype &dtype : kDtypes)
    text += (text.empty() ? "'" : ", '") + descrOf(dtype) + "' (" + dtype.name.str() + ")";
  return text;
}

const Dtype *Dtype::get(StringRef name) {
  for (const Dtype &dtype : kDtypes)
    if (dtype.name == name)
      return &dtype;
  return nullptr;
}

static llvm::APFloat convert(double number, const Dtype &dtype) {
  llvm::APFloat result(number);
  bool losesInfo;
  result.convert(dtype.semantics(), llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  return result;
}

/// The nearest integer of the type, 0 of what is no number.
static llvm::APSInt convertToInteger(double number, const Dtype &dtype) {
  llvm::APSInt result(dtype.kind == 'b' ? 1 : 8 * dtype.bytes, dtype.kind != 'i');
  bool isExact;
  llvm::APFloat(number).convertToInteger(result, llvm::APFloat::rmNearestTiesToEven, &isExact);
  return result;
}

static double toDouble(const llvm::APInt &bits, bool isSigned) {
  return isSigned ? bits.signedRoundToDouble() : bits.roundToDouble();
}

double Dtype::round(double number) const {
  return semantics ? convert(number, *this).convertToDouble()
                   : toDouble(convertToInteger(number, *this), kind == 'i');
}

int64_t ArrayType::elements() const {
  return std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<>());
}

std::string ArrayType::shown() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(shape, stream << dtype->name << "[");
  stream << "]";
  return text;
}

double Array::get(int64_t index) const {
  int64_t bytes = type.dtype->bytes;
  llvm::APInt bits(8 * bytes, 0);
  llvm::LoadIntFromMemory(bits, reinterpret_cast<const uint8_t *>(&data[index * bytes]), bytes);
  return type.dtype->semantics ? llvm::APFloat(type.dtype->semantics(), bits).convertToDouble()
                               : toDouble(bits, type.dtype->kind == 'i');
}

void Array::set(int64_t index, double number) {
  int64_t bytes = type.dtype->bytes;
  llvm::APInt bits = type.dtype->semantics ? convert(number, *type.dtype).bitcastToAPInt()
                                           : convertToInteger(number, *type.dtype);
  llvm::StoreIntToMemory(bits.zextOrTrunc(8 * bytes),
                         reinterpret_cast<uint8_t *>(&data[index * bytes]), bytes);
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

/// The value of a key, as the pattern's group matches it; empty if there is none.
static StringRef valueOf(StringRef header, StringRef key, StringRef pattern) {
  SmallVector<StringRef, 2> matches;
  llvm::Regex regex(("'" + key + "' *: *" + pattern).str());
  return regex.match(header, &matches) ? matches[1] : StringRef();
}

/// Splits the header off the elements.
static llvm::Expected<StringRef> takeHeader(StringRef &content) {
  if (!content.consume_front(kMagic) || content.size() < 2)
    return createStringError("is not a .npy file");
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
  StringRef descr = valueOf(*header, "descr", "'([^']*)'");
  const Dtype *dtype = dtypeOf(descr);
  if (!dtype)
    return createStringError("has dtype '" + descr + "', expected " + knownDtypes());
  if (valueOf(*header, "fortran_order", "(True|False)") != "False")
    return createStringError("is in Fortran order, expected C order");
  llvm::Expected<SmallVector<int64_t>> shape = parseShape(*header);
  if (!shape)
    return shape.takeError();
  ArrayType type{dtype, *shape};
  int64_t elements = type.elements(), bytes = content.size();
  if (bytes % dtype->bytes || bytes / dtype->bytes != elements)
    return createStringError("has " + Twine(bytes) + " bytes of elements, " + type.shown() +
                             " needs " + Twine(elements) + " times " + Twine(dtype->bytes));
  Array array(type);
  llvm::copy(content, array.data.begin());
  return array;
}

llvm::Expected<Array> sepconv::readNpy(StringRef path) {
  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> file = readInputFile(path);
  if (!file)
    return createStringError("cannot read '" + path + "': " + llvm::toString(file.takeError()));
  llvm::Expected<Array> array = parse((*file)->getBuffer());
  if (!array)
    return createStringError("'" + path + "' " + llvm::toString(array.takeError()));
  return array;
}

std::string sepconv::toNpy(const Array &array) {
  std::string header =
      "{'descr': '" + descrOf(*array.type.dtype) + "', 'fortran_order': False, 'shape': (";
  for (int64_t extent : array.type.shape)
    header += std::to_string(extent) + ", ";
  header += "), }";
  // The elements begin at a multiple of 64 bytes, the header ends with a newline.
  header.append(63 - (kMagic.size() + 4 + header.size()) % 64, ' ');
  header += "\n";
  char length[2];
  llvm::support::endian::write16le(length, header.size());
  std::string content;
  llvm::raw_string_ostream stream(content);
  stream << kMagic << StringRef("\x01\x00", 2) << StringRef(length, 2) << header;
  stream.write(array.data.data(), array.data.size());
  return content;
}
