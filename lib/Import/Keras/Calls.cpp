//===- Calls.cpp - how the layers of a Functional model are connected ------------===//

#include "Calls.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using json::Array;
using json::Object;

/// No model has more calls of one layer or results of one call.
static constexpr int64_t maxIndex = 1 << 20;

/// Reads ["layer", call, result]; Keras 2 has the call's keywords after them.
static bool readTensor(const Array &tensor, TensorRef &ref) {
  if (tensor.size() < 3)
    return false;
  std::optional<StringRef> layer = tensor[0].getAsString();
  std::optional<int64_t> call = tensor[1].getAsInteger(), result = tensor[2].getAsInteger();
  if (!layer || !call || !result || *call < 0 || *result < 0 || *call > maxIndex ||
      *result > maxIndex)
    return false;
  ref = {layer->str(), *call, *result};
  return true;
}

static bool isTensor(const json::Value &value) {
  const Array *list = value.getAsArray();
  return list && list->size() == 3 && (*list)[0].getAsString() && (*list)[1].getAsInteger();
}

/// A keyword that was not given is null, or a null for each input.
static bool isNull(const json::Value &value) {
  const Array *list = value.getAsArray();
  return value.getAsNull() || (list && llvm::all_of(*list, isNull));
}

static SmallVector<StringRef> sortedKeys(const Object &object) {
  SmallVector<StringRef> keys;
  for (const auto &[key, value] : object)
    keys.push_back(key);
  llvm::sort(keys);
  return keys;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

void CallReader::checkKeywords(Layer &layer, const Object &keywords, Call &call) {
  for (StringRef key : sortedKeys(keywords)) {
    const json::Value &value = *keywords.get(key);
    // Keras 3 does not go by what was saved, but by how the whole model is called.
    if (key == "training" && legacy)
      call.training = value.getAsBoolean();
    if (key == "training" || isNull(value))
      continue;
    if (layer.className == "GetItem" && key == "key") {
      call.key = &value;
      continue;
    }
    if (llvm::is_contained({"use_causal_mask", "return_attention_scores"}, key)) {
      if (value.getAsBoolean() == true)
        call.flags.insert(key);
      if (value.getAsBoolean())
        continue;
    }
    // In the order of the keys, which is theirs in the operations that have several.
    static constexpr StringLiteral tensors[] = {"attention_mask",
                                                "condition",
                                                "constant_values",
                                                "indices",
                                                "initial_state",
                                                "inputs",
                                                "kernel",
                                                "key",
                                                "query",
                                                "value",
                                                "x",
                                                "x1",
                                                "x2",
                                                "xs"};
    call.keywords[key] = call.inputs.size();
    // Keras 2 names a tensor by its layer, Keras 3 by an object.
    bool isNamed = legacy && isTensor(value);
    if (llvm::is_contained(tensors, key) &&
        (isNamed ? readTensor(*value.getAsArray(), call.inputs.emplace_back())
                 : readArgument(layer, value, call)))
      continue;
    problems.error(layer.path, layer.className)
        << "call argument " << quoted(key) << ": not supported, found " << shown(&value);
  }
}

bool CallReader::readLegacyCall(Layer &layer, const Array &node, Call &call) {
  legacy = true;
  // A single tensor may stand without a list around it.
  if (!node.empty() && node[0].getAsString())
    return readTensor(node, call.inputs.emplace_back());
  for (const json::Value &value : node) {
    const Array *tensor = value.getAsArray();
    if (!tensor || !readTensor(*tensor, call.inputs.emplace_back()))
      return false;
    if (const Object *keywords = tensor->size() > 3 ? (*tensor)[3].getAsObject() : nullptr)
      checkKeywords(layer, *keywords, call);
  }
  return true;
}

bool CallReader::readArgument(Layer &layer, const json::Value &value, Call &call) {
  if (std::optional<Numbers> numbers = layer.isOperation ? readNumbers(value) : std::nullopt) {
    call.inputs.emplace_back().numbers = std::move(numbers);
    return true;
  }
  if (const Array *list = value.getAsArray())
    return llvm::all_of(*list, [&](const json::Value &v) { return readArgument(layer, v, call); });
  const Object *object = value.getAsObject();
  StringRef className = object ? object->getString("class_name").value_or("") : "";
  if (className == "__tuple__") {
    const json::Value *items = object->get("items");
    return items && items->getAsArray() && readArgument(layer, *items, call);
  }
  const Object *config = object ? object->getObject("config") : nullptr;
  const Array *history = config ? config->getArray("keras_history") : nullptr;
  if (className != "__keras_tensor__" || !history)
    return false;
  return readTensor(*history, call.inputs.emplace_back());
}

bool CallReader::readCall(Layer &layer, const Object &node, Call &call) {
  const Array *arguments = node.getArray("args");
  if (!arguments)
    return false;
  for (const json::Value &value : *arguments)
    if (layer.className == "GetItem" && !call.inputs.empty() && !call.key)
      call.key = &value;
    else if (!value.getAsNull() && !readArgument(layer, value, call))
      return false;
  if (const Object *keywords = node.getObject("kwargs"))
    checkKeywords(layer, *keywords, call);
  return !layer.isOperation ||
         llvm::any_of(call.inputs, [](const Operand &operand) { return !operand.numbers; });
}

void CallReader::readCalls(Layer &layer) {
  const json::Value *nodes = layer.entry->get("inbound_nodes");
  const Array *list = nodes ? nodes->getAsArray() : nullptr;
  if (layer.isInput())
    return;
  if (!list || list->empty()) {
    problems.error(layer.path, layer.className)
        << "expected inbound_nodes to be a list of calls, found " << shown(nodes);
    return;
  }
  for (const json::Value &node : *list) {
    Call &call = layer.calls.emplace_back();
    const Array *legacyNode = node.getAsArray();
    const Object *newNode = node.getAsObject();
    if (legacyNode ? readLegacyCall(layer, *legacyNode, call)
                   : newNode && readCall(layer, *newNode, call))
      continue;
    call.broken = true;
    problems.error(layer.path, layer.className)
        << "expected a call's arguments to be tensors"
        << (layer.isOperation ? " and float32 numbers" : "") << ", found " << shown(&node);
  }
}

//===----------------------------------------------------------------------===//
// Inputs and outputs
//===----------------------------------------------------------------------===//

/// Inputs and outputs are one tensor or lists and dictionaries of them, flattened in the order of
/// the keys.
bool CallReader::readStructure(const json::Value &value, StringRef name, std::vector<Port> &ports) {
  if (isTensor(value)) {
    Port &port = ports.emplace_back();
    if (!readTensor(*value.getAsArray(), port.tensor))
      return false;
    port.name = name.empty() ? port.tensor.layer : name.str();
    return true;
  }
  if (const Array *list = value.getAsArray())
    return llvm::all_of(*list, [&](const json::Value &v) { return readStructure(v, name, ports); });
  const Object *object = value.getAsObject();
  if (!object)
    return false;
  if (object->getString("class_name") == "__tuple__" && object->get("items"))
    return readStructure(*object->get("items"), name, ports);
  return llvm::all_of(sortedKeys(*object),
                      [&](StringRef key) { return readStructure(*object->get(key), key, ports); });
}

void CallReader::readPorts(const Object &config) {
  for (StringRef key : {"input_layers", "output_layers"}) {
    std::vector<Port> &ports = key == "input_layers" ? model.inputs : model.outputs;
    const json::Value *value = config.get(key);
    if (value && readStructure(*value, "", ports) && !ports.empty())
      continue;
    ports.clear();
    problems.error() << "expected " << key << " to name tensors of the model, found "
                     << shown(value);
  }
}

//===----------------------------------------------------------------------===//
// Resolution
//===----------------------------------------------------------------------===//

/// Keras 2 says that a model was called once when it was made, unless it is a Sequential model
/// without an InputLayer.
static bool wasCalledWhenMade(const Layer &layer) {
  if (!layer.model || layer.model->layers.empty() || layer.isWrapper())
    return false;
  return layer.className != "Sequential" || layer.model->layers.front().isInput();
}

/// Whether a layer has as many results more as its cells have states, which are known when it is
/// imported.
static bool returnsStates(const Layer &layer) {
  const Object *config = layer.config;
  if (const Object *inner = config ? config->getObject("layer") : nullptr)
    config = inner->getObject("config");
  return config && config->getBoolean("return_state").value_or(false);
}

/// How many results a call has, as far as a layer's config says it.
static int64_t resultsOf(const Layer &layer) {
  if (layer.model)
    return layer.model->outputs.size();
  const json::Value *mode = layer.config ? layer.config->get("merge_mode") : nullptr;
  return layer.className == "Bidirectional" && mode && isNull(*mode) ? 2 : 1;
}

std::string CallReader::resolve(TensorRef &tensor, bool ofPort) {
  const Layer *layer = model.find(tensor.layer);
  std::string what = "result " + std::to_string(tensor.result) + " of call " +
                     std::to_string(tensor.call) + " of layer " + quoted(tensor.layer);
  if (!layer)
    return "reads " + what + ", but there is no such layer";
  // Keras 3 counts that call in the model's inputs and outputs only, and for Functional models
  // only.
  if (legacy ? wasCalledWhenMade(*layer)
             : ofPort && layer->model && layer->className != "Sequential" && !layer->isWrapper())
    tensor.call -= 1;
  int64_t calls = layer->calls.size();
  // How many results an operation has is known when it is imported.
  if (tensor.call >= 0 && tensor.call < calls &&
      (layer->isOperation || returnsStates(*layer) ||
       (layer->calls[tensor.call].flags.contains("return_attention_scores") && tensor.result < 2)))
    return "";
  int64_t results = resultsOf(*layer);
  if (tensor.call >= 0 && tensor.call < calls && tensor.result < results)
    return "";
  return "reads " + what + ", but there are " + std::to_string(calls) + " calls with " +
         std::to_string(results) + " results each";
}

void CallReader::resolve() {
  for (Layer &layer : model.layers)
    for (Call &call : layer.calls)
      for (Operand &operand : call.inputs) {
        std::string problem = operand.numbers ? "" : resolve(operand, /*ofPort=*/false);
        if (problem.empty())
          continue;
        problems.error(layer.path, layer.className) << problem;
        call.broken = true;
      }
  for (std::vector<Port> *ports : {&model.inputs, &model.outputs})
    llvm::erase_if(*ports, [&](Port &port) {
      std::string problem = resolve(port.tensor, /*ofPort=*/true);
      const Layer *layer = model.find(port.tensor.layer);
      if (problem.empty() && ports == &model.inputs && !layer->isInput())
        problem = "is a " + layer->className + " layer, expected an InputLayer";
      if (!problem.empty())
        problems.error() << "the model's " << (ports == &model.inputs ? "input " : "output ")
                         << quoted(port.name) << " " << problem;
      return !problem.empty();
    });
}
