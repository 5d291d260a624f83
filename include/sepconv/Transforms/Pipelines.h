//===- Pipelines.h - the stages from a network to its kernels --------------------===//
#pragma once

namespace mlir::sepconv {

/// Registers the passes of lib/Transforms and the stages made of them.
void registerTransformsPasses();

} // namespace mlir::sepconv
