//===- RepeatCommand.h - how to see a failure again ------------------------------===//
#pragma once

#include "sepconv/Driver/Compile.h"

namespace mlir::sepconv {

/// The command line that runs one stage of a compilation again, in sepconv-opt. `stages` are the
/// options with their defaults filled in.
std::string repeatCommand(const CompileOptions &options, const StageOptions &stages, Stage stage);

} // namespace mlir::sepconv
