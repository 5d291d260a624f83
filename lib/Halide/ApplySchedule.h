//===- ApplySchedule.h - a schedule's directives applied to Funcs ----------------===//
#pragma once

#include "KernelFuncs.h"
#include "sepconv/Schedule/ResolveDirectives.h"

namespace mlir::sepconv {

/// The directives `expand`, `pack` and `wrap`, which the Funcs are built by. Emits an error at the
/// directive that is not legal.
FailureOr<KernelForm> kernelForm(ArrayRef<DefinitionDirectives> schedule, func::FuncOp kernel,
                                 const KernelStages &stages, const Facts &facts);

/// Applies all other directives. Emits an error at the directive that is not legal.
LogicalResult applySchedule(ArrayRef<DefinitionDirectives> schedule, KernelFuncs &funcs,
                            const Facts &facts);

/// The schedule of a kernel that has none, on a GPU: each stage is launched alone, a thread for
/// each element.
void runOnGpu(KernelFuncs &funcs, const Facts &facts);

/// Keeps Halide from splitting off the ends of loops, whose padding is known there. Threads of a
/// GPU would part; and of a loop around fused threads Halide 21 gets the middle part's indices
/// wrong (3x4 windows with padding 1, 17 channels in tiles of 32 threads).
void keepLoopsWhole(KernelFuncs &funcs);

} // namespace mlir::sepconv
