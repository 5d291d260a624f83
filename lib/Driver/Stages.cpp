//===- Stages.cpp - the stages that a model goes through -------------------------===//

#include "sepconv/Driver/Stages.h"
#include "sepconv/Lowering/Pipelines.h"
#include "sepconv/Passes.h"
#include "sepconv/Schedule/TargetDescription.h"
#include "sepconv/Target/CudaCode.h"
#include "sepconv/Transforms/Pipelines.h"

#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace mlir::sepconv;

StringRef sepconv::stringify(Stage stage) {
  switch (stage) {
  case Stage::Import:
    return "import";
  case Stage::Graph:
    return "graph";
  case Stage::Kernels:
    return "kernels";
  case Stage::Scheduled:
    return "scheduled";
  case Stage::Loops:
    return "loops";
  case Stage::LLVM:
    return "llvm";
  }
  llvm_unreachable("all stages are handled");
}

std::optional<Stage> sepconv::parseStage(StringRef text) {
  for (Stage stage : kStages)
    if (stringify(stage) == text)
      return stage;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Variants
//===----------------------------------------------------------------------===//

namespace {
/// Adds the passes for a target; for one without a name, those for any.
using TargetPasses = void (*)(OpPassManager &pm, const StageOptions &options,
                              const TargetDescription &target);

/// Runs passes that ask for the target: on the module, or on each variant in it for its own target.
/// (Passes nested in a pass manager are the same for each variant.)
class RunForTargets : public PassWrapper<RunForTargets, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(RunForTargets)
  RunForTargets(const StageOptions &options, TargetPasses passes)
      : options(options), passes(passes) {}

  void getDependentDialects(DialectRegistry &registry) const override {
    OpPassManager pm(ModuleOp::getOperationName());
    passes(pm, options, TargetDescription());
    pm.getDependentDialects(registry);
  }

  void runOnOperation() override {
    auto variants = llvm::to_vector(getOperation().getOps<ModuleOp>());
    if (variants.empty() && failed(run(getOperation(), options.target)))
      return signalPassFailure();
    for (ModuleOp variant : variants) {
      auto target = variant->getAttrOfType<StringAttr>("sepconv.target");
      if (failed(run(variant, target ? target.str() : options.target)))
        return signalPassFailure();
    }
  }

private:
  LogicalResult run(ModuleOp module, StringRef target) {
    llvm::Expected<TargetDescription> description = loadTarget(target);
    if (!description)
      return module.emitError() << llvm::toString(description.takeError());
    OpPassManager pm(ModuleOp::getOperationName());
    passes(pm, options, *description);
    return runPipeline(pm, module);
  }

  StageOptions options;
  TargetPasses passes;
};
} // namespace

static void runForTargets(OpPassManager &pm, const StageOptions &options, TargetPasses passes) {
  pm.addPass(std::make_unique<RunForTargets>(options, passes));
}

//===----------------------------------------------------------------------===//
// The stages
//===----------------------------------------------------------------------===//

static void formKernels(OpPassManager &pm, const StageOptions &options,
                        const TargetDescription &target) {
  buildKernelsPipeline(pm, target.name, options.remarks, options.floats);
}

static void chooseSchedules(OpPassManager &pm, const StageOptions &options,
                            const TargetDescription &target) {
  ChooseSchedulesOptions choose;
  choose.target = target.name;
  choose.schedules = options.schedules;
  choose.threads = options.threads;
  choose.remarks = options.remarks;
  pm.addPass(createChooseSchedules(choose));
}

static void lowerKernels(OpPassManager &pm, const StageOptions &options,
                         const TargetDescription &target) {
  if (options.lowering == "reference")
    pm.addPass(createLowerKernelsReference());
  else
    pm.addPass(createLowerKernels({options.remarks, options.jobs, options.cache}));
  if (target.name.empty() || llvm::Triple(target.triple).isNVPTX())
    pm.addPass(createGpuNVVMAttachTarget({"", target.triple, target.cpu, target.features}));
}

static void buildGraph(OpPassManager &pm, const StageOptions &options) {
  pm.addPass(createConvertTosa());
  if (options.weights == "arguments")
    pm.addPass(createVariablesToArguments());
  if (options.has(kSelfTest))
    pm.addPass(createScaleTestWeights());
  pm.addPass(createCheckTensors()); // once, before any pass computes with sizes, or with elements
  pm.addPass(createStoreTruthValues());
  if (options.weights != "arguments")
    pm.addPass(createInitializeVariables({options.seed}));
  buildGraphPipeline(pm, options.floats);
}

static void buildLoops(OpPassManager &pm, const StageOptions &options) {
  runForTargets(pm, options, lowerKernels);
  pm.addPass(createMergeVariants());
  OpPassManager &kernels = pm.nest<gpu::GPUModuleOp>().nest<gpu::GPUFuncOp>();
  for (OpPassManager *functions : {&pm.nest<func::FuncOp>(), &kernels}) {
    functions->addPass(createCanonicalizerPass());
    functions->addPass(createCSEPass());
  }
  kernels.addPass(createMergeLoads());
  kernels.addPass(createApproximateFloat64());
  pm.addPass(createPlanMemory({options.weights}));
  CreateVariableFunctionsOptions functions;
  llvm::copy_if(options.functions, std::back_inserter(functions.functions),
                [](StringRef name) { return name != kProfile && name != kSelfTest; });
  pm.addPass(createCreateVariableFunctions(functions));
  if (options.has(kSelfTest))
    pm.addPass(createCreateSelfTest());
  pm.addPass(createLowerParallel({options.threads}));
}

/// What reads a counter on a target, to whose programs x86's is open, and Arm's of cycles is not.
static std::string counterOf(StringRef target) {
  llvm::Expected<TargetDescription> description = loadTarget(target);
  bool isX86 = description && llvm::Triple(description->triple).isX86();
  if (!description) // reported where kernels are formed
    llvm::consumeError(description.takeError());
  return isX86 ? "llvm.readcyclecounter" : "llvm.readsteadycounter";
}

static void buildLLVM(OpPassManager &pm, const StageOptions &options) {
  pm.addPass(createEmulateGPU());
  buildPTX(pm);
  pm.addPass(createSplitEntry());
  if (options.has(kProfile))
    pm.addPass(createProfileCalls({counterOf(options.target)}));
  buildLoopsToLLVM(pm);
  pm.addPass(createCreateCEntry({options.name, options.weights}));
}

void sepconv::buildStage(OpPassManager &pm, Stage stage, const StageOptions &options) {
  switch (stage) {
  case Stage::Import:
    return;
  case Stage::Graph:
    return buildGraph(pm, options);
  case Stage::Kernels:
    pm.addPass(createSplitVariants({options.target}));
    return runForTargets(pm, options, formKernels);
  case Stage::Scheduled:
    if (options.lowering != "reference")
      runForTargets(pm, options, chooseSchedules);
    return;
  case Stage::Loops:
    return buildLoops(pm, options);
  case Stage::LLVM:
    return buildLLVM(pm, options);
  }
}

namespace {
/// The options of `--sepconv-to-<stage>`.
struct PipelineOptions : public PassPipelineOptions<PipelineOptions> {
  Option<std::string> name{*this, "name", llvm::cl::desc("prefix of the C functions"),
                           llvm::cl::init("model")};
  Option<std::string> weights{*this, "weights",
                              llvm::cl::desc("where the weights are: embedded, file or arguments"),
                              llvm::cl::init("embedded")};
  Option<uint64_t> seed{*this, "seed", llvm::cl::desc("seed of the initializers of variables"),
                        llvm::cl::init(0)};
  ListOption<std::string> functions{
      *this, "with",
      llvm::cl::desc("further functions: any of init, loss, constraints, profile and selftest")};
  Option<std::string> threads{*this, "threads",
                              llvm::cl::desc("where threads come from: none or callback"),
                              llvm::cl::init("none")};
  Option<std::string> lowering{*this, "lowering",
                               llvm::cl::desc("how kernels are lowered: halide or reference"),
                               llvm::cl::init("halide")};

  Option<std::string> target{*this, "target", llvm::cl::desc("target, a folder of schedules/"),
                             llvm::cl::init("generic")};
  Option<std::string> schedules{
      *this, "schedules",
      llvm::cl::desc("folder of schedules that take precedence over those of the target")};
  Option<std::string> compute{*this, "compute",
                              llvm::cl::desc("what floats are computed in: f16, bf16 or f32")};
  Option<std::string> io{*this, "io",
                         llvm::cl::desc("type of inputs and outputs of floats, likewise")};
  Option<bool> remarks{*this, "remarks", llvm::cl::desc("report what was chosen and why"),
                       llvm::cl::init(false)};

  StageOptions get() const {
    return {name,    weights,    seed,         {functions.begin(), functions.end()},
            threads, lowering,   target,       schedules,
            remarks, /*jobs=*/1, /*cache=*/"", {compute, io}};
  }
};
} // namespace

void sepconv::registerStagePipelines() {
  for (Stage last : kStages) {
    std::string name = "sepconv-to-" + stringify(last).str();
    std::string description = "all passes up to the stage '" + stringify(last).str() + "'";
    PassPipelineRegistration<PipelineOptions>(
        name, description, [last](OpPassManager &pm, const PipelineOptions &options) {
          for (Stage stage : kStages)
            if (stage <= last)
              buildStage(pm, stage, options.get());
        });
  }
}
