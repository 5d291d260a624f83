//===- Legacy.cpp - what Keras 2 calls TFOpLambda --------------------------------===//
//
// Keras 2 writes x * 0.5 as a layer of class TFOpLambda with the function's name, "math.multiply",
// and its arguments in the call. Here it becomes the operation that Keras 3 has for it.
//
//===----------------------------------------------------------------------===//

#include "Legacy.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <vector>

using namespace llvm;

using json::Array;
using json::Object;

namespace {

struct Rename {
  StringRef from, to;
};

/// One of TensorFlow's functions.
struct Function {
  StringRef name, operation;
  /// The arguments that are operands after the first.
  std::vector<StringRef> operands;
  /// Those that have another name in Keras 3.
  std::vector<Rename> renamed;
};

} // namespace

static ArrayRef<Function> functions() {
  static const std::vector<StringRef> y{"y"};
  static const Function table[] = {
      {"__operators__.add", "Add", y, {}},
      {"__operators__.getitem", "GetItem", {}, {}},
      {"abs", "Absolute", {}, {}},
      {"cast", "Cast", {}, {}},
      {"clip_by_value", "Clip", {}, {{"clip_value_min", "x_min"}, {"clip_value_max", "x_max"}}},
      {"concat", "Concatenate", {}, {}},
      {"expand_dims", "ExpandDims", {}, {}},
      {"identity", "Identity", {}, {}},
      {"image.resize", "Resize", {}, {{"method", "interpolation"}}},
      {"linalg.matmul", "Matmul", {"b"}, {}},
      {"math.divide", "Divide", y, {}},
      {"math.floordiv", "FloorDivide", y, {}},
      {"math.l2_normalize", "Normalize", {}, {}},
      {"math.pow", "Power", y, {}},
      {"math.reduce_all", "All", {}, {}},
      {"math.reduce_any", "Any", {}, {}},
      {"math.reduce_logsumexp", "Logsumexp", {}, {}},
      {"math.reduce_max", "Max", {}, {}},
      {"math.reduce_mean", "Mean", {}, {}},
      {"math.reduce_min", "Min", {}, {}},
      {"math.reduce_prod", "Prod", {}, {}},
      {"math.reduce_std", "Std", {}, {}},
      {"math.reduce_sum", "Sum", {}, {}},
      {"math.reduce_variance", "Var", {}, {}},
      {"math.truediv", "TrueDivide", y, {}},
      {"nn.avg_pool2d", "AveragePool", {}, {{"ksize", "pool_size"}}},
      {"nn.leaky_relu", "LeakyRelu", {}, {{"alpha", "negative_slope"}}},
      {"nn.max_pool2d", "MaxPool", {}, {{"ksize", "pool_size"}}},
      {"pad", "Pad", {"constant_values"}, {{"paddings", "pad_width"}}},
      {"reshape", "Reshape", {}, {{"shape", "newshape"}}},
      {"reverse", "Flip", {}, {}},
      {"space_to_depth", "SpaceToDepth", {}, {}},
      {"split", "Split", {}, {{"num_or_size_splits", "indices_or_sections"}}},
      {"squeeze", "Squeeze", {}, {}},
      {"stop_gradient", "Identity", {}, {}},
      {"tile", "Tile", {}, {{"multiples", "repeats"}}},
      {"transpose", "Transpose", {}, {{"perm", "axes"}}},
      {"where", "Where", {"x", "y"}, {}},
  };
  return table;
}

/// Names such as math.exp and nn.relu6, whose words are those of the operation; of two operands the
/// second is y.
static Function ofSameName(StringRef name) {
  static const std::vector<StringRef> same{"abs",           "add",
                                           "ceil",          "cos",
                                           "cosh",          "depth_to_space",
                                           "elu",           "equal",
                                           "erf",           "exp",
                                           "expm1",         "floor",
                                           "gelu",          "greater",
                                           "greater_equal", "less",
                                           "less_equal",    "log",
                                           "log1p",         "log_softmax",
                                           "logical_and",   "logical_not",
                                           "logical_or",    "maximum",
                                           "minimum",       "multiply",
                                           "negative",      "not_equal",
                                           "ones_like",     "reciprocal",
                                           "relu",          "relu6",
                                           "round",         "rsqrt",
                                           "selu",          "sigmoid",
                                           "sign",          "silu",
                                           "sin",           "sinh",
                                           "softmax",       "softplus",
                                           "softsign",      "space_to_depth",
                                           "sqrt",          "square",
                                           "stack",         "subtract",
                                           "tan",           "tanh",
                                           "zeros_like"};
  StringRef last = name.rsplit('.').second;
  if (last.empty())
    last = name;
  if (last == "swish")
    last = "silu";
  if (!llvm::is_contained(same, last))
    return {};
  return {last, "", {"y"}, {}};
}

static bool isTensor(const json::Value &value) {
  const Array *list = value.getAsArray();
  return list && list->size() == 3 && (*list)[0].getAsString() && (*list)[1].getAsInteger();
}

/// A tensor or a number as an argument of Keras 3.
static json::Value modernArgument(const json::Value &value) {
  if (!isTensor(value))
    return value;
  return Object{{"class_name", "__keras_tensor__"}, {"config", Object{{"keras_history", value}}}};
}

/// What a call begins with: one input or several, ["layer", 0, 0, {...}] each. The keywords of the
/// first are those of the call.
static bool readInputs(const json::Value &node, Array &inputs, const Object *&keywords) {
  const Array *list = node.getAsArray();
  if (!list || list->empty())
    return false;
  if (!(*list)[0].getAsString())
    return llvm::all_of(*list,
                        [&](const json::Value &v) { return readInputs(v, inputs, keywords); });
  if (list->size() < 3)
    return false;
  if (list->size() > 3 && !keywords)
    keywords = (*list)[3].getAsObject();
  if ((*list)[0].getAsString() == StringRef("_CONSTANT_VALUE"))
    inputs.push_back((*list)[2]);
  else
    inputs.push_back(modernArgument(Array{(*list)[0], (*list)[1], (*list)[2]}));
  return true;
}

/// Where Keras 3 has another default or another form.
static void adjust(StringRef operation, Object &config) {
  auto setDefault = [&](StringRef name, json::Value value) {
    if (!config.get(name) || config.get(name)->getAsNull())
      config[name] = std::move(value);
  };
  if (operation == "Gelu")
    setDefault("approximate", false);
  if (operation == "Normalize") // max(sum of squares, 1e-12) has a root of 1e-6
    setDefault("epsilon", 1e-6);
  if (operation == "Softmax" || operation == "LogSoftmax")
    setDefault("axis", -1);
  if (operation == "Split" || operation == "Stack" || operation == "Concatenate")
    setDefault("axis", 0);
  if (operation == "Pad" && config.getString("mode"))
    config["mode"] = config.getString("mode")->lower();
  // Sizes of pieces become the places between them.
  if (Array *sizes = operation == "Split" ? config.getArray("indices_or_sections") : nullptr) {
    int64_t place = 0;
    for (json::Value &size : *sizes)
      size = place += size.getAsInteger().value_or(0);
    if (!sizes->empty())
      sizes->pop_back();
  }
}

std::optional<json::Value> mlir::sepconv::keras::modernized(const Object &entry) {
  StringRef className = entry.getString("class_name").value_or("");
  const Object *old = entry.getObject("config");
  if ((className != "TFOpLambda" && className != "SlicingOpLambda") || !old)
    return std::nullopt;
  StringRef full = old->getString("function").value_or(""), name = full;
  name.consume_front("compat.v1.");
  const Function *known = llvm::find_if(functions(), [&](auto &f) { return f.name == name; });
  Function function = known == functions().end() ? ofSameName(name) : *known;
  std::string operation = function.name.empty() ? full.str()
                          : function.operation.empty()
                              ? convertToCamelFromSnakeCase(function.name, true)
                              : function.operation.str();
  Object config;
  Array nodes;
  const json::Value *calls = entry.get("inbound_nodes");
  for (const json::Value &node : calls && calls->getAsArray() ? *calls->getAsArray() : Array()) {
    Array inputs;
    const Object *keywords = nullptr;
    if (!readInputs(node, inputs, keywords)) {
      nodes.push_back(node);
      continue;
    }
    Object rest = keywords ? *keywords : Object();
    for (StringRef ignored : {"name", "conjugate"})
      rest.erase(ignored);
    // Several tensors are one argument, and what an operation names is behind it.
    for (StringRef operand : function.operands)
      if (const json::Value *value = rest.get(operand)) {
        if (!value->getAsNull())
          inputs.push_back(modernArgument(*value));
        rest.erase(operand);
      }
    if (const json::Value *key = rest.get("slice_spec")) {
      inputs.push_back(*key);
      rest.erase("slice_spec");
    }
    Object arguments;
    for (auto &[key, value] : rest) {
      StringRef name = key;
      for (const Rename &rename : function.renamed)
        if (rename.from == StringRef(key))
          name = rename.to;
      arguments[name.str()] = value; // a StringRef would not be copied
    }
    // An operation has its arguments once, whatever calls it has.
    if (!nodes.empty() && arguments != config)
      operation = full.str();
    config = std::move(arguments);
    nodes.push_back(Object{{"args", std::move(inputs)}, {"kwargs", Object()}});
  }
  adjust(operation, config);
  if (const json::Value *layerName = old->get("name"))
    config["name"] = *layerName;
  return Object{{"class_name", operation},
                {"module", "keras.src.ops"},
                {"name", old->getString("name").value_or("").str()},
                {"config", std::move(config)},
                {"inbound_nodes", std::move(nodes)}};
}
