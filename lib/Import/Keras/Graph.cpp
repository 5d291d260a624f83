//===- Graph.cpp - the layers of a model -----------------------------------------===//

#include "Graph.h"

#include "../VariableClasses.h"
#include "Calls.h"
#include "Legacy.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

using json::Array;
using json::Object;

namespace {

class GraphReader {
public:
  explicit GraphReader(Problems &problems) : problems(problems) {}

  std::unique_ptr<Model> readModel(const Object &entry, StringRef path, StringRef weights);

private:
  std::unique_ptr<Model> readWrapped(const Layer &wrapper);
  /// What naming the variables of a list of layers needs.
  struct Container {
    std::string path;
    StringMap<unsigned> counts;
  };

  Layer *addLayer(Model &model, const json::Value &value, StringRef path, Container &container);
  void readSequential(Model &model, const Object &entry, const Array &layers, StringRef path,
                      Container &container);
  void readFunctional(Model &model, const Object &entry, const Array &layers, StringRef path,
                      Container &container);
  std::string weightsPath(const Object &entry, StringRef className, Container &container);
  bool nameLayer(Model &model, Layer &layer, Container &container);

  Problems &problems;
  /// The same object may stand at several places; Keras saves its variables at the first.
  llvm::DenseMap<int64_t, std::string> shared;
};

} // namespace

static bool isOperation(const Object &entry) {
  return entry.getString("module").value_or("").starts_with("keras.src.ops");
}

/// Whether an entry is a model, that is, has layers.
static bool isModel(const Object &entry) {
  StringRef name = entry.getString("class_name").value_or("");
  const Object *config = entry.getObject("config");
  return name == "Sequential" || name == "Functional" || name == "Model" ||
         (config && config->getArray("layers"));
}

/// The layer in a wrapper, as a model with one input.
std::unique_ptr<Model> GraphReader::readWrapped(const Layer &wrapper) {
  auto model = std::make_unique<Model>();
  const Object *entry = wrapper.config->getObject("layer");
  const Object *config = entry ? entry->getObject("config") : nullptr;
  Layer input, inner;
  input.name = input.className = "InputLayer";
  inner.entry = entry;
  inner.config = config;
  inner.className = entry ? entry->getString("class_name").value_or("").str() : "";
  inner.name = config ? config->getString("name").value_or("layer").str() : "";
  inner.path = wrapper.path + "/" + inner.name;
  inner.weights = wrapper.weights + "/layer";
  if (!config || inner.name == input.name) {
    problems.error(wrapper.path, wrapper.className)
        << "argument 'layer': expected a layer with class_name and config, found "
        << shown(wrapper.config->get("layer"));
    return model;
  }
  if (isModel(*entry))
    inner.model = readModel(*entry, inner.path + "/", inner.weights + "/");
  else if (inner.isWrapper())
    inner.model = readWrapped(inner);
  input.calls.emplace_back();
  inner.calls.emplace_back().inputs.push_back({{input.name, 0, 0}, std::nullopt});
  model->inputs.push_back({input.name, {input.name, 0, 0}});
  model->outputs.push_back({inner.name, {inner.name, 0, 0}});
  model->indices[input.name] = 0;
  model->indices[inner.name] = 1;
  model->layers.push_back(std::move(input));
  model->layers.push_back(std::move(inner));
  return model;
}

std::string GraphReader::weightsPath(const Object &entry, StringRef className,
                                     Container &container) {
  std::string name = toSnakeCase(className);
  unsigned count = container.counts[name]++;
  std::string path = container.path + name + (count ? "_" + std::to_string(count) : "");
  // Objects that are used once have no identity, or one that nothing else has.
  if (std::optional<int64_t> id = entry.getInteger("shared_object_id"))
    return shared.try_emplace(*id, path).first->second;
  return path;
}

/// Whether a layer of tf.layers takes the variables of one before it: True, or tf.AUTO_REUSE if
/// there is one.
static bool reuses(const Object &config, bool exists) {
  const json::Value *reuse = config.get("reuse");
  return reuse && (reuse->getAsBoolean().value_or(false) ||
                   (exists && reuse->getAsString() == StringRef("AUTO_REUSE")));
}

/// Gives a layer its name and its place in the weights file. A layer that reuses another one's
/// variables has the other's name in its config, and one of its own in the graph.
bool GraphReader::nameLayer(Model &model, Layer &layer, Container &container) {
  std::string scope = layer.name;
  const Layer *first = model.find(scope);
  auto problem = [&] { return problems.error(layer.path, layer.className); };
  if (scope.empty()) {
    problem() << "has no name";
    return false;
  }
  if (!reuses(*layer.config, first)) {
    if (first) {
      problem() << "is not the only layer of this name, and its argument 'reuse' is not True";
      return false;
    }
    if (!layer.isOperation)
      layer.weights = weightsPath(*layer.entry, layer.className, container);
    return true;
  }
  if (!first || first->className != layer.className) {
    problem() << "argument 'reuse': expected a layer of this class and name before it, found "
              << (first ? "one of class " + quoted(first->className) : "none");
    return false;
  }
  layer.weights = first->weights;
  layer.name = layer.entry->getString("name").value_or("").str();
  for (unsigned n = 1; layer.name.empty() || model.find(layer.name); ++n)
    layer.name = scope + "_" + std::to_string(n);
  return true;
}

Layer *GraphReader::addLayer(Model &model, const json::Value &value, StringRef path,
                             Container &container) {
  const Object *entry = value.getAsObject();
  std::optional<StringRef> className = entry ? entry->getString("class_name") : std::nullopt;
  std::unique_ptr<json::Value> rewritten;
  if (std::optional<json::Value> operation = entry ? modernized(*entry) : std::nullopt) {
    rewritten = std::make_unique<json::Value>(std::move(*operation));
    entry = rewritten->getAsObject();
    className = entry->getString("class_name");
  }
  const Object *config = entry ? entry->getObject("config") : nullptr;
  if (!className || !config) {
    problems.error() << "expected a layer with class_name and config, found " << shown(&value);
    return nullptr;
  }
  StringRef name = config->getString("name").value_or(entry->getString("name").value_or(""));
  Layer layer;
  layer.name = name.str();
  layer.path = (path + name).str();
  layer.className = className->str();
  layer.config = config;
  layer.isOperation = isOperation(*entry);
  layer.entry = entry;
  layer.rewritten = std::move(rewritten);
  if (!nameLayer(model, layer, container))
    return nullptr;
  layer.path = path.str() + layer.name;
  model.indices[layer.name] = model.layers.size();
  if (layer.isInput()) {
    layer.inputShape = config->get("batch_shape");
    if (!layer.inputShape)
      layer.inputShape = config->get("batch_input_shape");
    layer.calls.emplace_back();
  } else if (isModel(*entry)) {
    layer.model = readModel(*entry, layer.path + "/", layer.weights + "/");
  } else if (layer.isWrapper()) {
    layer.model = readWrapped(layer);
  }
  model.layers.push_back(std::move(layer));
  return &model.layers.back();
}

/// The shape of the input that a Sequential model begins with where no InputLayer says it.
static const json::Value *inputShapeOf(const Object &entry, const Layer &first) {
  const Object *config = entry.getObject("config"), *build = entry.getObject("build_config");
  if (first.model && !first.model->inputs.empty())
    if (const Layer *input = first.model->find(first.model->inputs.front().tensor.layer))
      return input->inputShape;
  for (StringRef key : {"batch_input_shape", "batch_shape"})
    if (const json::Value *shape = first.config->get(key))
      return shape;
  if (const json::Value *shape = config->get("build_input_shape"))
    return shape;
  return build ? build->get("input_shape") : nullptr;
}

void GraphReader::readSequential(Model &model, const Object &entry, const Array &layers,
                                 StringRef path, Container &container) {
  TensorRef last;
  for (const json::Value &value : layers) {
    Layer *layer = addLayer(model, value, path, container);
    if (!layer)
      return;
    if (layer->isInput() && model.layers.size() > 1) {
      problems.error(layer->path, layer->className) << "must be the first layer of the model";
      return;
    }
    if (!layer->isInput() && model.layers.size() == 1) {
      Layer input;
      input.name = layer->name + "_input";
      input.path = layer->path + "_input";
      input.className = "InputLayer";
      input.inputShape = inputShapeOf(entry, *layer);
      input.calls.emplace_back();
      last = {input.name, 0, 0};
      model.inputs.push_back({input.name, last});
      model.indices[input.name] = model.layers.size();
      model.layers.push_back(std::move(input));
      layer = &model.layers.front();
    }
    if (layer->isInput())
      model.inputs.push_back({layer->name, {layer->name, 0, 0}});
    else
      layer->calls.emplace_back().inputs.push_back({last, std::nullopt});
    last = {layer->name, 0, 0};
  }
  model.outputs.push_back({last.layer, last});
}

void GraphReader::readFunctional(Model &model, const Object &entry, const Array &layers,
                                 StringRef path, Container &container) {
  CallReader calls(model, problems);
  for (const json::Value &value : layers)
    if (Layer *layer = addLayer(model, value, path, container))
      calls.readCalls(*layer);
  calls.readPorts(*entry.getObject("config"));
  calls.resolve();
}

std::unique_ptr<Model> GraphReader::readModel(const Object &entry, StringRef path,
                                              StringRef weights) {
  auto model = std::make_unique<Model>();
  const Object *config = entry.getObject("config");
  const Array *layers = config ? config->getArray("layers") : nullptr;
  std::string name = path.empty() ? "the model" : "model " + quoted(path.drop_back());
  if (!layers || layers->empty()) {
    problems.error() << name << ": expected config.layers to be a list of layers, found "
                     << shown(config ? config->get("layers") : nullptr);
    return model;
  }
  // Pointers to layers stay valid while layers are added.
  model->layers.reserve(layers->size() + 1);
  Container container{(weights + "layers/").str(), {}};
  if (entry.getString("class_name") == "Sequential")
    readSequential(*model, entry, *layers, path, container);
  else
    readFunctional(*model, entry, *layers, path, container);
  return model;
}

std::unique_ptr<Model> sepconv::keras::readGraph(const json::Value &root, Problems &problems) {
  const Object *entry = root.getAsObject();
  if (!entry || !entry->getString("class_name") || !entry->getObject("config")) {
    problems.error() << "is no Keras model: expected an object with class_name and config, found "
                     << shown(&root);
    return nullptr;
  }
  if (!isModel(*entry)) {
    problems.error() << "is no model of layers: expected class Sequential or Functional, found "
                     << shown(&root);
    return nullptr;
  }
  return GraphReader(problems).readModel(*entry, "", "");
}
