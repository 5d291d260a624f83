//===- Tensors.cpp - elements and initializers of a model ------------------------===//

#include "Tensors.h"
#include "../Operations/Elementwise.h"
#include "../Problems.h"

#include "sepconv/IR/Window.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::onnx;
using onnxproto::TensorProto;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static constexpr StringLiteral names[] = {"undefined",  "float",   "uint8",  "int8",   "uint16",
                                          "int16",      "int32",   "int64",  "string", "bool",
                                          "float16",    "double",  "uint32", "uint64", "complex64",
                                          "complex128", "bfloat16"};

std::string sepconv::onnx::nameOf(int32_t dataType) {
  if (dataType >= 0 && size_t(dataType) < std::size(names))
    return names[dataType].str();
  return "type " + std::to_string(dataType);
}

StringRef sepconv::onnx::dtypeOf(int32_t dataType) {
  switch (dataType) {
  case Float:
    return "float32";
  case Double:
    return "float64";
  case UInt8:
  case Int8:
  case UInt16:
  case Int16:
  case Int32:
  case Int64:
  case Bool:
  case Float16:
  case UInt32:
  case UInt64:
  case BFloat16:
    return names[dataType];
  default:
    return "";
  }
}

unsigned sepconv::onnx::unsignedBits(int32_t dataType) {
  return dataType == UInt8 ? 8 : dataType == UInt16 ? 16 : dataType == UInt32 ? 32 : 0;
}

Type sepconv::onnx::elementType(MLIRContext *context, int32_t dataType) {
  if (unsigned bits = unsignedBits(dataType))
    return IntegerType::get(context, bits == 32 ? 64 : 32);
  StringRef dtype = dtypeOf(dataType);
  return dtype.empty() ? Type() : ops::typeNamed(context, dtype);
}

DataType sepconv::onnx::dataTypeOf(Type element) {
  if (element.isF32())
    return Float;
  if (element.isF64())
    return Double;
  if (element.isF16())
    return Float16;
  if (element.isBF16())
    return BFloat16;
  switch (element.getIntOrFloatBitWidth()) {
  case 1:
    return Bool;
  case 8:
    return Int8;
  case 16:
    return Int16;
  case 32:
    return Int32;
  default:
    return Int64;
  }
}

//===----------------------------------------------------------------------===//
// External data
//===----------------------------------------------------------------------===//

/// A file in the model's folder or below it: no way leads out, and no link is followed.
Expected<const MemoryBuffer *> TensorReader::open(StringRef location) {
  auto [it, isNew] = files.try_emplace(location);
  if (!isNew)
    return it->second.get();
  auto wrong = [&](const Twine &problem) {
    files.erase(location);
    return createStringError("external data in " + quoted(location) + " " + problem);
  };
  SmallString<128> path(sys::path::parent_path(model));
  if (location.empty() || location.contains('\0') || location.contains('\\') ||
      sys::path::is_absolute(location))
    return wrong("is not in the model's folder; expected a relative path");
  for (StringRef part : llvm::make_range(sys::path::begin(location), sys::path::end(location))) {
    if (part == "..")
      return wrong("is not in the model's folder; expected a path without '..'");
    sys::path::append(path, part);
    sys::fs::file_status status;
    if (sys::fs::status(path, status, /*follow=*/false))
      return wrong("cannot be read: there is no such file beside the model");
    if (status.type() == sys::fs::file_type::symlink_file)
      return wrong("is behind a symbolic link, which is not followed; copy the file there");
  }
  if (!sys::fs::is_regular_file(path))
    return wrong("is no regular file");
  auto file = MemoryBuffer::getFile(path, false, /*RequiresNullTerminator=*/false);
  if (!file)
    return wrong("cannot be read: " + file.getError().message());
  it->second = std::move(*file);
  return it->second.get();
}

Expected<StringRef> TensorReader::external(const TensorProto &tensor, uint64_t bytes) {
  StringRef location;
  uint64_t offset = 0, length = bytes;
  for (const onnxproto::StringStringEntryProto &entry : tensor.external_data()) {
    StringRef key = entry.key(), value = entry.value();
    bool isWrong = (key == "offset" && value.getAsInteger(10, offset)) ||
                   (key == "length" && value.getAsInteger(10, length));
    if (isWrong)
      return createStringError("external data: expected a number as " + quoted(key) + ", found " +
                               quoted(value));
    if (key == "location")
      location = value;
  }
  Expected<const MemoryBuffer *> file = open(location);
  if (!file)
    return file.takeError();
  uint64_t size = (*file)->getBufferSize();
  if (length != bytes || offset > size || length > size - offset)
    return createStringError("external data in " + quoted(location) + ": expected " + Twine(bytes) +
                             " bytes inside of the file of " + Twine(size) + ", found " +
                             Twine(length) + " at offset " + Twine(offset));
  return (*file)->getBuffer().substr(offset, length);
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// Numbers of a field as elements of the tensor's type, whose bits are the lowest ones.
template <typename Field>
static bool copyElements(const Field &field, size_t count, size_t bytes, std::vector<char> &data) {
  if (size_t(field.size()) != count)
    return false;
  data.resize(count * bytes);
  for (size_t i = 0; i < count; ++i)
    std::memcpy(&data[i * bytes], &field[i], bytes);
  return true;
}

/// The field that has a type's elements where they are not raw; false if there are not so many.
static bool copyField(const TensorProto &tensor, size_t count, size_t bytes,
                      std::vector<char> &data) {
  switch (tensor.data_type()) {
  case Float:
    return copyElements(tensor.float_data(), count, bytes, data);
  case Double:
    return copyElements(tensor.double_data(), count, bytes, data);
  case Int64:
    return copyElements(tensor.int64_data(), count, bytes, data);
  case UInt32:
  case UInt64:
    return copyElements(tensor.uint64_data(), count, bytes, data);
  default:
    return copyElements(tensor.int32_data(), count, bytes, data);
  }
}

/// Elements as they are in the file, as those of the type inside.
static DenseElementsAttr inside(DenseElementsAttr elements, int32_t dataType, Type element) {
  if (elements.getElementType() == element)
    return elements;
  unsigned width = element.getIntOrFloatBitWidth();
  return cast<DenseIntElementsAttr>(elements).mapValues(element, [&](const APInt &bits) {
    return dataType == Bool ? APInt(1, !bits.isZero()) : bits.zext(width);
  });
}

Expected<DenseElementsAttr> TensorReader::read(const TensorProto &tensor) {
  int32_t dataType = tensor.data_type();
  Type element = elementType(context, dataType);
  if (!element)
    return createStringError("elements of type " + nameOf(dataType) + " are not supported");
  Type stored = dataType == Bool ? Type(IntegerType::get(context, 8))
                                 : ops::typeNamed(context, dtypeOf(dataType));
  SmallVector<int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  if (shape.size() > maxRank)
    return createStringError("expected at most " + Twine(maxRank) + " dimensions, found " +
                             Twine(shape.size()));
  if (llvm::any_of(shape, [](int64_t size) { return size < 0; }) || isTooLarge(shape))
    return createStringError("expected sizes from 0 to 2^31 - 1, and at most 2^40 elements, found "
                             "the shape " +
                             shown(shape));
  auto type = RankedTensorType::get(shape, stored);
  size_t count = type.getNumElements(), bytes = stored.getIntOrFloatBitWidth() / 8;
  std::vector<char> data;
  StringRef raw;
  if (tensor.data_location() == 1) {
    Expected<StringRef> found = external(tensor, count * bytes);
    if (!found)
      return found.takeError();
    raw = *found;
  } else if (tensor.has_raw_data()) {
    raw = tensor.raw_data();
    if (raw.size() != count * bytes)
      return createStringError("expected " + Twine(count * bytes) + " bytes for the shape " +
                               shown(shape) + ", found " + Twine(raw.size()));
  } else if (copyField(tensor, count, bytes, data)) {
    raw = StringRef(data.data(), data.size());
  } else {
    return createStringError("expected " + Twine(count) + " elements of type " + nameOf(dataType) +
                             " for the shape " + shown(shape) + ", found others");
  }
  if (count == 0)
    return DenseElementsAttr::get(type.clone(element), ArrayRef<Attribute>());
  return inside(DenseElementsAttr::getFromRawBuffer(type, ArrayRef(raw.data(), raw.size())),
                dataType, element);
}
