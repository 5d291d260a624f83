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
    return buildKernelsPipeline(pm, {});
  case Stage::Scheduled:
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
  Option<std::string> name{*this, "name", llvm::cl::desc("the prefix of the C functions"),
                           llvm::cl::init("model")};
  Option<std::string> weights{*this, "weights",
                              llvm::cl::desc("where weights are: embedded, file or arguments"),
                              llvm::cl::init("embedded")};
  Option<std::string> threads{*this, "threads", llvm::cl::desc("none or callback"),
                              llvm::cl::init("none")};
  Option<std::string> lowering{*this, "lowering", llvm::cl::desc("halide or reference"),
                               llvm::cl::init("halide")};

  StageOptions get() const { return {name, weights, threads, lowering}; }
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
