//===- Calibrate.cpp - a model that is run on samples while it is quantized -------===//

#include "CorrectBias.h"
#include "Equalize.h"
#include "Quantizer.h"

#include "sepconv/Driver/Progress.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

/// Calls `see` with the inputs and the results of each sample.
LogicalResult
Quantizer::runSamples(Product &product, size_t first, size_t last,
                      llvm::function_ref<void(ArrayRef<Array>, ArrayRef<Array>)> see) {
  for (size_t i = first; i < last; ++i) {
    auto inputs = samples->get(i);
    if (!inputs)
      return report(inputs.takeError());
    auto results = quantize::run(product, std::move(*inputs));
    if (!results)
      return report(results.takeError());
    see(product.boundInputs(), *results);
  }
  return success();
}

/// What is seen of the tensors that integers will stand for.
LogicalResult Quantizer::calibrate() {
  showProgress(2, kSteps, "compile the model in float");
  SmallVector<Value> inside;
  for (Value value : plan->stored())
    if (!isa<BlockArgument>(value))
      inside.push_back(value);
  inFloat = workshop->build(withOutputs(*model, inside), options, context);
  if (!inFloat)
    return failure();
  auto opened = Samples::open(options.calibration, inFloat->inputs());
  if (!opened)
    return report(opened.takeError());
  samples = std::move(*opened);
  size_t all = samples->size();
  result.compared = std::clamp<size_t>(std::llround(options.heldOut * all), 1, all);
  result.isHeldOut = result.compared < all;
  result.calibrated = result.isHeldOut ? all - result.compared : all;

  size_t outputs = inFloat->outputs().size() - inside.size();
  auto see = [&](auto add) {
    return runSamples(
        *inFloat, 0, result.calibrated, [&](ArrayRef<Array> inputs, ArrayRef<Array> results) {
          auto addTo = [&](Value value, const Array &array) {
            int64_t channels =
                std::max<int64_t>(array.type.shape.empty() ? 1 : array.type.shape.back(), 1);
            (statistics[value].*add)(elementsOf(array), channels);
          };
          for (auto [argument, array] : llvm::zip_equal(entryOf(*model).getArguments(), inputs))
            if (plan->isStored(argument))
              addTo(argument, array);
          for (auto [value, array] : llvm::zip_equal(inside, results.drop_front(outputs)))
            addTo(value, array);
        });
  };
  showProgress(3, kSteps, "run the samples");
  if (failed(see(&Statistics::add)))
    return failure();
  if (options.equalize)
    result.equalized = equalize(*plan, statistics);
  return rule.needsHistogram() ? see(&Statistics::count) : success();
}

Rewriting Quantizer::rewriting() const {
  Rewriting by(*plan);
  by.integerInterface = options.interface != "float32";
  llvm::MapVector<Value, Statistics> classes;
  for (Value value : plan->stored()) {
    Value leader = plan->representative(value);
    auto [it, isNew] = classes.try_emplace(leader, statistics.lookup(value));
    if (!isNew)
      it->second.merge(statistics.lookup(value));
  }
  for (Value value : plan->stored())
    by.quantizations[value] = quantizationOf(classes[plan->representative(value)].range(rule),
                                             options.interface == "uint8");
  if (options.correctBias)
    correctBiases(by, statistics);
  return by;
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

/// What each layer loses if the others are in float.
LogicalResult Quantizer::measureLayers() {
  showProgress(4, kSteps, "compare the layers");
  std::unique_ptr<Product> product =
      workshop->build(withLocalErrors(*model, rewriting()), options, context);
  if (!product)
    return failure();
  size_t outputs = product->outputs().size() - 2 * plan->layers().size();
  return runSamples(*product, firstHeldOut(), samples->size(),
                    [&](ArrayRef<Array>, ArrayRef<Array> results) {
                      results = results.drop_front(outputs);
                      for (Operation *layer : plan->layers()) {
                        errors[layer].add(elementsOf(results[0]), elementsOf(results[1]));
                        results = results.drop_front(2);
                      }
                    });
}

/// Results that have a scale are numbers again.
static void addOutput(OutputReport &output, const Array &expected, const Array &found) {
  if (!expected.type.dtype->semantics || expected.type.dtype->bytes != sizeof(float))
    return;
  ArrayRef<float> a = elementsOf(expected), b = elementsOf(found);
  output.error.add(a, b);
  size_t columns = expected.type.shape.empty() ? 1 : expected.type.shape.back();
  for (size_t at = 0; columns && at < a.size(); at += columns) {
    auto greatest = [&](ArrayRef<float> all) {
      ArrayRef<float> row = all.slice(at, columns);
      return std::max_element(row.begin(), row.end()) - row.begin();
    };
    ++output.rows;
    output.sameGreatest += greatest(a) == greatest(b);
  }
}

LogicalResult Quantizer::compareOutputs() {
  showProgress(5, kSteps, "compare the outputs");
  quantized = rewrite(*model, rewriting());
  PassManager passes(&context);
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  if (failed(passes.run(*quantized)) || failed(verify(*quantized)))
    return failure();
  std::unique_ptr<Product> product =
      workshop->build(OwningOpRef<ModuleOp>(quantized->clone()), options, context);
  if (!product)
    return failure();
  for (const Port &port : product->outputs())
    result.outputs.push_back({port.name, {}});
  return runSamples(*inFloat, firstHeldOut(), samples->size(),
                    [&](ArrayRef<Array> inputs, ArrayRef<Array> expected) {
                      std::vector<Array> integers;
                      for (auto [port, array] : llvm::zip_equal(product->inputs(), inputs))
                        integers.push_back(port.quantize(array));
                      auto found = quantize::run(*product, std::move(integers));
                      if (failed(report(found.takeError())))
                        return;
                      for (auto [i, port] : llvm::enumerate(product->outputs()))
                        addOutput(result.outputs[i], expected[i], port.dequantize((*found)[i]));
                    });
}
