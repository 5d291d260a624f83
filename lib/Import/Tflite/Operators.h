//===- Operators.h - how the importer reads one operator -------------------------===//
//
// An operator is a row of a table: its code or name, the versions that are known, a function that
// reads its inputs and options and calls ../Operations for what it means, how many inputs it has,
// and the type of its options.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "../Operations/Quantization.h"
#include "Constants.h"

#include <functional>

namespace mlir::sepconv::tflite {

using schema::BuiltinOperator;
using schema::BuiltinOptions;

/// The outputs of another graph of the model; null where something is wrong.
using RunGraph = llvm::function_ref<SmallVector<Value>(int64_t graph, ArrayRef<Value> inputs)>;

/// One operator: typed access to its inputs and options.
class OperatorContext : public ops::TensorBuilder {
public:
  OperatorContext(Problems &problems, OpBuilder &builder, StringRef tensor, const Code &code,
                  const schema::Operator &op, ArrayRef<const schema::Tensor *> outputs,
                  RunGraph runGraph);

  InFlightDiagnostic error() override;
  /// Of an option or an input, by its name in TensorFlow.
  InFlightDiagnostic error(StringRef argument) override;

  // Inputs. An optional one that is left out is null.
  void addInput(Value value, const schema::Tensor *tensor, Value imaginary = {}) {
    inputs.push_back(value);
    described.push_back(tensor);
    imaginaries.push_back(imaginary);
  }
  /// The other part of an input of complex numbers; null of others.
  Value imaginary(size_t index = 0) const { return imaginaries[index]; }
  bool hasComplexInput() const {
    return llvm::any_of(imaginaries, [](Value x) { return x; });
  }
  bool hasComplexOutput() const;
  /// Makes the imaginary part of the results the one that is asked for, and that of the inputs what
  /// they are.
  void takeImaginary();
  /// What the file says of an input that is not left out.
  const schema::Tensor &inputTensor(size_t index = 0) const { return *described[index]; }
  size_t inputCount() const { return inputs.size(); }
  ArrayRef<Value> getInputs() const { return inputs; }
  Value input(size_t index = 0) const { return index < inputs.size() ? inputs[index] : Value(); }
  ArrayRef<int64_t> shape(size_t index = 0) const { return ops::shapeOf(inputs[index]); }
  /// False after reporting an input of another rank.
  bool hasRank(int64_t rank, size_t index = 0);
  /// False after reporting an input of integers.
  bool isFloat(size_t index = 0);
  /// False after reporting an input of another shape, in which -1 stands for any size, or of other
  /// elements than input 0, which must be floats; of a quantized operator, of other than integers.
  bool hasFloats(size_t index, ArrayRef<int64_t> expected);
  /// False after reporting an option that is not at least 1.
  bool isPositive(StringRef name, int64_t value);
  /// False after reporting if the batch is dynamic and would not stay the first dimension.
  bool keepsBatch(bool keeps);
  /// The integers of an input that must be known; nothing after reporting.
  std::optional<SmallVector<int64_t>> integers(size_t index, StringRef name);
  std::optional<int64_t> integer(size_t index, StringRef name);
  /// The number of an input that must be known.
  std::optional<double> number(size_t index, StringRef name);
  /// The dimensions of input 0 that the axes of an input stand for.
  std::optional<SmallVector<int64_t>> axes(size_t index, StringRef name = "axis");

  /// Whether it computes with integers that have scales.
  bool isQuantized() const;
  /// How the integers of an input or an output stand for numbers: with one scale, unless there may
  /// be one for `each`; nothing after reporting that they do not, or of unusual numbers.
  std::optional<ops::Quantized> quantized(size_t index = 0, bool each = false);
  std::optional<ops::Quantization> quantizedOutput(size_t index = 0);
  /// Makes floats of the weights of an operator that computes in float; false after reporting.
  bool dequantizeWeights();

  /// The options, with their defaults where the file has none.
  template <typename T> const T &options() const {
    const T *found = op.builtin_options_as<T>();
    return found ? *found : defaults<T>();
  }
  /// The 32-bit integers that a custom operator's options are, as many as there are of `count`;
  /// nothing after reporting too few.
  std::optional<SmallVector<int64_t>> customIntegers(size_t count);
  /// The type that the file gives the result.
  schema::TensorType outputType(size_t index = 0) const { return outputs[index]->type(); }
  size_t outputCount() const { return outputs.size(); }

  /// The dialect's function that a fused one is; null if it is none.
  ActivationAttr fused(schema::ActivationFunctionType function);
  /// Applies a fused function to the result of an operation that has none,
  Value activate(Value value, schema::ActivationFunctionType function);
  /// or to that of one that has fused() already.
  Value activateRest(Value value, schema::ActivationFunctionType function);

  const schema::Operator &op;
  const Code &code;
  /// For the operators that call graphs.
  RunGraph runGraph;
  /// Which part of complex results is asked for.
  bool isImaginary = false;

private:
  std::optional<ops::Quantization> quantizationOf(const schema::Tensor &tensor, StringRef what,
                                                  bool each);
  template <typename T> static const T &defaults() {
    static const flatbuffers::DetachedBuffer buffer = [] {
      flatbuffers::FlatBufferBuilder builder;
      builder.Finish(flatbuffers::Offset<T>(builder.EndTable(builder.StartTable())));
      return builder.Release();
    }();
    return *flatbuffers::GetRoot<T>(buffer.data());
  }

  Problems &problems;
  StringRef tensor;
  SmallVector<Value> inputs, imaginaries;
  SmallVector<const schema::Tensor *> described, outputs;
};

/// What an operator makes; of most it is one tensor.
struct Results : SmallVector<Value, 1> {
  Results() = default;
  Results(Value value) { push_back(value); }
  Results(ArrayRef<Value> values) { append(values.begin(), values.end()); }
};

/// Null after reporting.
using ImportOperator = std::function<Results(OperatorContext &)>;

struct OperatorKind {
  BuiltinOperator code;
  /// The first version, and the last whose meaning for floats is known.
  int32_t firstVersion, lastVersion;
  ImportOperator import;
  /// Optional inputs are those above the least.
  size_t minInputs, maxInputs;
  BuiltinOptions options = BuiltinOptions::NONE;
  /// Of a custom operator.
  StringRef custom = {};
};

// The tables, one for each file.
ArrayRef<OperatorKind> activationOperators();
ArrayRef<OperatorKind> arithmeticOperators();
ArrayRef<OperatorKind> controlOperators();
ArrayRef<OperatorKind> convolutionOperators();
ArrayRef<OperatorKind> customOperators();
ArrayRef<OperatorKind> lookupOperators();
ArrayRef<OperatorKind> recurrentOperators();
ArrayRef<OperatorKind> reductionOperators();
ArrayRef<OperatorKind> shapingOperators();
ArrayRef<OperatorKind> slicingOperators();
ArrayRef<OperatorKind> spectrumOperators();
ArrayRef<OperatorKind> updateOperators();
ArrayRef<OperatorKind> volumeOperators();

/// Whether an operator makes complex numbers, reads them, or moves their parts.
bool takesComplex(const OperatorKind &kind);

/// How an operator is imported whose tensors have scales; null if there is nothing for it.
ImportOperator findQuantized(const OperatorKind &kind);

/// Null if there is none, or none of this version.
const OperatorKind *findOperator(const Code &code);
/// Says that there is none, and what there is instead.
void reportUnsupported(Problems &problems, const Code &code, size_t count);

} // namespace mlir::sepconv::tflite
