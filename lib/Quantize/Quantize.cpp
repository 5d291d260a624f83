//===- Quantize.cpp - from a model of floats to one of integers ------------------===//

#include "sepconv/Quantize/Quantize.h"
#include "Quantizer.h"
#include "SplitSeparable.h"

#include "sepconv/Driver/Diagnostics.h"
#include "sepconv/Driver/Progress.h"
#include "sepconv/IR/ModelLocation.h"
#include "sepconv/Support/OutputFiles.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::sepconv;
using namespace mlir::sepconv::quantize;

bool sepconv::isKnownRange(StringRef range) { return RangeRule::parse(range).has_value(); }

LogicalResult Quantizer::report(llvm::Error error) {
  if (!error)
    return success();
  clearProgress();
  reportError(options.model.tool, llvm::toString(std::move(error)));
  return failure();
}

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

LogicalResult Quantizer::load() {
  showProgress(1, kSteps, "read the model");
  model = loadGraph(options.model, context);
  if (!model)
    return failure();
  splitSeparable(*model);
  (*model)->removeAttr("sepconv.target");
  return checkKeep();
}

/// Each name must be that of a layer.
LogicalResult Quantizer::checkKeep() {
  llvm::SetVector<StringRef> names;
  entryOf(*model).walk([&](Operation *op) {
    for (StringRef name : ModelLocation(op->getLoc()).layers) {
      names.insert(name);
      if (llvm::is_contained(options.keep, name))
        kept[op] = "--keep";
    }
  });
  for (const std::string &name : options.keep)
    if (!names.contains(name))
      return report(llvm::createStringError(
          "--keep=" + name + ": the model has no layer of this name" +
          (names.empty() ? std::string(", and no names of layers at all")
                         : ", expected one of " + llvm::join(names, ", "))));
  return success();
}

LogicalResult Quantizer::makePlan() {
  plan = std::make_unique<Plan>(
      entryOf(*model), [&](Operation *op) { return kept.contains(op); },
      options.interface != "float32");
  if (!plan->layers().empty())
    return success();
  return report(llvm::createStringError(
      "'" + options.model.input +
      "' has no layer that integers can compute: expected convolutions or dense layers of float32 "
      "whose weights are in the model" +
      (kept.empty() ? "" : ", beside those that stay in float")));
}

/// Those above the budget.
LogicalResult Quantizer::keepWorst(bool &changed) {
  for (Operation *layer : plan->layers())
    if (options.keepAbove && errors[layer].relative() > *options.keepAbove)
      kept[layer] = "its error is above " + llvm::formatv("{0}", *options.keepAbove).str(),
      changed = true;
  return changed ? makePlan() : success();
}

static std::string kindOf(Operation *layer) {
  return llvm::StringSwitch<std::string>(layer->getName().stripDialect())
      .Case("depthwise_conv2d", "depthwise")
      .Default(layer->getName().stripDialect().str());
}

LogicalResult Quantizer::write() {
  for (auto &[layer, error] : errors) {
    auto reason = kept.find(layer);
    bool isKept = reason != kept.end();
    result.layers.push_back(
        {nameOf(layer), kindOf(layer), error, isKept, isKept ? reason->second : ""});
  }
  std::string text, numbers;
  llvm::raw_string_ostream os(text);
  quantized->print(os, OpPrintingFlags().enableDebugInfo(true));
  OutputFiles files;
  if (llvm::Error error = files.add(options.output, StringRef(text)))
    return report(std::move(error));
  if (!options.report.empty()) {
    numbers = llvm::formatv("{0:2}\n", result.toJson());
    if (llvm::Error error = files.add(options.report, StringRef(numbers)))
      return report(std::move(error));
  }
  if (failed(report(files.keep())))
    return failure();
  clearProgress();
  if (!options.quiet) {
    result.print(llvm::outs());
    llvm::outs() << "wrote " << llvm::join(files.names(), ", ") << "\n";
  }
  return success();
}

LogicalResult Quantizer::run() {
  auto opened = Workshop::open();
  if (!opened)
    return report(opened.takeError());
  workshop = std::move(*opened);
  bool changed = false;
  if (failed(load()) || failed(makePlan()) || failed(calibrate()) || failed(measureLayers()) ||
      failed(keepWorst(changed)) || failed(compareOutputs()))
    return failure();
  return write();
}

LogicalResult sepconv::quantizeModel(const QuantizeOptions &options, MLIRContext &context) {
  LogicalResult result = Quantizer(options, context).run();
  clearProgress();
  return result;
}
