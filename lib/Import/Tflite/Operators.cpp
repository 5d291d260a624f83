//===- Operators.cpp - what all operators need to be built -----------------------===//

#include "Operators.h"
#include "../Operations/Activations.h"
#include "../Operations/Elementwise.h"
#include "../Operations/FoldConstants.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::tflite;
using schema::ActivationFunctionType;

OperatorContext::OperatorContext(Problems &problems, OpBuilder &builder, StringRef tensor,
                                 const Code &code, const schema::Operator &op,
                                 ArrayRef<const schema::Tensor *> outputs, RunGraph runGraph)
    : TensorBuilder(builder, NameLoc::get(builder.getStringAttr(tensor))), op(op), code(code),
      runGraph(runGraph), problems(problems), tensor(tensor), outputs(outputs) {}

InFlightDiagnostic OperatorContext::error() { return problems.error(tensor, code.name); }

InFlightDiagnostic OperatorContext::error(StringRef argument) {
  InFlightDiagnostic diag = error();
  diag << "argument '" << argument << "': ";
  return diag;
}

bool OperatorContext::hasComplexOutput() const {
  return llvm::any_of(outputs, [](const schema::Tensor *tensor) {
    return tensor->type() == schema::TensorType::COMPLEX64;
  });
}

void OperatorContext::takeImaginary() {
  isImaginary = true;
  for (auto [input, imaginary] : llvm::zip_equal(inputs, imaginaries))
    if (imaginary)
      input = imaginary;
}

bool OperatorContext::hasRank(int64_t rank, size_t index) {
  if (ops::rankOf(inputs[index]) == rank)
    return true;
  error() << "input " << index << ": expected a tensor of rank " << rank << ", found shape "
          << shown(shape(index));
  return false;
}

bool OperatorContext::isFloat(size_t index) {
  Type element = ops::elementOf(inputs[index]);
  if (isa<FloatType>(element))
    return true;
  error() << "input " << index << ": expected floats, found " << element;
  return false;
}

bool OperatorContext::hasFloats(size_t index, ArrayRef<int64_t> expected) {
  Type element = ops::elementOf(isQuantized() ? inputs[index] : inputs[0]);
  if (isa<FloatType>(element) == isQuantized())
    element = isQuantized() ? Type(builder.getI8Type()) : Type(builder.getF32Type());
  auto fits = [](auto sizes) {
    auto [wanted, size] = sizes;
    return wanted == -1 || wanted == size;
  };
  ArrayRef<int64_t> found = shape(index);
  if (ops::elementOf(inputs[index]) == element && found.size() == expected.size() &&
      llvm::all_of(llvm::zip(expected, found), fits))
    return true;
  error() << "input " << index << ": expected shape " << shown(expected) << " of " << element
          << ", found shape " << shown(found) << " of " << ops::elementOf(inputs[index]);
  return false;
}

bool OperatorContext::isQuantized() const {
  auto has = [](const schema::Tensor *tensor) { return tensor && tflite::isQuantized(*tensor); };
  return llvm::any_of(outputs, has) || (!described.empty() && has(described.front()));
}

std::optional<ops::Quantization> OperatorContext::quantizationOf(const schema::Tensor &tensor,
                                                                 StringRef what, bool each) {
  auto quantization = tflite::quantizationOf(tensor);
  if (!quantization) {
    error() << what << ": expected bytes or integers of 16 bits that have scales above 0 and zero "
            << "points among them, found " << schema::EnumNameTensorType(tensor.type());
    return std::nullopt;
  }
  if (each || !quantization->isEach())
    return quantization;
  error() << what << ": expected one scale, found " << quantization->scales.size();
  return std::nullopt;
}

std::optional<ops::Quantized> OperatorContext::quantized(size_t index, bool each) {
  auto by = quantizationOf(*described[index], ("input " + Twine(index)).str(), each);
  return by ? std::optional(ops::Quantized{inputs[index], *by}) : std::nullopt;
}

bool OperatorContext::dequantizeWeights() {
  for (size_t i = 1; i < inputs.size() && !isQuantized(); ++i)
    if (described[i] && tflite::isQuantized(*described[i])) {
      auto weights = quantized(i, /*each=*/true);
      inputs[i] = weights ? ops::dequantize(*this, *weights) : Value();
      if (!inputs[i])
        return false;
    }
  return true;
}

std::optional<ops::Quantization> OperatorContext::quantizedOutput(size_t index) {
  return quantizationOf(*outputs[index], ("output " + Twine(index)).str(), false);
}

std::optional<SmallVector<int64_t>> OperatorContext::customIntegers(size_t count) {
  ArrayRef<uint8_t> bytes = numbers(op.custom_options());
  if (bytes.size() < 4 * count) {
    error("custom_options") << "expected " << 4 * count << " bytes or more, found " << bytes.size();
    return std::nullopt;
  }
  SmallVector<int64_t> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(int32_t(llvm::support::endian::read32le(&bytes[4 * i])));
  return result;
}

bool OperatorContext::isPositive(StringRef name, int64_t value) {
  if (value >= 1)
    return true;
  error(name) << "expected an integer of at least 1, found " << value;
  return false;
}

bool OperatorContext::keepsBatch(bool keeps) {
  if (keeps || !isBatchDynamic() || matchPattern(input(), m_Constant()))
    return true;
  error()
      << "the batch, which is dynamic, would not stay the first dimension of the input of shape "
      << shown(shape());
  return false;
}

std::optional<SmallVector<int64_t>> OperatorContext::integers(size_t index, StringRef name) {
  auto values = ops::constantIntegers(input(index));
  if (!values)
    error(name) << "expected integers that are known when the model is compiled, found "
                << (input(index) ? "a tensor that is computed" : "nothing");
  return values;
}

std::optional<int64_t> OperatorContext::integer(size_t index, StringRef name) {
  auto values = integers(index, name);
  if (values && values->size() == 1)
    return values->front();
  if (values)
    error(name) << "expected one integer, found " << values->size();
  return std::nullopt;
}

std::optional<double> OperatorContext::number(size_t index, StringRef name) {
  auto values = ops::constantNumbers(input(index));
  if (values && values->size() == 1)
    return values->front();
  error(name) << "expected a number that is known when the model is compiled";
  return std::nullopt;
}

std::optional<SmallVector<int64_t>> OperatorContext::axes(size_t index, StringRef name) {
  auto list = integers(index, name);
  if (!list)
    return std::nullopt;
  SmallVector<int64_t> dims;
  for (int64_t axis : *list) {
    std::optional<int64_t> dim = dimension(input(), name, axis);
    if (!dim)
      return std::nullopt;
    if (!llvm::is_contained(dims, *dim)) // TFLite allows the same one twice
      dims.push_back(*dim);
  }
  llvm::sort(dims);
  return dims;
}

ActivationAttr OperatorContext::fused(ActivationFunctionType function) {
  MLIRContext *context = builder.getContext();
  if (function == ActivationFunctionType::RELU)
    return ActivationAttr::get(context, ActivationKind::Relu);
  if (function == ActivationFunctionType::RELU6)
    return ActivationAttr::get(context, ActivationKind::Relu, 0, 6);
  if (function == ActivationFunctionType::TANH)
    return ActivationAttr::get(context, ActivationKind::Tanh);
  return {};
}

Value OperatorContext::activate(Value value, ActivationFunctionType function) {
  // There is none after arithmetic on shapes.
  bool isOfFloats = value && isa<FloatType>(ops::elementOf(value));
  if (value && !isOfFloats && function != ActivationFunctionType::NONE) {
    error("fused_activation_function") << "expected NONE for integers, found " << int(function);
    return {};
  }
  return value ? activateRest(ops::activate(*this, value, fused(function)), function) : Value();
}

Value OperatorContext::activateRest(Value value, ActivationFunctionType function) {
  if (!value || function == ActivationFunctionType::NONE || fused(function))
    return value;
  if (function == ActivationFunctionType::RELU_N1_TO_1)
    return ops::clip(*this, value, -1, 1);
  error("fused_activation_function")
      << "expected NONE, RELU, RELU_N1_TO_1, RELU6 or TANH, found " << int(function);
  return {};
}
