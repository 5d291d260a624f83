//===- Compile.cpp - from a model to the files of its product --------------------===//

#include "Compilation.h"

#include "RepeatCommand.h"
#include "sepconv/Driver/Diagnostics.h"
#include "sepconv/Driver/Progress.h"
#include "sepconv/IR/SepConv.h"
#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Target/ResolveTarget.h"
#include "sepconv/Transforms/FloatTypes.h"

#include "mlir/IR/Verifier.h"
#include "mlir/InitAllDialects.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sepconv;

ArrayRef<StringRef> sepconv::emittable() {
  static const StringRef names[] = {
      "import", "graph",  "kernels", "scheduled", "loops",  "llvm",        "asm", "obj",
      "lib",    "shared", "header",  "infer",     "report", "report-json", "ptx", "cubin"};
  return names;
}

void sepconv::registerDialects(DialectRegistry &registry) {
  registerAllDialects(registry);
  registry.insert<SepConvDialect, schedule::ScheduleDialect>();
}

LogicalResult Compilation::report(llvm::Error error) {
  if (!error)
    return success();
  clearProgress();
  reportError(options.tool, llvm::toString(std::move(error)));
  return failure();
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

LogicalResult Compilation::load() {
  if (!module && failed(readInput()))
    return failure();
  if (options.preprocessing)
    if (llvm::Error error = preprocess(*module, *options.preprocessing))
      return report(llvm::createStringError(llvm::join(options.preprocessingOptions, ", ") + ": " +
                                            llvm::toString(std::move(error))));
  if (failed(report(checkFloatTypes(*module, stages.floats.compute, stages.floats.io))))
    return failure();
  if (stages.name.empty()) {
    if (llvm::none_of(modelName(), llvm::isAlnum))
      return report(llvm::createStringError("the model's name '" + modelName() +
                                            "' has no letter or digit that C knows; give the "
                                            "product a name with --name"));
    stages.name = toCIdentifier(modelName());
    if (emitsCode() && failed(report(checkProduct())))
      return failure();
  } else if (!isCIdentifier(stages.name)) {
    return report(llvm::createStringError(nameProblem(stages.name)));
  }
  (*module)->setAttr("sepconv.target", StringAttr::get(&context, target.name));
  return success();
}

LogicalResult Compilation::runStage(Stage stage) {
  if (stage == Stage::LLVM && target.variants.empty()) { // as the options refine it
    (*module)->setAttr("sepconv.cpu", StringAttr::get(&context, target.cpu));
    (*module)->setAttr("sepconv.features", StringAttr::get(&context, target.features));
  }
  if (stage == Stage::LLVM)
    (*module)->setAttr("sepconv.model", StringAttr::get(&context, modelName()));
  PassManager pm(&context);
  pm.enableVerifier(false); // after each pass it takes a fifth of the time
  buildStage(pm, stage, stages);
  if (failed(pm.run(*module)) || failed(verify(*module))) {
    clearProgress();
    reportError(options.tool, "the stage '" + stringify(stage) + "' failed; repeat it with\n  " +
                                  repeatCommand(options, stages, stage));
    return failure();
  }
  if (!emits(stringify(stage)))
    return success();
  std::string text;
  llvm::raw_string_ostream os(text);
  (*module)->print(os);
  return emitText("." + stringify(stage) + ".mlir", text);
}

LogicalResult Compilation::runStages() {
  if (stages.has(kSelfTest))
    original = module->clone();
  Stage last = Stage::Import;
  for (const std::string &what : options.emit)
    last = std::max(last, isGpuCode(what) ? Stage::Loops : parseStage(what).value_or(Stage::LLVM));
  for (Stage stage : kStages) {
    if (stage > last)
      break;
    showProgress(static_cast<unsigned>(stage) + 1, kSteps, stringify(stage));
    if (stage == Stage::LLVM && failed(addTestResults()))
      return failure();
    if (failed(runStage(stage)))
      return failure();
    if (stage == Stage::Scheduled && usesCache()) {
      FailureOr<bool> taken = (key = productKey()).empty() ? FailureOr<bool>(false) : takeProduct();
      if (failed(taken))
        return failure();
      if ((isTaken = *taken))
        return success();
    }
    if (stage == Stage::Loops && (emits("ptx") || emits("cubin")) && gpus.empty() &&
        failed(emitGpuCode()))
      return failure();
  }
  return success();
}

/// "x86-64-v4+nvptx-sm_80+nvptx-sm_90a": a processor, this machine's if there is none, and GPUs.
/// Texts of stages, PTX and a cubin alone need no processor beside a GPU.
LogicalResult Compilation::resolveTargets() {
  bool isText = llvm::all_of(options.emit,
                             [](StringRef what) { return parseStage(what) || isGpuCode(what); });
  std::string processor;
  SmallVector<StringRef> names;
  StringRef(options.target).split(names, '+');
  for (auto [index, name] : llvm::enumerate(names)) {
    if (name.empty() || llvm::is_contained(ArrayRef(names).take_front(index), name))
      return report(llvm::createStringError("--target=" + options.target +
                                            ": expected different targets, joined by '+', found '" +
                                            name + "'" + (name.empty() ? "" : " twice")));
    bool isGpu = name.starts_with("nvptx-sm_") && !(names.size() == 1 && isText);
    if (!isGpu && !processor.empty())
      return report(llvm::createStringError("--target=" + options.target +
                                            ": expected one processor and any GPUs, found '" +
                                            processor + "' and '" + name + "'"));
    if (!isGpu) {
      processor = name.str();
      continue;
    }
    llvm::Expected<TargetDescription> gpu = resolveTarget(name, "", "");
    if (!gpu)
      return report(gpu.takeError());
    gpus.push_back(std::move(*gpu));
  }
  llvm::Expected<TargetDescription> resolved =
      resolveTarget(processor.empty() ? "host" : processor, options.cpu, options.features);
  if (!resolved)
    return report(resolved.takeError());
  target = std::move(*resolved);
  return success();
}

/// One line, on standard output, which no text of the product is on then.
LogicalResult Compilation::sayWhatWasWritten() {
  if (options.quiet || files.names().empty())
    return success();
  clearProgress();
  llvm::outs() << "wrote " << llvm::join(files.names(), ", ") << " to '" << options.outputDirectory
               << "' for " << target.name;
  for (const TargetDescription &gpu : gpus)
    llvm::outs() << "+" << gpu.name;
  llvm::outs() << "\n";
  return flushOutput();
}

LogicalResult Compilation::run() {
  if (failed(resolveTargets()))
    return failure();
  stages.target = target.name;
  stages.seed = options.seed.value_or(0);
  stages.remarks = options.remarks;
  if (!options.outputDirectory.empty())
    if (std::error_code code = llvm::sys::fs::create_directories(
            options.outputDirectory, /*IgnoreExisting=*/true, llvm::sys::fs::perms::all_all))
      return report(llvm::createStringError(code, "cannot create the directory '" +
                                                      options.outputDirectory +
                                                      "': " + code.message()));
  if (cache && failed(report(cache.prepare())))
    return failure();
  if (failed(load()) || failed(compileForGpus()) || failed(runStages()) ||
      (!isTaken && failed(emitProduct())) || failed(report(files.keep())))
    return failure();
  if (!isTaken && !key.empty())
    keepProduct();
  return sayWhatWasWritten();
}

OwningOpRef<ModuleOp> Compilation::loadGraph() {
  if (failed(resolveTargets()))
    return {};
  stages.target = target.name;
  stages.seed = options.seed.value_or(0);
  if (failed(load()) || failed(runStage(Stage::Import)) || failed(runStage(Stage::Graph)))
    return {};
  return std::move(module);
}

LogicalResult sepconv::compile(const CompileOptions &options, MLIRContext &context,
                               OwningOpRef<ModuleOp> module) {
  LogicalResult result = Compilation(options, context, std::move(module)).run();
  clearProgress();
  return result;
}

OwningOpRef<ModuleOp> sepconv::loadGraph(const CompileOptions &options, MLIRContext &context) {
  return Compilation(options, context, {}).loadGraph();
}
