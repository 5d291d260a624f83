//===- Policy.cpp - the types that a layer computes in ---------------------------===//

#include "../Operations/Elementwise.h"
#include "Layers.h"

using namespace llvm;
using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::keras;

/// The name of the policy, which Keras writes as a name or as an object; float32 after reporting.
static Policy readPolicy(LayerContext &layer) {
  const json::Value *value = layer.argument("dtype");
  const json::Object *object = value ? value->getAsObject() : nullptr;
  const json::Object *config = object ? object->getObject("config") : nullptr;
  const json::Value *name = config ? config->get("name") : value;
  Type f32 = layer.builder.getF32Type();
  if (!name)
    return {f32, f32};
  StringRef text = name->getAsString().value_or("");
  bool isMixed = text.consume_front("mixed_");
  Type type = ops::typeNamed(layer.builder.getContext(), text);
  if (type && (!isMixed || type.isF16() || type.isBF16()))
    return {type, isMixed ? f32 : type};
  layer.error("dtype") << "expected a type such as 'float32' or 'uint8', 'mixed_float16' or "
                          "'mixed_bfloat16', found "
                       << shown(name);
  return {f32, f32};
}

void LayerContext::applyPolicy(bool keepsIntegers) {
  Type f32 = builder.getF32Type();
  policy = layer.isOperation ? Policy{f32, f32} : readPolicy(*this);
  for (mlir::Value &input : inputs) {
    bool isInteger = input && !isa<FloatType>(ops::elementOf(input));
    if (input && (isInteger ? !keepsIntegers : !layer.isOperation))
      input = ops::convertTo(*this, input, policy.compute);
  }
}

void LayerContext::computeWide() {
  policy.compute = ops::computedIn(policy.compute);
  for (mlir::Value &input : inputs)
    input = ops::convertTo(*this, input, policy.compute);
}
