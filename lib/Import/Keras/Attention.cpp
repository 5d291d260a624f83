//===- Attention.cpp - MultiHeadAttention and its kind ---------------------------===//

#include "../Operations/Attention.h"
#include "../Operations/Activations.h"
#include "../Operations/Elementwise.h"
#include "../Operations/Reductions.h"
#include "../Operations/Shaping.h"
#include "../Operations/Windows.h"
#include "Layers.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

namespace {

/// A call of MultiHeadAttention. Its dense layers are parts of it, each with variables of its own.
class MultiHeadAttention {
public:
  explicit MultiHeadAttention(LayerContext &layer)
      : layer(layer), heads(layer.integer("num_heads", 1)), keySize(layer.integer("key_dim", 1)),
        valueSize(layer.integer("value_dim", 1, keySize)), useBias(layer.boolean("use_bias", true)),
        useGate(layer.boolean("use_gate", false)),
        kernel(layer.variable("kernel", "glorot_uniform")), bias(layer.variable("bias", "zeros")) {
    if (layer.argument("sliding_window"))
      layer.unsupported("sliding_window", "null");
    if (layer.argument("output_shape")) {
      SmallVector<int64_t> shape = layer.integers("output_shape", 1, std::nullopt);
      if (shape.size() != 1)
        layer.unsupported("output_shape", "null or one integer");
      outputSize = shape.empty() ? 1 : shape.front();
    }
    if (layer.argument("attention_axes"))
      axes = layer.integers("attention_axes", 1, std::nullopt);
  }

  Results import();

private:
  /// The dense layer called so, of the last dimension; what it makes has the dimensions `output`.
  Value dense(StringRef name, StringRef place, Value value, ArrayRef<int64_t> inputs,
              ArrayRef<int64_t> output);
  bool foldPlaces(Value &value);

  LayerContext &layer;
  int64_t heads, keySize, valueSize;
  bool useBias, useGate;
  VariableArguments kernel, bias;
  std::optional<int64_t> outputSize;
  std::optional<SmallVector<int64_t>> axes;
};

} // namespace

Value MultiHeadAttention::dense(StringRef name, StringRef place, Value value,
                                ArrayRef<int64_t> inputs, ArrayRef<int64_t> output) {
  Layer part;
  part.name = name.str();
  part.path = layer.layer.path + "/" + part.name;
  part.className = layer.layer.className;
  part.config = layer.layer.config;
  part.weights = layer.layer.weights + (layer.keras2 ? "/_" : "/") + place.str();
  LayerContext inner(layer, part);
  SmallVector<int64_t> shape(inputs);
  llvm::append_range(shape, output);
  int64_t from = ShapedType::getNumElements(inputs), to = ShapedType::getNumElements(output);
  Value filter = inner.weight("kernel", shape, kernel);
  Value addend = useBias ? inner.weight("bias", output, bias) : Value();
  layer.skipWeights(1 + useBias); // which a file may list as those of the whole layer
  if (!inner.ready())
    layer.markWrong();
  if (!layer.ready())
    return {};
  Value matrix = ops::reshape(inner, filter, {from, to});
  Value vector = addend ? ops::reshape(inner, addend, to) : Value();
  Value result = ops::dense(inner, value, matrix, vector, {});
  SmallVector<int64_t> whole(ops::shapeOf(value).drop_back());
  llvm::append_range(whole, output);
  return ops::reshape(inner, result, whole);
}

/// Makes what is [batch, ..., places, ..., channels] a tensor of rank 3: dimensions before those of
/// the places are images of their own.
bool MultiHeadAttention::foldPlaces(Value &value) {
  ArrayRef<int64_t> shape = ops::shapeOf(value);
  int64_t rank = shape.size(), count = axes ? axes->size() : rank - 2;
  for (int64_t i = 0; axes && i < count; ++i)
    if ((*axes)[i] != rank - 1 - count + i) {
      layer.unsupported("attention_axes", "the last dimensions before that of the channels");
      return false;
    }
  if (rank < 3 || count < 1) {
    layer.error() << "expected inputs of rank 3 or more, found shape " << shown(shape);
    return false;
  }
  int64_t batch = ShapedType::getNumElements(shape.drop_back(count + 1));
  int64_t places = ShapedType::getNumElements(shape.drop_back().take_back(count));
  value = ops::reshape(layer, value, {batch, places, shape.back()});
  return true;
}

Results MultiHeadAttention::import() {
  Value query = layer.argumentNamed("query", 0), value = layer.argumentNamed("value", 1);
  Value key = layer.argumentNamed("key", 2), mask = layer.argumentNamed("attention_mask", 6);
  if (!layer.ready())
    return Value();
  if (!query || !value) {
    layer.error() << "expected a query and a value";
    return Value();
  }
  if (!key)
    key = value;
  SmallVector<int64_t> shape(ops::shapeOf(query));
  if (!foldPlaces(query) || !foldPlaces(value) || !foldPlaces(key))
    return Value();
  auto project = [&](StringRef name, Value from, int64_t size) {
    return dense(name, (name + "_dense").str(), from, ops::shapeOf(from).back(), {heads, size});
  };
  Value q = project("query", query, keySize), k = project("key", key, keySize);
  Value gate = useGate ? project("gate", query, valueSize) : Value();
  Value v = project("value", value, valueSize);
  if (!layer.ready())
    return Value();
  if (mask && ops::rankOf(mask) == 3) // [batch, places, places]
    mask = ops::expandDims(layer, mask, 1);
  if (layer.flag("use_causal_mask")) {
    Value causal = ops::causalMask(layer, ops::shapeOf(q)[1], ops::shapeOf(k)[1], 4);
    mask = mask ? ops::apply(layer, "logical_and", {mask, causal}) : causal;
  }
  Value scores;
  Value mean = ops::attention(layer, q, k, v, mask, 1 / std::sqrt(double(keySize)), &scores);
  auto sigmoid = ActivationAttr::get(layer.builder.getContext(), ActivationKind::Sigmoid);
  if (gate && mean)
    mean = ops::apply(layer, "multiply", {mean, ops::activate(layer, gate, sigmoid)});
  if (!mean)
    return Value();
  SmallVector<int64_t> flat(ops::shapeOf(mean).drop_back(2));
  flat.push_back(heads * valueSize);
  Value output = dense("attention_output", "output_dense", ops::reshape(layer, mean, flat),
                       {heads, valueSize}, outputSize.value_or(shape.back()));
  if (!output)
    return Value();
  shape.back() = outputSize.value_or(shape.back());
  output = ops::reshape(layer, output, shape);
  return layer.flag("return_attention_scores") ? Results(ArrayRef<Value>{output, scores})
                                               : Results(output);
}

static Results importMultiHeadAttention(LayerContext &layer) {
  return MultiHeadAttention(layer).import();
}

//===----------------------------------------------------------------------===//
// Attention without heads
//===----------------------------------------------------------------------===//

/// sum of tanh(query + key), each element times one of the scale, for each pair of places.
static Value additiveScores(LayerContext &layer, Value query, Value key, Value scale) {
  Value pairs =
      ops::apply(layer, "add", {ops::expandDims(layer, query, 2), ops::expandDims(layer, key, 1)});
  Value terms = ops::apply(layer, "tanh", pairs);
  if (scale)
    terms = ops::apply(layer, "multiply", {terms, scale});
  return ops::reduce(layer, terms, 3, false, ops::Reduction::Sum);
}

template <bool isAdditive> static Results importAttention(LayerContext &layer) {
  bool useScale = layer.boolean("use_scale", isAdditive);
  if (!isAdditive)
    layer.choice("score_mode", {"dot"}, "dot");
  VariableArguments arguments = layer.variable("scale", isAdditive ? "glorot_uniform" : "ones");
  if (!layer.ready() || !layer.hasRank(3))
    return Value();
  size_t count = layer.getInputs().size();
  Value query = layer.input(0), value = layer.input(1), key = layer.input(count > 2 ? 2 : 1);
  SmallVector<int64_t> shape;
  if (isAdditive)
    shape.push_back(layer.shape().back());
  Value scale = useScale ? layer.weight("scale", shape, arguments) : Value();
  if (!layer.ready())
    return Value();
  Value logits = isAdditive ? additiveScores(layer, query, key, scale)
                            : ops::contract(layer, query, "bqd", key, "bkd", "bqk");
  if (!isAdditive && scale)
    logits = ops::apply(layer, "multiply", {logits, scale});
  if (logits && layer.flag("use_causal_mask"))
    logits = ops::masked(layer, logits,
                         ops::causalMask(layer, layer.shape()[1], ops::shapeOf(key)[1], 3));
  Value weights = logits ? ops::softmax(layer, logits, 2) : Value();
  Value result = ops::contract(layer, weights, "bqk", value, "bkd", "bqd");
  return layer.flag("return_attention_scores") ? Results(ArrayRef<Value>{result, weights})
                                               : Results(result);
}

//===----------------------------------------------------------------------===//
// EinsumDense
//===----------------------------------------------------------------------===//

/// "abc,cd->abd": the kernel's dimensions are those of the input and of the output with its
/// letters.
static Value importEinsumDense(LayerContext &layer) {
  const json::Value *text = layer.argument("equation"), *biasText = layer.argument("bias_axes");
  StringRef equation = text ? text->getAsString().value_or("") : "";
  StringRef biasAxes = biasText ? biasText->getAsString().value_or("") : "";
  auto [inputs, output] = equation.split("->");
  auto [names, kernelNames] = inputs.split(',');
  Activation activation = layer.activation("activation");
  VariableArguments kernel = layer.variable("kernel", "glorot_uniform");
  VariableArguments bias = layer.variable("bias", "zeros");
  SmallVector<std::optional<int64_t>> sizes(256);
  const json::Value *given = layer.argument("output_shape");
  const json::Array *list = given ? given->getAsArray() : nullptr;
  for (size_t i = 1; i < output.size() && list; ++i)
    if (i - 1 < list->size())
      sizes[uint8_t(output[i])] = (*list)[i - 1].getAsInteger();
  if (given && given->getAsInteger() && output.size() == 2)
    sizes[uint8_t(output[1])] = given->getAsInteger();
  if (!layer.ready())
    return {};
  auto isLegal = [&](StringRef part) {
    return llvm::all_of(part, [&](char c) { return llvm::isAlpha(c) && part.count(c) == 1; });
  };
  bool legal = names.size() == layer.shape().size() && isLegal(names) && isLegal(kernelNames) &&
               isLegal(output) && !output.empty();
  for (size_t i = 0; legal && i < names.size(); ++i)
    sizes[uint8_t(names[i])] = layer.shape()[i];
  SmallVector<int64_t> shape, biasShape;
  for (char c : kernelNames) {
    legal = legal && sizes[uint8_t(c)] && *sizes[uint8_t(c)] > 0;
    shape.push_back(legal ? *sizes[uint8_t(c)] : 1);
  }
  for (char c : output)
    legal = legal && (names.contains(c) || kernelNames.contains(c));
  if (!legal) {
    layer.unsupported("equation", "letters for each dimension of the input, the kernel and the "
                                  "result, and their sizes in output_shape");
    return {};
  }
  bool isFirst = true;
  for (char c : output)
    if (biasAxes.contains(c)) {
      biasShape.push_back(sizes[uint8_t(c)].value_or(1));
      isFirst = false;
    } else if (!isFirst) {
      biasShape.push_back(1);
    }
  Value filter = layer.weight("kernel", shape, kernel);
  Value addend = biasAxes.empty() ? Value() : layer.weight("bias", biasShape, bias);
  if (!layer.ready())
    return {};
  Value result = ops::contract(layer, layer.input(), names, filter, kernelNames, output);
  if (addend)
    result = ops::apply(layer, "add", {result, addend});
  if (result && activation.function)
    result = ops::activate(layer, result, activation.function);
  return layer.activate(result, activation);
}

ArrayRef<LayerClass> sepconv::keras::attentionLayers() {
  static const LayerClass table[] = {
      {"AdditiveAttention", importAttention<true>, {"use_scale", "dropout"}, 2, 3},
      {"Attention", importAttention<false>, {"use_scale", "score_mode", "dropout"}, 2, 3},
      {"EinsumDense", importEinsumDense, {"equation", "output_shape", "activation", "bias_axes"}},
      {"MultiHeadAttention",
       importMultiHeadAttention,
       {"num_heads", "key_dim", "value_dim", "dropout", "use_bias", "use_gate", "output_shape",
        "attention_axes", "sliding_window", "query_shape", "key_shape", "value_shape",
        "softmax_robust_masking"},
       2,
       4},
  };
  return table;
}
