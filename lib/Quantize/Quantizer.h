//===- Quantizer.h - a model on its way to integers ------------------------------===//
#pragma once

#include "Errors.h"
#include "Ranges.h"
#include "Rewrite.h"
#include "Samples.h"
#include "Trial.h"

#include "llvm/ADT/MapVector.h"

namespace mlir::sepconv::quantize {

/// Quantize.cpp reads and writes the model and says what stays in float, Calibrate.cpp runs it.
class Quantizer {
public:
  Quantizer(const QuantizeOptions &options, MLIRContext &context)
      : options(options), context(context), rule(*RangeRule::parse(options.range)) {}
  LogicalResult run();

private:
  LogicalResult report(llvm::Error error);
  LogicalResult load();
  LogicalResult checkKeep();
  LogicalResult makePlan();
  LogicalResult calibrate();
  LogicalResult measureLayers();
  LogicalResult keepWorst(bool &changed);
  LogicalResult compareOutputs();
  LogicalResult write();
  LogicalResult runSamples(Product &product, size_t first, size_t last,
                           llvm::function_ref<void(ArrayRef<Array>, ArrayRef<Array>)> see);
  Rewriting rewriting() const;
  /// The samples that errors are measured with.
  size_t firstHeldOut() const { return samples->size() - result.compared; }

  const QuantizeOptions &options;
  MLIRContext &context;
  RangeRule rule;
  std::unique_ptr<Workshop> workshop;
  OwningOpRef<ModuleOp> model, quantized;
  std::unique_ptr<Plan> plan;
  std::unique_ptr<Product> inFloat;
  std::optional<Samples> samples;
  DenseMap<Value, Statistics> statistics;
  llvm::MapVector<Operation *, std::string> kept; // layers in float, and why
  llvm::MapVector<Operation *, NumberError> errors;
  Report result;
};

/// The steps that the progress shows.
inline constexpr unsigned kSteps = 5;

} // namespace mlir::sepconv::quantize
