//===- ResolveTarget.h - the machine that the user asks for ----------------------===//
#pragma once

#include "sepconv/Schedule/TargetDescription.h"

namespace mlir::sepconv {

/// The target of that name (`host` is this machine), with another processor or more features if
/// they are asked for. An error lists what exists.
llvm::Expected<TargetDescription> resolveTarget(StringRef name, StringRef cpu = "",
                                                StringRef features = "");

} // namespace mlir::sepconv
