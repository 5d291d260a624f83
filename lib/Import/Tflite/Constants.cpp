//===- Constants.cpp - the tensors that a file has the numbers of ----------------===//

#include "Constants.h"

#include "llvm/Support/Endian.h"

#include <cmath>

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;
using Kind = schema::TensorType;

/// Of a constant. What is larger could not be a weight of any processor's network.
static constexpr int64_t maxElements = int64_t(1) << 28;

Type tflite::elementType(Builder &builder, Kind type) {
  switch (type) {
  case Kind::FLOAT32:
  case Kind::BOOL:
    return builder.getF32Type();
  case Kind::FLOAT16:
    return builder.getF16Type();
  case Kind::BFLOAT16:
    return builder.getBF16Type();
  case Kind::FLOAT64:
    return builder.getF64Type();
  case Kind::INT8:
    return builder.getI8Type();
  case Kind::INT16:
    return builder.getI16Type();
  case Kind::INT32:
  case Kind::UINT8:
  case Kind::UINT16:
    return builder.getI32Type();
  case Kind::INT64:
  case Kind::UINT32:
    return builder.getI64Type();
  default:
    return {};
  }
}

Type tflite::elementType(Builder &builder, const schema::Tensor &tensor) {
  return isQuantized(tensor) && tensor.type() == Kind::UINT8 ? builder.getI8Type()
                                                             : elementType(builder, tensor.type());
}

std::optional<ops::Quantization> tflite::quantizationOf(const schema::Tensor &tensor) {
  ops::Quantization by;
  by.isUnsigned = tensor.type() == Kind::UINT8;
  by.width = tensor.type() == Kind::INT16 ? 16 : 8;
  if (!isQuantized(tensor) ||
      !llvm::is_contained({Kind::INT8, Kind::UINT8, Kind::INT16}, tensor.type()))
    return std::nullopt;
  const schema::QuantizationParameters &parameters = *tensor.quantization();
  llvm::append_range(by.scales, numbers(parameters.scale()));
  llvm::append_range(by.zeros, numbers(parameters.zero_point()));
  by.dim = parameters.quantized_dimension();
  ArrayRef<int32_t> shape = numbers(tensor.shape());
  bool hasDim = by.dim >= 0 && by.dim < int64_t(shape.size());
  bool fits = !by.isEach() || (hasDim && shape[by.dim] == int64_t(by.scales.size()));
  bool isUsual =
      llvm::all_of(by.scales, [](float scale) { return scale > 0 && std::isfinite(scale); }) &&
      llvm::all_of(by.zeros,
                   [&](int64_t zero) { return zero >= by.least() && zero <= by.greatest(); });
  bool areCounts = by.zeros.size() <= 1 || by.zeros.size() == by.scales.size();
  return fits && isUsual && areCounts ? std::optional(by) : std::nullopt;
}

bool tflite::isQuantized(const schema::Tensor &tensor) {
  // Converters leave the scales at tensors that they made floats again.
  bool isFloat = llvm::is_contained({Kind::FLOAT32, Kind::FLOAT16, Kind::BFLOAT16, Kind::FLOAT64},
                                    tensor.type());
  const schema::QuantizationParameters *parameters = tensor.quantization();
  return !isFloat && parameters && !numbers(parameters->scale()).empty();
}

/// Bytes of an element in the file.
static size_t sizeOf(Kind type) {
  switch (type) {
  case Kind::BOOL:
  case Kind::INT8:
  case Kind::UINT8:
    return 1;
  case Kind::FLOAT16:
  case Kind::BFLOAT16:
  case Kind::INT16:
  case Kind::UINT16:
    return 2;
  case Kind::FLOAT32:
  case Kind::INT32:
  case Kind::UINT32:
    return 4;
  default:
    return 8;
  }
}

/// Numbers of type From in the file as those of type To.
template <typename From, typename To>
static DenseElementsAttr widen(RankedTensorType type, ArrayRef<uint8_t> bytes) {
  std::vector<To> values;
  for (size_t i = 0; i + sizeof(From) <= bytes.size(); i += sizeof(From))
    values.push_back(llvm::support::endian::read<From, llvm::endianness::little>(&bytes[i]));
  return DenseElementsAttr::get(type, ArrayRef(values));
}

static DenseElementsAttr elementsOf(RankedTensorType type, Kind from, ArrayRef<uint8_t> bytes) {
  switch (from) {
  case Kind::BOOL:
    return widen<uint8_t, float>(type, bytes);
  case Kind::UINT8:
    if (type.getElementType().isInteger(32))
      return widen<uint8_t, int32_t>(type, bytes);
    break;
  case Kind::UINT16:
    return widen<uint16_t, int32_t>(type, bytes);
  case Kind::UINT32:
    return widen<uint32_t, int64_t>(type, bytes);
  default:
    break;
  }
  return DenseElementsAttr::getFromRawBuffer(
      type, ArrayRef(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
}

Value tflite::makeConstant(ops::TensorBuilder &b, const schema::Tensor &tensor,
                           ArrayRef<uint8_t> bytes) {
  auto error = [&]() -> InFlightDiagnostic {
    InFlightDiagnostic diag = b.error();
    diag << "tensor " << quoted(textOf(tensor.name())) << ": ";
    return diag;
  };
  Type element = elementType(b.builder, tensor);
  if (!element) {
    error() << "constants of type " << schema::EnumNameTensorType(tensor.type())
            << " are not supported";
    return {};
  }
  SmallVector<int64_t> shape(numbers(tensor.shape()));
  int64_t count = ShapedType::getNumElements(shape);
  if (count > maxElements) {
    error() << "a constant of shape " << shown(shape) << " is too large";
    return {};
  }
  // Only a list of integers can be empty, such as one of axes.
  bool isList = shape.size() == 1 && isa<IntegerType>(element);
  if (count == 0 && !isList && !b.fits(shape))
    return {};
  size_t size = sizeOf(tensor.type());
  std::vector<uint8_t> dense;
  if (const schema::SparsityParameters *sparsity = tensor.sparsity()) {
    std::optional<std::vector<uint8_t>> spread = densify(*sparsity, shape, bytes, size);
    if (!spread) {
      error() << "the tables of this sparse constant of shape " << shown(shape)
              << " contradict each other";
      return {};
    }
    dense = std::move(*spread);
    bytes = dense;
  }
  if (bytes.size() != count * size) {
    error() << "expected " << count * size << " bytes for shape " << shown(shape) << " of "
            << schema::EnumNameTensorType(tensor.type()) << ", found " << bytes.size();
    return {};
  }
  Location loc = NameLoc::get(b.builder.getStringAttr(textOf(tensor.name())));
  auto type = RankedTensorType::get(shape, element);
  return arith::ConstantOp::create(b.builder, loc, elementsOf(type, tensor.type(), bytes));
}
