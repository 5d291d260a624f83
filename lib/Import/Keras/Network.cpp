//===- Network.cpp - from a model's graph to a function --------------------------===//

#include "Network.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Shaping.h"

#include <cmath>
#include <queue>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

static constexpr int64_t maxCalls = 1 << 18;

//===----------------------------------------------------------------------===//
// One layer
//===----------------------------------------------------------------------===//

/// Arguments of every layer, and those that only say how a layer is trained.
static bool isIgnored(StringRef argument) {
  static constexpr StringLiteral names[] = {"name",
                                            "trainable",
                                            "reuse",
                                            "dtype",
                                            "batch_input_shape",
                                            "batch_shape",
                                            "seed",
                                            "momentum",
                                            "synchronized",
                                            "renorm_clipping",
                                            "renorm_momentum",
                                            "fused",
                                            "input_shape",
                                            "virtual_batch_size",
                                            "autocast"};
  return llvm::is_contained(names, argument) || argument.ends_with("_initializer") ||
         argument.ends_with("_regularizer") || argument.ends_with("_constraint");
}

void NetworkImporter::checkArguments(const Layer &layer, const LayerClass &kind,
                                     LayerContext &context) {
  if (kind.takesAnyArgument)
    return;
  SmallVector<StringRef> unknown;
  for (const auto &[key, value] : *layer.config)
    if (!isIgnored(key) && !llvm::is_contained(kind.arguments, StringRef(key)) &&
        !value.getAsNull())
      unknown.push_back(key);
  llvm::sort(unknown);
  for (StringRef name : unknown) {
    InFlightDiagnostic diag = context.error();
    diag << "argument " << quoted(name) << ": not supported, found "
         << shown(layer.config->get(name)) << "; supported are ";
    llvm::interleaveComma(kind.arguments, diag);
    if (kind.arguments.empty())
      diag << "none";
  }
}

/// Whether the layers after it leave out elements that it says.
static bool makesMask(LayerContext &layer) {
  return !layer.layer.isOperation &&
         (layer.layer.className == "Masking" ||
          (layer.layer.className == "Embedding" && layer.boolean("mask_zero", false)));
}

/// TimeDistributed calls its layer with each step of dimension 1; here the steps are images.
SmallVector<Value> NetworkImporter::runModel(const Layer &layer, ArrayRef<Value> inputs,
                                             bool training) {
  if (layer.className != "TimeDistributed" || inputs.empty() || !inputs.front())
    return run(*layer.model, inputs, training);
  LayerContext context(problems, weights, builder, layer, inputs, keras2);
  SmallVector<int64_t> shape(context.shape());
  if (shape.size() < 3) {
    context.error() << "expected an input of rank 3 or more, found shape " << shown(shape);
    return {Value()};
  }
  SmallVector<int64_t> steps{shape[0] * shape[1]};
  steps.append(shape.begin() + 2, shape.end());
  SmallVector<Value> results =
      run(*layer.model, ops::reshape(context, inputs.front(), steps), training);
  for (Value &result : results)
    if (result) {
      SmallVector<int64_t> whole{shape[0], shape[1]};
      llvm::append_range(whole, ops::shapeOf(result).drop_front());
      result = ops::reshape(context, result, whole);
    }
  return results;
}

SmallVector<Value> NetworkImporter::runCall(const Layer &layer, const Call &call,
                                            ArrayRef<Value> inputs, bool training) {
  training = call.training.value_or(training);
  if (wrong.contains(&layer))
    return {Value()};
  if (++calls > maxCalls) {
    if (calls == maxCalls + 1)
      problems.error() << "the model has more than " << maxCalls << " calls of layers";
    return {Value()};
  }
  if (layer.model) {
    if (call.broken || inputs.size() == layer.model->inputs.size())
      return runModel(layer, inputs, training);
    problems.error(layer.path, layer.className)
        << "expected " << layer.model->inputs.size() << " inputs, found " << inputs.size();
    wrong.insert(&layer);
    return SmallVector<Value>(std::max<size_t>(1, layer.model->outputs.size()));
  }
  const LayerClass *kind = findLayerClass(layer);
  if (!kind) {
    StringRef what = layer.isOperation ? "operation " : "class ";
    InFlightDiagnostic diag = problems.error(layer.path, layer.className);
    diag << what << quoted(layer.className) << " is not supported" << adviceFor(layer);
    if (!std::exchange(toldSupported[layer.isOperation], true))
      diag.attachNote() << "supported are " << (layer.isOperation ? "the operations " : "")
                        << supportedClasses(layer.isOperation);
    wrong.insert(&layer);
    return {Value()};
  }
  LayerContext context(problems, weights, builder, layer, inputs, keras2);
  context.call = &call;
  context.isTraining = training;
  context.applyPolicy(keepsIntegers(*kind));
  Type compute = context.computeType();
  checkArguments(layer, *kind, context);
  if ((inputs.size() < kind->minInputs || inputs.size() > kind->maxInputs) && !call.broken)
    context.error() << "expected " << kind->minInputs
                    << (kind->maxInputs > kind->minInputs ? " or more" : "") << " inputs, found "
                    << inputs.size();
  bool isDynamic = llvm::any_of(
      inputs, [](Value value) { return value && !ops::typeOf(value).hasStaticShape(); });
  if (isDynamic && !takesDynamicSizes(*kind))
    context.error() << "expected an input of known sizes; give --height and --width one size each";
  static constexpr StringLiteral followers[] = {
      "AdditiveAttention",  "Attention", "Bidirectional", "GRU", "GlobalAveragePooling1D", "LSTM",
      "MultiHeadAttention", "SimpleRNN", "Softmax"};
  bool isMasked = llvm::any_of(inputs, [&](Value value) { return masked.contains(value); });
  if (isMasked && !layer.isOperation && llvm::is_contained(followers, layer.className))
    context.error() << "would follow the mask that a layer before it makes, which is not supported";
  Results results = kind->import(context);
  isMasked |= makesMask(context);
  if (!layer.isOperation)
    for (Value &result : results)
      if (result && isa<FloatType>(ops::elementOf(result)) && isa<FloatType>(compute))
        result = ops::convertTo(context, result, compute);
  for (Value result : results)
    if (isMasked && result)
      masked.insert(result);
  bool isRight = context.ready() && llvm::all_of(results, [](Value value) { return bool(value); });
  if (isRight && !layer.isOperation)
    weights.checkCount(layer, context.getWeightCount());
  if (isRight && activityLoss && results.size() == 1)
    if (RegularizerAttr regularizer =
            context.activityRegularizer(cast<RankedTensorType>(results.front().getType())))
      activityLoss->add(builder, context.loc, regularizer, results.front());
  if (context.isWrong())
    wrong.insert(&layer);
  return results;
}

//===----------------------------------------------------------------------===//
// A model
//===----------------------------------------------------------------------===//

namespace {

/// The calls of one model's layers, and how many of the tensors that each reads are not there yet.
class Calls {
public:
  explicit Calls(const Model &model) : model(model), results(model.layers.size()) {
    for (auto [index, layer] : llvm::enumerate(model.layers)) {
      results[index].resize(layer.calls.size());
      waiting.emplace_back(layer.calls.size(), 0);
      readers.emplace_back(layer.calls.size());
    }
    for (auto [index, layer] : llvm::enumerate(model.layers))
      for (auto [number, call] : llvm::enumerate(layer.calls))
        connect(index, number, call);
  }

  /// The next call whose inputs are there, in the order of the layers.
  bool next(size_t &layer, size_t &call) {
    if (ready.empty())
      return false;
    std::tie(layer, call) = ready.top();
    ready.pop();
    return true;
  }

  /// Null after reporting a result that an operation does not have.
  Value get(const TensorRef &tensor, Problems &problems) const {
    const SmallVector<Value> &values = results[model.indices.lookup(tensor.layer)][tensor.call];
    if (size_t(tensor.result) < values.size())
      return values[tensor.result];
    if (!values.empty() && values.front())
      problems.error() << "result " << tensor.result << " of layer " << quoted(tensor.layer)
                       << " is read, but it has " << values.size();
    return {};
  }

  void finish(size_t layer, size_t call, SmallVector<Value> values) {
    results[layer][call] = std::move(values);
    for (auto [reader, number] : readers[layer][call])
      if (--waiting[reader][number] == 0)
        ready.push({reader, number});
  }

  /// A layer with a call that never had its inputs, null if there is none.
  const Layer *findStuck() const {
    for (auto [index, layer] : llvm::enumerate(model.layers))
      for (unsigned count : waiting[index])
        if (count)
          return &layer;
    return nullptr;
  }

private:
  using Index = std::pair<size_t, size_t>;

  void connect(size_t layer, size_t number, const Call &call) {
    if (!call.broken)
      for (const Operand &operand : call.inputs)
        if (!operand.numbers) {
          readers[model.indices.lookup(operand.layer)][operand.call].push_back({layer, number});
          ++waiting[layer][number];
        }
    if (!waiting[layer][number])
      ready.push({layer, number});
  }

  const Model &model;
  std::vector<std::vector<SmallVector<Value>>> results;
  std::vector<std::vector<unsigned>> waiting;
  std::vector<std::vector<SmallVector<Index, 1>>> readers;
  std::priority_queue<Index, std::vector<Index>, std::greater<Index>> ready;
};

} // namespace

/// Numbers in a call, which have the type of the widest tensor beside them where that holds them.
Value NetworkImporter::constant(const Layer &layer, const Numbers &numbers,
                                ArrayRef<Value> operands) {
  LayerContext context(problems, weights, builder, layer, {}, keras2);
  Type f32 = builder.getF32Type();
  SmallVector<Value> tensors;
  for (Value operand : operands)
    if (operand)
      tensors.push_back(operand);
  Type type = tensors.empty() || !numbers.isWeak ? f32 : ops::commonType(context, tensors);
  auto isWhole = [](float number) { return number == std::trunc(number); };
  bool isHeld = isa<FloatType>(type) || llvm::all_of(numbers.values, isWhole);
  Value constant = context.constant(numbers.shape, numbers.values);
  return ops::convertTo(context, constant, isHeld ? type : f32);
}

SmallVector<Value> NetworkImporter::run(const Model &model, ArrayRef<Value> inputs, bool training) {
  Calls calls(model);
  size_t index, number;
  while (calls.next(index, number)) {
    const Layer &layer = model.layers[index];
    if (layer.isInput()) {
      auto isThis = [&](const Port &port) { return port.tensor.layer == layer.name; };
      size_t position = llvm::find_if(model.inputs, isThis) - model.inputs.begin();
      Value value = position < inputs.size() ? inputs[position] : Value();
      calls.finish(index, number, {value});
      continue;
    }
    const Call &call = layer.calls[number];
    SmallVector<Value> values;
    if (call.broken)
      values.push_back(Value());
    else
      for (const Operand &operand : call.inputs)
        values.push_back(operand.numbers ? Value() : calls.get(operand, problems));
    SmallVector<Value> tensors(values);
    for (auto [operand, value] : llvm::zip(call.inputs, values))
      if (operand.numbers && !call.broken)
        value = constant(layer, *operand.numbers, tensors);
    calls.finish(index, number, runCall(layer, call, values, training));
  }
  if (const Layer *layer = calls.findStuck())
    if (reportedCycles.insert(&model).second)
      problems.error(layer->path, layer->className) << "reads its own result, in a cycle of layers";
  SmallVector<Value> outputs;
  for (const Port &port : model.outputs)
    outputs.push_back(calls.get(port.tensor, problems));
  return outputs;
}
