//===- HostTarget.h - which of the targets this machine is -----------------------===//
#pragma once

#include "sepconv/Schedule/TargetDescription.h"

namespace mlir::sepconv {

/// The target that uses most of what this machine can, among those whose code it can run.
llvm::Expected<TargetDescription> findHostTarget();

} // namespace mlir::sepconv
