//===- Compile.cpp - from a model to the files of its product --------------------===//

#include "sepconv/Driver/Compile.h"
#include "sepconv/Driver/OutputFiles.h"
#include "sepconv/Driver/Progress.h"
#include "sepconv/Driver/RepeatCommand.h"
#include "sepconv/IR/SepConv.h"
#include "sepconv/Import/Keras.h"
#include "sepconv/Lowering/ProductInterface.h"
#include "sepconv/Lowering/WeightsBlob.h"
#include "sepconv/Schedule/Schedule.h"
#include "sepconv/Target/CodeGen.h"
#include "sepconv/Target/Cuda.h"
#include "sepconv/Target/Header.h"
#include "sepconv/Target/Ptxas.h"
#include "sepconv/Target/ResolveTarget.h"
#include "sepconv/Target/SharedLibrary.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/Verifier.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Parser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace mlir;
using namespace mlir::sepconv;

ArrayRef<StringRef> sepconv::emittable() {
  static const StringRef names[] = {"import", "graph",  "kernels", "scheduled", "loops",
                                    "llvm",   "asm",    "obj",     "lib",       "shared",
                                    "header", "report", "ptx",     "cubin"};
  return names;
}

void sepconv::registerDialects(DialectRegistry &registry) {
  registerAllDialects(registry);
  registry.insert<SepConvDialect, schedule::ScheduleDialect>();
}

static bool isGpuCode(StringRef what) { return what == "ptx" || what == "cubin"; }

/// Of the progress that is shown: the stages, and code.
static constexpr unsigned kSteps = std::size(kStages) + 1;

namespace {
class Compilation {
public:
  Compilation(const CompileOptions &options, MLIRContext &context)
      : options(options), stages(options.stages), context(context) {}
  LogicalResult run();

private:
  LogicalResult report(llvm::Error error);
  bool emits(StringRef what) const { return llvm::is_contained(options.emit, what); }
  bool emitsCode() const { return emits("obj") || emits("lib") || emits("shared"); }
  LogicalResult load();
  LogicalResult readInput();
  OwningOpRef<ModuleOp> parseModule();
  OwningOpRef<ModuleOp> importModel();
  LogicalResult resolveTargets();
  LogicalResult compileForGpus();
  LogicalResult runStages();
  LogicalResult runStage(Stage stage);
  LogicalResult emitText(StringRef extension, StringRef text);
  LogicalResult emitGpuCode();
  LogicalResult emitGpuCode(StringRef infix, StringRef chip, StringRef text);
  LogicalResult emitProduct();
  LogicalResult emitWeights(const ProductInterface &product);
  LogicalResult emitCode(const CudaPart *cuda);
  LogicalResult emitObjects(ArrayRef<NamedObject> objects);
  std::string path(const Twine &file) {
    SmallString<128> result(options.outputDirectory);
    llvm::sys::path::append(result, file);
    return result.str().str();
  }

  const CompileOptions &options;
  StageOptions stages;
  MLIRContext &context;
  TargetDescription target;
  std::vector<TargetDescription> gpus; // beside the target
  std::vector<CudaCode> gpuCodes;
  OwningOpRef<ModuleOp> module;
  OutputFiles files;
};
} // namespace

LogicalResult Compilation::report(llvm::Error error) {
  if (!error)
    return success();
  clearProgress();
  llvm::WithColor::error(llvm::errs(), "sepconv-compile")
      << llvm::toString(std::move(error)) << "\n";
  return failure();
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

LogicalResult Compilation::load() {
  if (failed(readInput()))
    return failure();
  if (stages.name.empty()) {
    auto model = (*module)->getAttrOfType<StringAttr>("sepconv.model");
    stages.name = toCIdentifier(model ? model.getValue() : llvm::sys::path::stem(options.input));
  } else if (!isCIdentifier(stages.name)) {
    return report(llvm::createStringError("the name '" + stages.name + "' is not a C identifier"));
  }
  (*module)->setAttr("sepconv.target", StringAttr::get(&context, target.name));
  return success();
}

LogicalResult Compilation::readInput() {
  if (!options.call.function.empty()) {
    FunctionCall call = options.call;
    call.activityLoss = llvm::is_contained(stages.functions, "loss");
    return success(bool(module = importFunction(call, &context)));
  }
  if (!llvm::sys::fs::exists(options.input))
    return report(
        llvm::createStringError("cannot read '" + options.input + "': no such file or directory"));
  StringRef extension = llvm::sys::path::extension(options.input);
  if (extension == ".mlir" || extension == ".mlirbc")
    module = parseModule();
  else if (llvm::is_contained({".keras", ".json", ".h5"}, extension))
    module = importModel();
  else
    return report(
        llvm::createStringError("cannot tell what '" + options.input +
                                "' is, expected a name that ends in .keras, .json or .mlir"));
  return success(bool(module));
}

OwningOpRef<ModuleOp> Compilation::parseModule() {
  if (!ShapedType::isDynamic(options.batch) && options.batch != 1)
    return (void)report(
               llvm::createStringError("--batch=" + Twine(options.batch) +
                                       ": the batch of a .mlir file is what its tensors say")),
           nullptr;
  OwningOpRef<ModuleOp> parsed = parseSourceFile<ModuleOp>(options.input, &context);
  if (parsed && ShapedType::isDynamic(options.batch)) {
    (*parsed)->setAttr(kDynamicBatch, UnitAttr::get(&context));
    if (failed(verify(*parsed)))
      return {};
  }
  return parsed;
}

OwningOpRef<ModuleOp> Compilation::importModel() {
  KerasImportOptions import;
  import.weightsFile = options.weightsFile;
  import.batch = options.batch;
  import.weightsAsVariables = stages.weights == "arguments" || options.seed;
  import.activityLoss = llvm::is_contained(stages.functions, "loss");
  import.modelName = stages.name;
  return importKeras(options.input, import, &context);
}

LogicalResult Compilation::runStage(Stage stage) {
  PassManager pm(&context);
  buildStage(pm, stage, stages);
  if (failed(pm.run(*module))) {
    clearProgress();
    llvm::WithColor::error(llvm::errs(), "sepconv-compile")
        << "the stage '" << stringify(stage) << "' failed; repeat it with\n  "
        << repeatCommand(options, stages, stage) << "\n";
    return failure();
  }
  if (!emits(stringify(stage)))
    return success();
  std::string text;
  llvm::raw_string_ostream os(text);
  (*module)->print(os);
  return emitText((stringify(stage) + ".mlir").str(), text);
}

LogicalResult Compilation::runStages() {
  Stage last = Stage::Import;
  for (const std::string &what : options.emit)
    last = std::max(last, isGpuCode(what) ? Stage::Loops : parseStage(what).value_or(Stage::LLVM));
  for (Stage stage : kStages) {
    if (stage > last)
      break;
    showProgress(Twine(static_cast<int>(stage) + 1) + "/" + Twine(kSteps) + " " + stringify(stage));
    if (failed(runStage(stage)))
      return failure();
    if (stage == Stage::Loops && (emits("ptx") || emits("cubin")) && gpus.empty() &&
        failed(emitGpuCode()))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

LogicalResult Compilation::emitText(StringRef extension, StringRef text) {
  if (options.outputDirectory.empty()) {
    clearProgress();
    llvm::outs() << text;
    llvm::outs().flush();
    std::error_code code = llvm::outs().error();
    llvm::outs().clear_error(); // which would be reported again, as LLVM's
    return code ? report(llvm::createStringError(code, "cannot write to standard output: " +
                                                           code.message()))
                : success();
  }
  return report(files.add(path(stages.name + "." + extension), text));
}

/// What runs on a GPU, before it becomes a part of the program around it.
LogicalResult Compilation::emitGpuCode() {
  FailureOr<std::vector<ChipText>> texts = makePTX(*module);
  if (failed(texts))
    return failure();
  if (texts->empty())
    return report(llvm::createStringError("target '" + target.name + "' has no code for a GPU"));
  for (const ChipText &text : *texts)
    if (failed(emitGpuCode(texts->size() == 1 ? "" : text.chip + ".", text.chip, text.ptx)))
      return failure();
  return success();
}

LogicalResult Compilation::emitGpuCode(StringRef infix, StringRef chip, StringRef text) {
  if (emits("ptx") && failed(emitText((infix + "ptx").str(), text)))
    return failure();
  SmallVector<char, 0> cubin;
  if (emits("cubin") &&
      (failed(report(assemblePTX(options.ptxas, chip, text, cubin))) ||
       failed(report(files.add(path(stages.name + "." + infix + "cubin"), cubin)))))
    return failure();
  return success();
}

/// A copy of the model becomes kernels of each GPU.
LogicalResult Compilation::compileForGpus() {
  // Texts of stages are those of the processor.
  if (llvm::all_of(options.emit, [](StringRef what) { return bool(parseStage(what)); }))
    return success();
  for (const TargetDescription &gpu : gpus) {
    OwningOpRef<ModuleOp> copy = module->clone();
    StageOptions own = stages;
    own.target = gpu.name;
    own.threads = "none";
    (*copy)->setAttr("sepconv.target", StringAttr::get(&context, gpu.name));
    PassManager pm(&context);
    for (Stage stage : kStages)
      if (stage <= Stage::Loops)
        buildStage(pm, stage, own);
    CudaCode code;
    code.chip = gpu.cpu;
    code.facts = gpu.facts;
    if (failed(pm.run(*copy)) || failed(CudaCode::get(*copy, code)))
      return clearProgress(), failure();
    std::string infix = gpus.size() == 1 ? "" : code.chip + ".";
    if (failed(emitGpuCode(infix, code.chip, code.ptx)))
      return failure();
    gpuCodes.push_back(std::move(code));
  }
  // Code for one chip only, and for newer ones, is better.
  llvm::stable_sort(gpuCodes, [](const CudaCode &a, const CudaCode &b) {
    auto rank = [](const CudaCode &code) {
      auto [capability, exact] = code.capability();
      return std::pair(exact, capability);
    };
    return rank(a) > rank(b);
  });
  return success();
}

LogicalResult Compilation::emitWeights(const ProductInterface &product) {
  auto weights = module->lookupSymbol<LLVM::GlobalOp>(kWeightsSymbol);
  std::vector<char> storage;
  FailureOr<ArrayRef<char>> bytes = failure();
  if (weights)
    if (auto value = dyn_cast_or_null<ElementsAttr>(weights.getValueOrNull()))
      bytes = getConstantBytes(value, storage);
  if (failed(bytes))
    return module->emitError("expected the weights in @") << kWeightsSymbol;
  return report(files.add(path(stages.name + ".weights"), *bytes));
}

LogicalResult Compilation::emitCode(const CudaPart *cuda) {
  showProgress(Twine(kSteps) + "/" + Twine(kSteps) + " code");
  llvm::Expected<CodeGenerator> generator = CodeGenerator::create(target);
  if (!generator)
    return report(generator.takeError());
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> code = generator->translate(*module, llvmContext);
  if (!code)
    return failure();
  if (emits("asm")) {
    SmallVector<char, 0> assembly;
    std::unique_ptr<llvm::Module> copy = llvm::CloneModule(*code);
    if (failed(report(generator->emit(*copy, /*assembly=*/true, assembly))) ||
        failed(emitText("s", StringRef(assembly.data(), assembly.size()))))
      return failure();
  }
  if (!emitsCode())
    return success();
  SmallVector<char, 0> object, cudaObject;
  if (failed(report(generator->emit(*code, /*assembly=*/false, object))) ||
      (cuda && failed(report(cuda->emit(target, cudaObject)))))
    return failure();
  SmallVector<NamedObject> objects = {{stages.name + ".o", object}};
  if (cuda)
    objects.push_back({stages.name + "_cuda.o", cudaObject});
  return emitObjects(objects);
}

LogicalResult Compilation::emitObjects(ArrayRef<NamedObject> objects) {
  SmallVector<char, 0> library, shared;
  if (emits("obj"))
    for (const auto &[name, object] : objects)
      if (failed(report(files.add(path(name), object))))
        return failure();
  if (!emits("shared") && !emits("lib"))
    return success();
  if (failed(report(writeStaticLibrary(objects, library))))
    return failure();
  if (emits("shared") && (failed(report(linkSharedLibrary(stages.name, library, shared))) ||
                          failed(report(files.add(path(stages.name + ".so"), shared)))))
    return failure();
  return emits("lib") ? report(files.add(path("lib" + stages.name + ".a"), library)) : success();
}

LogicalResult Compilation::emitProduct() {
  if (llvm::all_of(options.emit,
                   [](StringRef what) { return parseStage(what) || isGpuCode(what); }))
    return success();
  WeightsMode mode = parseWeightsMode(stages.weights).value_or(WeightsMode::Embedded);
  FailureOr<ProductInterface> product = ProductInterface::get(*module, stages.name, mode);
  if (failed(product))
    return failure();
  std::optional<CudaPart> cuda;
  if (!gpuCodes.empty())
    cuda.emplace(CudaPart{*product, std::move(gpuCodes)});
  if (emits("header") &&
      failed(emitText("h", makeHeader(*product, cuda ? cuda->header() : std::string()))))
    return failure();
  if (emits("report") &&
      failed(emitText("json", product->description(cuda ? cuda->report() : "") + "\n")))
    return failure();
  if (product->weightsAreAFile() && emitsCode() && failed(emitWeights(*product)))
    return failure();
  SmallVector<int64_t> offsets;
  if (cuda && cuda->weightsAreAFile() && emitsCode() &&
      failed(report(files.add(path(stages.name + "_cuda.weights"), cuda->weightsFile(offsets)))))
    return failure();
  return emits("asm") || emitsCode() ? emitCode(cuda ? &*cuda : nullptr) : success();
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
                                            ": expected one processor, and GPUs, found '" +
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

LogicalResult Compilation::run() {
  if (failed(resolveTargets()))
    return failure();
  stages.target = target.name;
  stages.seed = options.seed.value_or(0);
  stages.remarks = options.remarks;
  if (!options.outputDirectory.empty())
    if (std::error_code code = llvm::sys::fs::create_directories(options.outputDirectory))
      return report(llvm::createStringError(code, "cannot create the directory '" +
                                                      options.outputDirectory +
                                                      "': " + code.message()));
  if (failed(load()) || failed(compileForGpus()) || failed(runStages()) || failed(emitProduct()))
    return failure();
  return report(files.keep());
}

LogicalResult sepconv::compile(const CompileOptions &options, MLIRContext &context) {
  LogicalResult result = Compilation(options, context).run();
  clearProgress();
  return result;
}
