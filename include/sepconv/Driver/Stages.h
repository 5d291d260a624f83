//===- Stages.h - the stages that a model goes through ---------------------------===//
#pragma once

#include "sepconv/Transforms/Pipelines.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace mlir::sepconv {

/// The stages that are MLIR, in order. What comes after is files of the product.
enum class Stage { Import, Graph, Kernels, Scheduled, Loops, LLVM };
inline constexpr Stage kStages[] = {Stage::Import,    Stage::Graph, Stage::Kernels,
                                    Stage::Scheduled, Stage::Loops, Stage::LLVM};
StringRef stringify(Stage stage);
std::optional<Stage> parseStage(StringRef text);

/// The functions that are not on variables: one tells how long the calls of kernels have taken, one
/// tests the product.
inline constexpr llvm::StringLiteral kProfile = "profile", kSelfTest = "selftest";

/// What the passes need to know.
struct StageOptions {
  std::string name = "model";
  std::string weights = "embedded";
  uint64_t seed = 0;                  // of variables that are not arguments
  std::vector<std::string> functions; // on those that are: init, loss, constraints; and the above
  std::string threads = "none";
  std::string lowering = "halide";
  std::string target = "generic"; // a folder of schedules/
  std::string schedules;          // a folder that is looked up first
  bool remarks = false;
  unsigned jobs = 1; // processes at the same time
  std::string cache; // a folder; empty: none
  FloatNames floats;

  bool has(StringRef function) const { return llvm::is_contained(functions, function); }
};

/// The passes that lead to a stage from the one before it. They leave a module that is further on
/// as it is.
void buildStage(OpPassManager &pm, Stage stage, const StageOptions &options);

/// Registers `--sepconv-to-<stage>` for every stage: all stages up to it.
void registerStagePipelines();

} // namespace mlir::sepconv
