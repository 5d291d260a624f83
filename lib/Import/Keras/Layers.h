//===- Layers.h - how the importer reads one layer -------------------------------===//
//
// A class of layers is an entry in a table: its name, the arguments that it knows, and a function
// that reads them and builds operations. The function reads all arguments first and asks
// `ready()` before it looks at its inputs, so that all wrong arguments are reported at once, also
// those of a layer whose inputs could not be imported.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "../Operations/TensorBuilder.h"
#include "Graph.h"
#include "Hdf5.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <functional>
#include <optional>

namespace mlir::sepconv::keras {

/// The least that an argument can be, of which every integer is one: an axis, a shift.
inline constexpr int64_t anyInteger = std::numeric_limits<int64_t>::min();

/// What the arguments of a layer say of one of its variables.
struct VariableArguments {
  /// What the arguments' names begin with: "depthwise" of depthwise_initializer.
  StringRef prefix;
  InitializerAttr initializer;
  RegularizerAttr regularizer;
  ConstraintAttr constraint;
  bool trainable = true;
};

/// Where a model's variables come from: constants if there is a weights file, otherwise operations
/// that say how to make them. Each is one value, however often its layer is called.
class Weights {
public:
  Weights(Problems &problems, const WeightsFile *file) : problems(problems), file(file) {}

  /// The `index`th variable of a layer; zeros after reporting that the file has none that is right,
  /// null after reporting another call of the layer that wants another shape.
  Value get(OpBuilder &builder, const Layer &layer, int64_t index, StringRef name,
            RankedTensorType type, const VariableArguments &arguments);
  /// Reports if the file does not have `count` variables for the layer.
  void checkCount(const Layer &layer, int64_t count);
  /// Whether the values are there, so that nothing else matters of a variable.
  bool areKnown() const { return file; }
  /// Whether all variables of a layer are in one list, also those of its parts.
  bool areByName() const { return file && file->isByName(); }

private:
  StringRef placeOf(const Layer &layer) const {
    return file->isByName() ? layer.path : layer.weights;
  }

  Problems &problems;
  const WeightsFile *file;
  llvm::StringMap<SmallVector<Value, 4>> values;
};

/// An activation: one of the dialect's functions, or another, which comes after the layer.
struct Activation {
  ActivationAttr function;
  std::function<Value(ops::TensorBuilder &, Value)> build;

  /// The attribute of a layer's operation; null for linear and for what comes after it.
  ActivationAttr fused() const;
};

/// What a layer computes in, and what its variables are.
struct Policy {
  Type compute, variable;
};

/// One call of a layer: typed access to its arguments, its inputs and its variables.
class LayerContext : public ops::TensorBuilder {
public:
  LayerContext(Problems &problems, Weights &weights, OpBuilder &builder, const Layer &layer,
               ArrayRef<Value> inputs, bool keras2);
  /// For an object among the arguments of `outer` that has arguments itself.
  LayerContext(LayerContext &outer, const Layer &layer, ArrayRef<Value> inputs = {})
      : LayerContext(outer.problems, outer.weights, outer.builder, layer, inputs, outer.keras2) {
    policy = outer.policy;
  }

  /// Reads the policy, and makes the inputs that are floats of the type that it computes in; so are
  /// integers unless the layer takes them as they are.
  void applyPolicy(bool keepsIntegers);
  /// What the layer computes in.
  Type computeType() const { return policy.compute; }
  /// Computes in float32 what would be in a narrower type; the results are of that type all the
  /// same.
  void computeWide();

  // Arguments. A missing or wrong one is reported, and some legal value returned.
  const llvm::json::Value *argument(StringRef name) const;
  bool boolean(StringRef name, bool otherwise);
  int64_t integer(StringRef name, int64_t least, std::optional<int64_t> otherwise = std::nullopt);
  double number(StringRef name, std::optional<double> otherwise);
  /// An integer for each of `count` spatial dimensions, or one for all of them.
  SmallVector<int64_t, 2> spatial(StringRef name, size_t count, int64_t least,
                                  std::optional<SmallVector<int64_t, 2>> otherwise = std::nullopt);
  StringRef choice(StringRef name, ArrayRef<StringRef> allowed, StringRef otherwise);
  DataFormat dataFormat();
  /// An integer or a list of integers.
  SmallVector<int64_t> integers(StringRef name, int64_t least, std::optional<int64_t> otherwise);
  Activation activation(StringRef name);
  /// The arguments PREFIX_initializer, PREFIX_regularizer and PREFIX_constraint. They are not read
  /// where the values of variables are known.
  VariableArguments variable(StringRef prefix, StringRef initializer, bool trainable = true);
  /// What the layer's output adds to the loss; null if nothing.
  RegularizerAttr activityRegularizer(RankedTensorType output);
  InFlightDiagnostic error() override;
  InFlightDiagnostic error(StringRef argument) override;
  /// Reports an argument whose value is not what is supported.
  void unsupported(StringRef argument, const Twine &expected);

  /// False if an argument is wrong or an input is missing.
  bool ready() const { return !wrong && inputsKnown; }
  void markWrong() { wrong = true; }
  bool isWrong() const { return wrong; }

  // What the layer reads; only when it is ready.
  Value input(size_t index = 0) const { return inputs[index]; }
  ArrayRef<Value> getInputs() const { return inputs; }
  ArrayRef<int64_t> shape(size_t index = 0) const;
  /// Of the inputs that were given by position or by keyword, the one that is called so; null if it
  /// was not given.
  Value argumentNamed(StringRef name, size_t position) const;
  /// Whether a keyword of the call is True.
  bool flag(StringRef name) const { return call && call->flags.contains(name); }
  /// Reports an input of another rank and returns false.
  bool hasRank(size_t rank);
  /// The dimension of the input that a possibly negative axis stands for.
  std::optional<int64_t> dimension(StringRef argument, int64_t axis) {
    return ops::TensorBuilder::dimension(input(), argument, axis);
  }
  /// Those of an argument that is an integer, a list of them or null, sorted; null stands for all.
  std::optional<SmallVector<int64_t>> axes(StringRef argument, bool isOptional = true);
  /// False after reporting if the batch is dynamic and `keeps` says that it would not stay in
  /// front.
  bool keepsBatch(bool keeps);
  /// The next variable, in the order in which Keras creates them; null after reporting.
  Value weight(StringRef name, ArrayRef<int64_t> shape, const VariableArguments &arguments);
  /// Passes over variables that inference does not read.
  void skipWeights(int64_t count) { weightCount += count; }
  bool areWeightsByName() const { return weights.areByName(); }

  /// Applies what could not be fused.
  Value activate(Value value, const Activation &activation);

  /// How many variables were asked for.
  int64_t getWeightCount() const { return weightCount; }

  Problems &problems;
  const Layer &layer;
  /// This call, as Model.h has it; null of an object among the arguments.
  const Call *call = nullptr;
  bool isTraining = false;
  /// Whether Keras 2 wrote the model: some defaults and functions differ.
  const bool keras2;

private:
  Weights &weights;
  SmallVector<Value, 2> inputs;
  Policy policy;
  int64_t weightCount = 0;
  bool wrong = false, inputsKnown = true;
  /// The argument `trainable`, once it is read.
  std::optional<bool> trainable;
};

/// What a layer makes; of most it is one tensor.
struct Results : SmallVector<Value, 1> {
  Results() = default;
  Results(Value value) { push_back(value); }
  template <typename Op, typename = decltype(Value(std::declval<Op>()))>
  Results(Op op) : Results(Value(op)) {}
  Results(ArrayRef<Value> values) { append(values.begin(), values.end()); }
};

/// Reads one layer and returns its results; null when it is not ready or after reporting.
using ImportLayer = std::function<Results(LayerContext &)>;

/// A class of layers.
struct LayerClass {
  StringRef name;
  ImportLayer import;
  /// The arguments that matter, besides those that every layer has or that only training reads.
  std::vector<StringRef> arguments;
  size_t minInputs = 1, maxInputs = 1;
  /// Whether inference reads none of the arguments.
  bool takesAnyArgument = false;
};

// The tables, one for each file.
ArrayRef<LayerClass> convolutionLayers();
ArrayRef<LayerClass> poolingLayers();
ArrayRef<LayerClass> activationLayers();
ArrayRef<LayerClass> shapingLayers();
ArrayRef<LayerClass> mergingLayers();
ArrayRef<LayerClass> normalizationLayers();
ArrayRef<LayerClass> statisticsLayers();
ArrayRef<LayerClass> transposedLayers();
ArrayRef<LayerClass> resizingLayers();
ArrayRef<LayerClass> lookupLayers();
ArrayRef<LayerClass> attentionLayers();
ArrayRef<LayerClass> recurrentLayers();
ArrayRef<LayerClass> spectrumLayers();
ArrayRef<LayerClass> spectrogramLayers();
ArrayRef<LayerClass> spectrumOperations();
ArrayRef<LayerClass> windowOperations();
ArrayRef<LayerClass> lookupOperations();
ArrayRef<LayerClass> arrayOperations();
ArrayRef<LayerClass> arithmeticOperations();
ArrayRef<LayerClass> activationOperations();
ArrayRef<LayerClass> shapeOperations();
ArrayRef<LayerClass> sliceOperations();
ArrayRef<LayerClass> reductionOperations();
ArrayRef<LayerClass> imageOperations();
ArrayRef<LayerClass> productOperations();
ArrayRef<LayerClass> matrixOperations();
ArrayRef<LayerClass> orderOperations();
ArrayRef<LayerClass> nanOperations();
ArrayRef<LayerClass> numberLayers();
ArrayRef<LayerClass> numberOperations();
ArrayRef<LayerClass> partOperations();
ArrayRef<LayerClass> samplingOperations();
ArrayRef<LayerClass> equationOperations();

/// The class of a layer or operation, null if it is not supported.
const LayerClass *findLayerClass(const Layer &layer);
/// Whether the sizes of a class's inputs may be dynamic.
bool takesDynamicSizes(const LayerClass &kind);
/// Whether a class computes with integers, or moves them.
bool keepsIntegers(const LayerClass &kind);
/// What to do about an unsupported class.
StringRef adviceFor(const Layer &layer);
/// The names of all classes of layers or of operations, sorted.
std::string supportedClasses(bool operations);

/// Reads an activation as Keras writes it: a name, a serialized function or a layer.
Activation readActivation(LayerContext &layer, StringRef argument, const llvm::json::Value *value);

} // namespace mlir::sepconv::keras
