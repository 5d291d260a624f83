//===- Instrument.cpp - networks that also give what is inside -------------------===//

#include "Layers.h"
#include "Rewrite.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;

/// Results behind those that the function has, under names that no model has.
static void addResults(func::FuncOp function, ArrayRef<Value> values) {
  Operation *terminator = function.getBody().front().getTerminator();
  OpBuilder builder(terminator);
  unsigned first = function.getNumResults();
  SmallVector<DictionaryAttr> attributes;
  function.getAllResultAttrs(attributes);
  terminator->insertOperands(terminator->getNumOperands(), values);
  function.setType(
      builder.getFunctionType(function.getArgumentTypes(), terminator->getOperandTypes()));
  for (size_t i = 0; i < values.size(); ++i)
    function.setResultAttr(first + i, "sepconv.name",
                           builder.getStringAttr("sepconv_tensor_" + Twine(i)));
}

static OwningOpRef<ModuleOp> cloned(ModuleOp model, IRMapping &mapping) {
  return cast<ModuleOp>(model->clone(mapping));
}

OwningOpRef<ModuleOp> quantize::withOutputs(ModuleOp model, ArrayRef<Value> tensors) {
  IRMapping mapping;
  OwningOpRef<ModuleOp> result = cloned(model, mapping);
  addResults(entryOf(*result),
             llvm::map_to_vector(tensors, [&](Value value) { return mapping.lookup(value); }));
  return result;
}

OwningOpRef<ModuleOp> quantize::withLocalErrors(ModuleOp model, const Rewriting &by) {
  IRMapping mapping;
  OwningOpRef<ModuleOp> result = cloned(model, mapping);
  func::FuncOp function = entryOf(*result);
  OpBuilder builder(function.getBody().front().getTerminator());
  SmallVector<Value> values;
  for (Operation *layer : by.plan.layers()) {
    NetworkBuilder b(builder, layer->getLoc());
    Value input = layer->getOperand(0), output = layer->getResult(0);
    const ops::Quantization &quantization = by.quantizations.find(input)->second;
    ops::Quantized integers{toIntegers(b, mapping.lookup(input), quantization), quantization};
    LayerWeights weights = weightsOf(b, layer, quantization, by.corrections.lookup(layer));
    Value sums = sumsOf(b, layer, integers, weights);
    values.push_back(mapping.lookup(output));
    if (!by.plan.isStored(output)) {
      values.push_back(realResult(b, layer, sums, weights.sumScales));
      continue;
    }
    const ops::Quantization &to = by.quantizations.find(output)->second;
    values.push_back(
        ops::dequantize(b, {integerResult(b, layer, sums, weights.sumScales, to), to}));
  }
  addResults(function, values);
  return result;
}
