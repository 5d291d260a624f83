//===- Stages.cpp - the stages that a model goes through -------------------------===//

#include "sepconv/Driver/Stages.h"
#include "sepconv/Lowering/Pipelines.h"
#include "sepconv/Passes.h"
#include "sepconv/Transforms/Pipelines.h"

#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringSwitch.h"

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

static void buildKernels(OpPassManager &pm, const StageOptions &options) {
  KernelsPipelineOptions kernels;
  kernels.l2Bytes = options.l2Bytes;
  kernels.remarks = options.remarks;
  buildKernelsPipeline(pm, kernels);
}

static void buildScheduled(OpPassManager &pm, const StageOptions &options) {
  if (options.lowering == "reference")
    return;
  ChooseSchedulesOptions choose;
  choose.target = options.target;
  choose.schedules = options.schedules;
  choose.threads = options.threads;
  choose.remarks = options.remarks;
  pm.addPass(createChooseSchedules(choose));
}

static void buildLoops(OpPassManager &pm, const StageOptions &options) {
  if (options.lowering == "reference")
    pm.addPass(createLowerKernelsReference());
  else
    pm.addPass(createLowerKernels());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createPlanMemory());
  pm.addPass(createLowerParallel({options.threads}));
}

static void buildLLVM(OpPassManager &pm, const StageOptions &options) {
  buildLoopsToLLVM(pm);
  pm.addPass(createCreateCEntry({options.name, options.weights}));
}

void sepconv::buildStage(OpPassManager &pm, Stage stage, const StageOptions &options) {
  switch (stage) {
  case Stage::Import:
    return;
  case Stage::Graph:
    return buildGraphPipeline(pm);
  case Stage::Kernels:
    return buildKernels(pm, options);
  case Stage::Scheduled:
    return buildScheduled(pm, options);
  case Stage::Loops:
    return buildLoops(pm, options);
  case Stage::LLVM:
    return buildLLVM(pm, options);
  }
}

namespace {
/// The options of `--sepconv-to-<stage>`.
struct PipelineOptions : public PassPipelineOptions<PipelineOptions> {
  Option<std::string> name{*this, "name", llvm::cl::desc("the prefix of the C functions"),
                           llvm::cl::init("model")};
  Option<std::string> weights{*this, "weights",
                              llvm::cl::desc("where weights are: embedded, file or arguments"),
                              llvm::cl::init("embedded")};
  Option<std::string> threads{*this, "threads", llvm::cl::desc("none or callback"),
                              llvm::cl::init("none")};
  Option<std::string> lowering{*this, "lowering", llvm::cl::desc("halide or reference"),
                               llvm::cl::init("halide")};

  Option<std::string> target{*this, "target", llvm::cl::desc("a folder of schedules/"),
                             llvm::cl::init("generic")};
  Option<std::string> schedules{*this, "schedules",
                                llvm::cl::desc("a folder of schedules that is looked up first")};
  Option<int64_t> l2Bytes{*this, "l2-bytes", llvm::cl::desc("size of L2 that fusion counts on"),
                          llvm::cl::init(262144)};
  Option<bool> remarks{*this, "remarks", llvm::cl::desc("say what was chosen and why"),
                       llvm::cl::init(false)};

  StageOptions get() const {
    return {name, weights, threads, lowering, target, schedules, l2Bytes, remarks};
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
