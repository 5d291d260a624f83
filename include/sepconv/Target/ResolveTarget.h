//===- ResolveTarget.h - the machine that the user asks for ----------------------===//
#pragma once

#include "sepconv/Schedule/TargetDescription.h"

#include "llvm/Support/raw_ostream.h"

namespace mlir::sepconv {

/// The target of that name (`host` is this machine), with another processor or more features if
/// they are asked for. An error lists what exists.
llvm::Expected<TargetDescription> resolveTarget(StringRef name, StringRef cpu = "",
                                                StringRef features = "");

/// Prints what each target has, and which one `host` is.
void listTargets(llvm::raw_ostream &os);

} // namespace mlir::sepconv
