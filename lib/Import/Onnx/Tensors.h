//===- Tensors.h - elements and initializers of a model --------------------------===//
#pragma once

#include "Model.pb.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mlir::sepconv::onnx {

/// The most dimensions that a tensor may have.
constexpr int64_t maxRank = 16;

/// TensorProto.DataType
enum DataType : int32_t {
  Undefined = 0,
  Float = 1,
  UInt8 = 2,
  Int8 = 3,
  UInt16 = 4,
  Int16 = 5,
  Int32 = 6,
  Int64 = 7,
  String = 8,
  Bool = 9,
  Float16 = 10,
  Double = 11,
  UInt32 = 12,
  UInt64 = 13,
  BFloat16 = 16,
};

/// What numbers of a type are in a file and outside of the product, as NumPy calls them; empty if
/// the type is not supported.
StringRef dtypeOf(int32_t dataType);
/// The elements of a tensor inside: unsigned ones are wider signed ones. Null if there are none.
Type elementType(MLIRContext *context, int32_t dataType);
/// The bits of an unsigned type that is narrower than its elements; 0 of any other.
unsigned unsignedBits(int32_t dataType);
/// The data type that a tensor of these elements has if nothing else is known.
DataType dataTypeOf(Type element);
/// As ONNX calls it: "float16".
std::string nameOf(int32_t dataType);

/// Reads tensors, also from the files that hold a model's external data, in the model's folder.
class TensorReader {
public:
  TensorReader(MLIRContext *context, StringRef model) : context(context), model(model) {}

  llvm::Expected<DenseElementsAttr> read(const onnxproto::TensorProto &tensor);

private:
  llvm::Expected<StringRef> external(const onnxproto::TensorProto &tensor, uint64_t bytes);
  llvm::Expected<const llvm::MemoryBuffer *> open(StringRef location);

  MLIRContext *context;
  StringRef model;
  llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> files;
};

} // namespace mlir::sepconv::onnx
